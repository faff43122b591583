import type { Api } from '../api/handler.ts';
import type { BenchmarkTasks } from '../benchmark/tasks.ts';
import { benchmarkPage } from '../console/benchmark.ts';
import { consolePage } from '../console/page.ts';
import { discoveryResponse, type Upstream } from '../discovery/discovery.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { LocalInfo } from '../info.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { State } from '../state/state.ts';
import { urlOf } from './listen.ts';
import { STATUS_PATH } from './status.ts';

export interface Rooms {
  info: LocalInfo;
  api: Api;
  gateway: Gateway;
  lifecycle: Lifecycle;
  state: State;
  benchmarks: BenchmarkTasks;
  bind: string;
}

type Door = (request: Request, server: Bun.Server<unknown>) => Response | Promise<Response>;

/** Leads a request of the one port to prediction gateway, API, discovery, status or console, by its path. */
export function frontDoor(rooms: Rooms): Door {
  return (request, server) => {
    const { url } = request;
    const path = url.slice(url.indexOf('/', url.indexOf('://') + 3));
    if (path.startsWith('/api/predict/')) return rooms.gateway.handle(request, server);
    if (path.startsWith('/api/v2/')) return rooms.api.handle(request);
    if (path === STATUS_PATH) return Response.json(rooms.info);
    if (path === '/') return consolePage(rooms.info, rooms.state);
    return (
      benchmarkPage(path, rooms.state, rooms.benchmarks) ??
      discoveryResponse(request, (service) => upstreams(rooms, service)) ??
      new Response('', { status: 404 })
    );
  };
}

/** Ready instances of a service with their own listeners. */
function upstreams({ state, lifecycle, bind }: Rooms, service: string): Upstream[] {
  const row = state.services.byName(service);
  if (!row) return [];
  return lifecycle
    .instances(row.id)
    .filter(({ phase, port }) => phase === 'ready' && port !== undefined)
    .map(({ port }) => ({ ip: new URL(urlOf(bind, port!)).hostname, port: port!, weight: 100 }));
}
