import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMES = ['DNS:eas.test', 'DNS:*.eas.test', 'IP:127.0.0.1'];

/** A self-signed certificate for 127.0.0.1 and eas.test; undefined, with the reason printed, without openssl. */
export function makeCertificate(subjects = NAMES): { cert: string; key: string } | undefined {
  const openssl = Bun.which('openssl');
  if (!openssl) {
    process.stderr.write('skipped: TLS tests need openssl\n');
    return undefined;
  }
  const dir = mkdtempSync(join(tmpdir(), 'eascmd-cert-'));
  try {
    const files = ['-keyout', join(dir, 'key'), '-out', join(dir, 'cert')];
    const names = `subjectAltName=${subjects.join(',')}`;
    const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=eas.test'];
    const made = Bun.spawnSync([openssl, ...kind, '-addext', names, ...files]);
    if (made.exitCode !== 0) {
      process.stderr.write(`skipped: this openssl cannot make a test certificate: ${made.stderr}\n`);
      return undefined;
    }
    return { cert: readFileSync(join(dir, 'cert'), 'utf8'), key: readFileSync(join(dir, 'key'), 'utf8') };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
