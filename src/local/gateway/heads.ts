const MAX_HEADS = 1024;
const MAX_TARGET_LENGTH = 256;

/** Encoded heads of exchange frames; the few targets of a running service repeat, so most are encoded once. */
export class HeadCache {
  private readonly encoder = new TextEncoder();
  private readonly gets = new Map<string, Uint8Array>();
  private readonly posts = new Map<string, Uint8Array>();

  of(method: 'GET' | 'POST', target: string): Uint8Array {
    const known = method === 'GET' ? this.gets : this.posts;
    const found = known.get(target);
    if (found) return found;
    const head = this.encoder.encode(JSON.stringify({ method, target }));
    if (target.length > MAX_TARGET_LENGTH) return head;
    if (known.size >= MAX_HEADS) known.clear();
    known.set(target, head);
    return head;
  }
}
