/**
 * Called before an SDK is loaded. pop-core and ali-oss use `url.parse`; bundled into our binary they count as our
 * own code, and the runtime would tell every user that it is deprecated (DEP0169).
 */
export function quietSdks(): void {
  process.noDeprecation = true;
}
