export { requestTarget } from './target.ts';
export type { SignedRequest, Verdict } from './verdict.ts';
export { verifyApiRequest } from './verify.ts';
