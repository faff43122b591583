/** Where Linux and IANA begin to give out ports to those who ask for any (32768 and 49152). */
const FIRST_GIVEN_OUT = 32_768;
const FIRST_TRIED = 20_000;

/** A free port that nobody gets who asks for port 0, so it is still free when its server starts again. */
export function unlikelyPort(): number {
  for (;;) {
    const port = FIRST_TRIED + Math.floor(Math.random() * (FIRST_GIVEN_OUT - FIRST_TRIED));
    try {
      Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true);
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}
