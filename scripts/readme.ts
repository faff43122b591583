import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pages } from './readme/page.ts';
import { say } from './say.ts';

/** `bun scripts/readme.ts`: makes the command tables of the READMEs from the command tree and the tests' marks. */
const root = resolve(import.meta.dir, '..');
for (const { path, is, should } of pages(root)) {
  if (is !== should) writeFileSync(join(root, path), should);
  say(`${path}: ${is === should ? 'as it was' : 'written anew'}`);
}
