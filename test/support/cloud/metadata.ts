export interface MetadataService {
  url: string;
  /** `METHOD path`, with `v2` behind those that carried the session token. */
  log: string[];
  stop(): void;
}

export interface MetadataOptions {
  /** Role of the instance; none when absent. */
  role?: string;
  /** Knows nothing of session tokens. */
  isOld?: boolean;
  /** Seconds that the keys of the n-th answer (from 1) live. */
  lifetime?: (issued: number) => number;
  /** Called with the keys handed out, so that others come to know them. */
  onIssued?: (id: string, secret: string, token: string) => void;
}

const SESSION = 'session-token-of-the-instance';

/** The metadata service of an ECS instance, on loopback: each answer brings keys of its own. */
export function startMetadata(options: MetadataOptions): MetadataService {
  const log: string[] = [];
  let issued = 0;
  const base = '/latest/meta-data/ram/security-credentials/';
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const { pathname } = new URL(request.url);
      const session = request.headers.get('x-aliyun-ecs-metadata-token');
      log.push(`${request.method} ${pathname}${session ? ' v2' : ''}`);
      if (request.method === 'PUT') {
        const ttl = request.headers.get('x-aliyun-ecs-metadata-token-ttl-seconds');
        return pathname === '/latest/api/token' && ttl && !options.isOld
          ? new Response(SESSION)
          : new Response('no', { status: 404 });
      }
      if (!options.isOld && session !== SESSION) return new Response('no', { status: 403 });
      if (pathname === base && options.role) return new Response(options.role);
      if (pathname !== base + options.role || !options.role) return new Response('no', { status: 404 });
      issued++;
      const keys = [`STS.Id${issued}`, `role-secret-${issued}`, `role-token-${issued}`] as const;
      options.onIssued?.(...keys);
      return Response.json({
        AccessKeyId: keys[0],
        AccessKeySecret: keys[1],
        SecurityToken: keys[2],
        Expiration: new Date(Date.now() + (options.lifetime?.(issued) ?? 21_600) * 1000).toISOString(),
        Code: 'Success',
      });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, log, stop: () => void server.stop(true) };
}
