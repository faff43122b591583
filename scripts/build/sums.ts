import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { outputFolder } from './config.ts';

/** Writes SHA256SUMS, in the form `sha256sum -c` reads, beside the files. */
export async function writeSums(files: string[]): Promise<void> {
  const lines = await Promise.all(files.map(async (file) => `${await sha256(file)}  ${basename(file)}\n`));
  await Bun.write(join(outputFolder, 'SHA256SUMS'), lines.join(''));
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
