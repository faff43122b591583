/**
 * Called before an SDK is loaded; what SDKs say on the console is not for users. pop-core and ali-oss use
 * `url.parse`, which the runtime calls deprecated (DEP0169) once they are bundled; urllib, below ali-oss, warns
 * `callback twice!!!` when a store refuses a streamed upload and then closes the connection.
 */
export function quietSdks(): void {
  process.noDeprecation = true;
  if (isQuiet) return;
  isQuiet = true;
  // biome-ignore lint/suspicious/noConsole: it is theirs that is silenced
  const warn = console.warn.bind(console);
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).startsWith('[urllib:warn]')) warn(...words);
  };
}

let isQuiet = false;
