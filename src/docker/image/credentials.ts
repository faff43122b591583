import type { Host } from '../../core/host.ts';
import { dockerConfig } from '../engine/address.ts';

export interface RegistryLogin {
  username?: string;
  password?: string;
  identitytoken?: string;
  serveraddress: string;
}

/** The name under which Docker keeps the login of its default registry. */
const DEFAULT_REGISTRY = 'https://index.docker.io/v1/';

/** The registry of an image name: its first part when that looks like a host. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : DEFAULT_REGISTRY;
}

/** The login that `docker login` left: by a credential helper, or in config.json itself. Undefined: none is known. */
export async function loginFor(host: Host, image: string): Promise<RegistryLogin | undefined> {
  const config = dockerConfig(host) as {
    auths?: Record<string, { auth?: string; identitytoken?: string }>;
    credHelpers?: Record<string, string>;
    credsStore?: string;
  };
  const registry = registryOf(image);
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  const helped = helper ? await askHelper(host, helper, registry) : undefined;
  if (helped) return helped;
  const known = config.auths?.[registry] ?? config.auths?.[`https://${registry}`];
  if (known?.identitytoken) return { identitytoken: known.identitytoken, serveraddress: registry };
  if (!known?.auth) return undefined;
  const login = Buffer.from(known.auth, 'base64').toString();
  const colon = login.indexOf(':');
  return { username: login.slice(0, colon), password: login.slice(colon + 1), serveraddress: registry };
}

/** `docker-credential-<name> get`: the registry on stdin, JSON on stdout; a failure means that it knows none. */
async function askHelper(host: Host, name: string, registry: string): Promise<RegistryLogin | undefined> {
  try {
    const helper = Bun.spawn([`docker-credential-${name}`, 'get'], {
      stdin: new TextEncoder().encode(registry),
      stdout: 'pipe',
      stderr: 'ignore',
      env: host.env,
    });
    const text = await new Response(helper.stdout).text();
    if ((await helper.exited) !== 0) return undefined;
    const { Username: username, Secret: secret } = JSON.parse(text) as { Username: string; Secret: string };
    return username === '<token>'
      ? { identitytoken: secret, serveraddress: registry }
      : { username, password: secret, serveraddress: registry };
  } catch {
    return undefined;
  }
}
