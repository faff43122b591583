import { Gateway } from '../../src/local/gateway/gateway.ts';
import type { Route } from '../../src/local/gateway/routes.ts';

/** The gateway alone, as a process: its one route as JSON argument, its port as first line, until stdin ends. */
const route = JSON.parse(process.argv[2]!) as Route;
const gateway = new Gateway({ find: (service) => (service === route.service ? route : undefined) }, (line) =>
  process.stderr.write(`${line}\n`),
);
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, own) => gateway.handle(request, own),
});
process.stdout.write(`${server.port}\n`);
for await (const _ of Bun.stdin.stream());
gateway.close();
await server.stop(true);
