/** Commands that call no API of EAS: nothing of them is on the wire, and they need no credentials. */
export const isOffline = (command: string) =>
  /^(local|config|init|completion|help|test|dev|pysdk)(?= |$)/.test(command);
