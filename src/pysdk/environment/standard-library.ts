import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { relocatePyc } from '../relocate/pyc.ts';

/** Not needed to serve: packages of the original, tests, windows, what only links Python into other programs. */
const LEFT_OUT =
  /^(site-packages|dist-packages|tests?|tkinter|idlelib|turtledemo|config-.*|EXTERNALLY-MANAGED|_tkinter\..*\.so)$/;

/** Copies a standard library with its times; compiled files stay valid and name the copy. */
export function copyLibrary(from: string, to: string, names: { from: string; to: string }): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (LEFT_OUT.test(name)) continue;
    const source = join(from, name);
    const facts = statSync(source, { throwIfNoEntry: false });
    if (facts?.isDirectory()) copyLibrary(source, join(to, name), names);
    else if (facts?.isFile() && name.endsWith('.pyc')) copyCompiled(source, join(to, name), names);
    else if (facts?.isFile()) {
      copyFileSync(source, join(to, name));
      utimesSync(join(to, name), facts.atime, facts.mtime);
    }
  }
}

function copyCompiled(from: string, to: string, names: { from: string; to: string }): void {
  const source = /^(.*)\/__pycache__\/([^/]+)\.cpython-\d+\.pyc$/.exec(from);
  const facts = source && statSync(join(source[1]!, `${source[2]}.py`), { throwIfNoEntry: false });
  if (!facts) return;
  const mtimeS = Math.floor(facts.mtimeMs / 1000);
  const bytes = relocatePyc(
    readFileSync(from),
    from,
    { mtimeS, sizeBytes: facts.size },
    { mtimeS, replace: [[names.from, names.to]] },
  );
  if (bytes) writeFileSync(to, bytes);
}
