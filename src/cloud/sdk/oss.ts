/** ali-oss as a module of ours, for the reason told in pop.ts. */
export { default } from 'ali-oss';
