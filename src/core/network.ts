/** How clients reach the network: proxies and certificates, the same for the API, the object store and predictions. */
export interface NetworkOptions {
  /** Proxy for http:// targets, as a URL. */
  httpProxy?: string;
  /** Proxy for https:// targets, as a URL. */
  httpsProxy?: string;
  /** Hosts that are reached directly: `example.com`, `.example.com`, `10.0.0.1:8080`, `*`, comma-separated. */
  noProxy?: string;
  /** PEM certificates trusted besides the built-in ones. */
  ca?: string;
}

/** The proxy for a target URL, or undefined when it is reached directly. Loopback is always direct. */
export function proxyFor(target: URL, network: NetworkOptions): URL | undefined {
  const proxy = target.protocol === 'https:' ? network.httpsProxy : network.httpProxy;
  if (!proxy || isLoopback(target.hostname) || isExcluded(target, network.noProxy ?? '')) return undefined;
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(hostname);
}

function isExcluded(target: URL, noProxy: string): boolean {
  const host = target.hostname.toLowerCase();
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, name, entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry)!;
      if (entryPort && entryPort !== port) return false;
      const bare = name!.replace(/^\*?\./, '');
      return host === bare || host.endsWith(`.${bare}`);
    });
}
