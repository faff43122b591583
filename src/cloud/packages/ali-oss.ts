/**
 * ali-oss, to be imported on demand through this file: for `import()` of a CommonJS package itself, Bun 1.4.5
 * writes `(m)=>m(m.default,1)` whenever its minifier names the interop helper `m` (scripts/build/collisions.ts).
 */
export { default } from 'ali-oss';
