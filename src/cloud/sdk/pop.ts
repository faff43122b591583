/**
 * pop-core as a module of ours. A CommonJS package that is imported lazily and directly breaks the binary for some
 * contents of the program: the minifier may give the bundler's helper the name of the parameter that it is called with
 * (Bun 1.4.5: `(m)=>m(m.default,1)`; scripts/build/shadowed.ts looks for it).
 */
export { default } from '@alicloud/pop-core';
