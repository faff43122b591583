/** What the process gives to the program; main.ts makes it once, tests make their own. Nothing else reads `process`. */
export interface Host {
  /** Arguments after the program's name. */
  argv: string[];
  env: Record<string, string | undefined>;
  cwd: string;
  platform: NodeJS.Platform;
  homeDir: string;
  /** Command line that runs this very program again; a hidden verb is appended (`__worker`, `__local`, …). */
  selfCommand: string[];
}
