import { readFileSync } from 'node:fs';

const CALL = Buffer.from('.default,1)');
const BEFORE = 40;

/**
 * Lazy imports of CommonJS packages whose helper got the name of its own parameter, `(m)=>m(m.default,1)`: they fail
 * when they are reached, and which name is given depends on everything else in the program (Bun 1.4.5).
 */
export function shadowedImports(code: Buffer): string[] {
  const found: string[] = [];
  for (let at = code.indexOf(CALL); at >= 0; at = code.indexOf(CALL, at + 1)) {
    const text = code.toString('latin1', Math.max(0, at - BEFORE), at + CALL.length);
    const broken = /\(([\w$]+)\)=>\1\(\1\.default,1\)$/.exec(text);
    if (broken) found.push(text);
  }
  return found;
}

/** Throws when the program would fail at one of its imports. */
export function refuseShadowedImports(file: string): void {
  const found = shadowedImports(readFileSync(file));
  if (found.length === 0) return;
  throw new Error(
    `the minifier broke ${found.length} lazy imports of CommonJS packages (${found[0]}): import them through a module as src/cloud/sdk does`,
  );
}
