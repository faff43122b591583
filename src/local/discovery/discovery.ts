import { requestTarget, splitTarget } from '../signature/target.ts';

const PREFIXES = [
  '/exported/apis/eas.alibaba-inc.k8s.io/v1/upstreams/',
  '/api/v1/servicediscovery/upstreams/',
] as const;

/** One instance that direct clients may call: its own listener and its share. */
export interface Upstream {
  ip: string;
  port: number;
  weight: number;
}

/**
 * Answers both discovery paths in the shape that every SDK survives (serving.md b.2); undefined for other paths.
 * `upstreamsOf` names the ready instances; an unknown service has none, which is an empty list and not an error:
 * two SDKs then say "no backend", while a shape they don't know would end a Go process.
 */
export function discoveryResponse(
  request: Request,
  upstreamsOf: (service: string) => Upstream[],
): Response | undefined {
  const service = discoveredService(splitTarget(requestTarget(request)).path);
  if (service === undefined) return undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return new Response('Method Not Allowed', { status: 405, headers: { allow: 'GET, HEAD' } });
  return new Response(JSON.stringify(discoveryDocument(service, upstreamsOf(service))), {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/** The service asked for by a discovery path, or undefined; what follows a slash is a sub path of predictions. */
function discoveredService(path: string): string | undefined {
  const prefix = PREFIXES.find((candidate) => path.startsWith(candidate));
  return prefix && path.slice(prefix.length).split('/')[0];
}

function discoveryDocument(service: string, upstreams: Upstream[]) {
  const app = service.replaceAll('_', '-');
  const items = upstreams
    .filter(({ port, weight }) => port > 0 && weight > 0)
    .map(({ ip, port, weight }) => ({ app, ip, port, weight }));
  return { correlative: [service], endpoints: { items } };
}
