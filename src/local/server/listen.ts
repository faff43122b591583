import { EasError } from '../../core/errors.ts';

export interface Listening {
  bind: string;
  port: number;
  /** The option a user changes to take another port. */
  option: string;
  maxBodyBytes: number;
  fetch(request: Request, server: Bun.Server<unknown>): Response | Promise<Response>;
  log(line: string): void;
}

/** Starts a server, or throws EasError naming the port and the option. */
export function listen(options: Listening): Bun.Server<unknown> {
  try {
    return Bun.serve({
      hostname: options.bind,
      port: options.port,
      maxRequestBodySize: options.maxBodyBytes,
      // A prediction or an upload may be silent for long; its own limits end it.
      idleTimeout: 0,
      development: false,
      // Else Bun shares the port with whoever shares it too: two Local EAS would each get a part of the requests.
      reusePort: false,
      fetch: (request, server) => options.fetch(request, server),
      error: (error) => {
        options.log(`a request failed: ${error.stack ?? error.message}`);
        return new Response('Internal Server Error', { status: 500 });
      },
    });
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new EasError({
      code: isTaken ? 'LocalPortTaken' : 'LocalListen',
      message: isTaken
        ? `Port ${options.port} of ${options.bind} is taken by another program`
        : `Local EAS can't listen on ${options.bind}:${options.port}: ${(cause as Error).message}`,
      hint: `Choose another with ${options.option} (0 picks a free one)${isTaken ? ', or stop that program' : ''}.`,
      cause,
    });
  }
}

/** URL by which this machine reaches the server. */
export function urlOf(bind: string, port: number): string {
  const isEverywhere = bind === '0.0.0.0' || bind === '::' || bind === '';
  const host = isEverywhere ? '127.0.0.1' : bind;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
