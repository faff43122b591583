import { open } from 'node:fs/promises';
import { EasError } from '../../core/errors.ts';
import { beat } from './pulse.ts';
import { isSystemError } from './system-error.ts';

/** A server that sends nothing for this long is given up. */
const SILENCE_MS = 60_000;

/**
 * Streams an http(s) URL to a file. Redirects are followed. Throws EasError on an HTTP error, silence, a dropped
 * connection, or a body shorter than announced.
 */
export async function download(
  url: string,
  shown: string,
  file: string,
  maxBytes: number,
  silenceMs = SILENCE_MS,
): Promise<void> {
  const abort = new AbortController();
  let silence = setTimeout(() => abort.abort(), silenceMs);
  const heard = () => {
    beat();
    clearTimeout(silence);
    silence = setTimeout(() => abort.abort(), silenceMs);
  };
  const out = await open(file, 'w', 0o600);
  try {
    const response = await fetch(url, { signal: abort.signal, headers: { 'accept-encoding': 'identity' } });
    if (!response.ok)
      throw failed(shown, `the server answered ${response.status} ${response.statusText}`.trim());
    const announced = response.headers.get('content-length');
    let received = 0;
    for await (const chunk of response.body ?? []) {
      heard();
      received += chunk.byteLength;
      if (received > maxBytes) throw failed(shown, `it is larger than ${maxBytes} bytes`);
      await writeAll(out, chunk);
    }
    if (announced !== null && !response.headers.has('content-encoding') && received !== Number(announced)) {
      throw failed(shown, `the connection ended after ${received} of ${announced} bytes`);
    }
  } catch (error) {
    if (error instanceof EasError || isSystemError(error)) throw error;
    if (abort.signal.aborted) throw failed(shown, `the server sent nothing for ${silenceMs / 1000} s`, error);
    throw failed(shown, reasonOf(error as NodeJS.ErrnoException, new URL(url)), error);
  } finally {
    clearTimeout(silence);
    await out.close();
  }
}

/** Bun's own words speak to programmers. */
function reasonOf({ code, message }: NodeJS.ErrnoException, { host }: URL): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${host}`;
    case 'ENOTFOUND':
      return `there is no host ${host}`;
    case 'ECONNRESET':
      return `${host} dropped the connection`;
    case 'EPROTO':
      return `${host} does not speak TLS`;
    case 'TooManyRedirects':
      return 'the redirects have no end';
    case 'UnsupportedRedirectProtocol':
      return 'it redirects to what is neither http nor https';
    default:
      return message.replace(/[. ]*For more information, pass `verbose.*$/, '');
  }
}

async function writeAll(
  out: { write(data: Uint8Array): Promise<{ bytesWritten: number }> },
  data: Uint8Array,
) {
  let rest = data;
  while (rest.byteLength > 0) rest = rest.subarray((await out.write(rest)).bytesWritten);
}

function failed(shown: string, reason: string, cause?: unknown): EasError {
  return new EasError({
    code: 'PackageDownloadFailed',
    message: `${shown} can't be downloaded: ${reason}`,
    hint: 'open the address by hand, and check that this machine may read it',
    cause,
  });
}
