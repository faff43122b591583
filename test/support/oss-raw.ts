import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { ACCESS_KEY } from './object-store.ts';

/** Head of a V1-signed request as bytes on the wire, for what no client would send; `resource` is what is signed. */
export function signedHead(method: string, target: string, resource: string, lines: string[] = []): string {
  const date = new Date().toUTCString();
  const text = `${method}\n\n\n${date}\n${resource}`;
  const signature = createHmac('sha1', ACCESS_KEY.secret).update(text).digest('base64');
  const authorization = `Authorization: OSS ${ACCESS_KEY.id}:${signature}`;
  return [
    `${method} ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Date: ${date}`,
    authorization,
    ...lines,
    '',
    '',
  ].join('\r\n');
}

/** Sends text and gives what comes back until the other side closes, or `hangUpAfterMs` has passed. */
export function exchange(port: number, text: string, hangUpAfterMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const timer = setTimeout(() => socket.destroy(), hangUpAfterMs);
    socket.on('data', (data) => {
      received += data.toString('utf8');
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
  });
}
