import { readFileSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Text files of an interpreter's folder that hold the place it was built for. */
const NAMES = /^(bin\/[^/]+|lib\/pkgconfig\/[^/]+\.pc|lib\d*\/python[^/]*\/_sysconfigdata[^/]*\.py)$/;

/** After an interpreter's folder has moved to `env`: its own texts name the new place; packages may be installed. */
export async function rewriteMovedTexts(env: string, from: string): Promise<void> {
  for (const folder of ['bin', 'lib/pkgconfig', ...(await libraries(env))])
    for (const name of await namesIn(join(env, folder))) {
      if (name === 'EXTERNALLY-MANAGED') await rm(join(env, folder, name));
      if (NAMES.test(`${folder}/${name}`)) rewrite(join(env, folder, name), from, env);
    }
}

async function libraries(env: string): Promise<string[]> {
  const found: string[] = [];
  for (const lib of ['lib', 'lib64'])
    for (const name of await namesIn(join(env, lib)))
      if (name.startsWith('python')) found.push(`${lib}/${name}`);
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  const items = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return items.filter((item) => item.isFile() || item.isDirectory()).map(({ name }) => name);
}

function rewrite(file: string, from: string, to: string): void {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return;
  }
  if (bytes.includes(0) || !bytes.includes(from)) return;
  const text = bytes.toString('latin1');
  const latin1 = (path: string) => Buffer.from(path).toString('latin1');
  writeFileSync(file, Buffer.from(text.replaceAll(latin1(from), latin1(to)), 'latin1'));
}
