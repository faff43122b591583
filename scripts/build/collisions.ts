import { readFileSync } from 'node:fs';

/**
 * Bun 1.4.5 compiles `import('commonjs-package')` to `.then((m)=>HELPER(m.default,1))` and lets the minifier give the
 * helper any name, `m` included: the parameter then hides it, and the import fails when it is reached. Seen in a
 * binary on 22 Nov 2026. Throws when the file holds such code; import the package through a module of ours then.
 */
export function refuseCollisions(file: string): void {
  if (readFileSync(file).includes('(m)=>m(m.default')) {
    throw new Error(
      `${file}: the bundler hid its own helper behind a parameter; import the CommonJS package through a module of ours, as src/cloud/packages does`,
    );
  }
}
