import { discoveryResponse } from '../../src/local/discovery/discovery.ts';
import { FakeFront, type FakeHandler } from './fake-front.ts';
import { GatewayServer, TOKEN } from './gateway-server.ts';
import type { SdkCall } from './vendor-sdk.ts';

/**
 * What the vendor's SDKs call: services behind a gateway, discovery, and instance ports. An instance's port is played
 * by a gateway of its own in front of that one instance, since it checks tokens and answers as a front does.
 */
export class SdkServices {
  /** Path and query of what discovery was asked. */
  asked: string[] = [];
  /** Headers of what came to the entrance. */
  readonly received: Headers[] = [];
  private readonly gateway = new GatewayServer();
  private readonly fronts: FakeFront[] = [];
  private readonly instancePorts: GatewayServer[] = [];
  private readonly entrance: Bun.Server<unknown>;
  private readonly discovery: Bun.Server<unknown>;

  /** `echo` (two instances), `open` (no token), `nobody_ready`, `full` (450), `busy` (450 every other time). */
  constructor() {
    const instances = ['echo-1', 'echo-2'].map((name) =>
      this.front(name, ({ body }) => ({ body: `${name}:${new TextDecoder().decode(body)}` })),
    );
    this.gateway.route(
      'echo',
      instances.map(({ backend }) => backend),
    );
    this.gateway.route('open', [instances[0]!.backend], '');
    this.gateway.route('nobody_ready', []);
    this.serve('full', () => ({ status: 450, body: 'queue full' }));
    let calls = 0;
    this.serve('busy', () => (calls++ % 2 === 0 ? { status: 450 } : { body: 'second try' }));
    for (const { backend } of instances) {
      const port = new GatewayServer();
      port.route('echo', [backend]);
      this.instancePorts.push(port);
    }
    this.entrance = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request, server) => {
        this.received.push(new Headers(request.headers));
        return this.gateway.gateway.handle(request, server);
      },
    });
    this.discovery = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) => this.discover(request),
    });
  }

  /** One more service with one instance; its front tells what it has seen. */
  serve(service: string, handler: FakeHandler): FakeFront {
    const front = this.front(`${service}-1`, handler);
    this.gateway.route(service, [front.backend]);
    return front;
  }

  call(service: string, more: Partial<SdkCall> = {}): SdkCall {
    const endpoint = `http://127.0.0.1:${this.entrance.port}`;
    return { endpoint, service, token: TOKEN, body: '[{"x":"值"}]', retries: 1, ...more };
  }

  directCall(service: string, more: Partial<SdkCall> = {}): SdkCall {
    return this.call(service, { endpoint: `http://127.0.0.1:${this.discovery.port}`, direct: true, ...more });
  }

  close(): void {
    this.entrance.stop(true);
    this.discovery.stop(true);
    for (const server of [this.gateway, ...this.instancePorts]) server.close();
    for (const front of this.fronts) front.close();
  }

  private front(instance: string, handler: FakeHandler): FakeFront {
    const front = new FakeFront(instance, handler);
    this.fronts.push(front);
    return front;
  }

  private discover(request: Request): Response {
    this.asked.push(request.url.slice(request.url.indexOf('/', 8)));
    const upstreams = this.instancePorts.map(({ port }) => ({ ip: '127.0.0.1', port, weight: 100 }));
    return (
      discoveryResponse(request, (service) => (service === 'echo' ? upstreams : [])) ??
      new Response(null, { status: 404 })
    );
  }
}
