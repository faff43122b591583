import { expect, test } from 'bun:test';
import { shadowedImports } from '../../scripts/build/shadowed.ts';

test.each([
  ['a=await import("x").then((m)=>m(m.default,1)),b', 1],
  ['a=await import("x").then((m)=>y(m.default,1)),b', 0],
  ['then((m)=>m(m.default,1));then(($)=>$($.default,1))', 2],
  ['nothing of the kind', 0],
])('%s holds %d imports that would fail', (code, count) => {
  expect(shadowedImports(Buffer.from(code))).toHaveLength(count);
});
