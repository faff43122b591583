/** Scripts of ENV/bin find the interpreter beside themselves; `name` is e.g. `python3.11`. */
export function relativeStart(name: string): string {
  return `#!/bin/sh\n'''exec' "$(dirname -- "$(readlink -f -- "$0")")/${name}" "$0" "$@"\n' '''\n`;
}

const DIRECT = /^#![ \t]*(\/\S*)\/([^/\s]+)[ \t]*([^\n]*)\n/;
/** What pip writes when the line would be too long for the kernel. */
const THROUGH_SHELL = /^#!\/bin\/sh\n'''exec' "?(\/[^"\n]*)\/([^/"\n]+)"? "\$0" "\$@"\n' '''\n/;

/**
 * The script with a first line that works from any folder; unchanged when it starts something outside ENV.
 * `isEnvBin` tells whether a folder is the `bin` of the environment.
 */
export function relocateScript(text: string, isEnvBin: (folder: string) => boolean): string {
  const throughShell = THROUGH_SHELL.exec(text);
  if (throughShell && isEnvBin(throughShell[1]!))
    return relativeStart(throughShell[2]!) + text.slice(throughShell[0].length);
  const direct = DIRECT.exec(text);
  if (!direct || !isEnvBin(direct[1]!)) return text;
  const [line, , name = '', words = ''] = direct;
  const rest = text.slice(line.length);
  if (/^python[\d.]*t?$/.test(name)) return relativeStart(name) + rest;
  return `#!/usr/bin/env ${[name, words].filter(Boolean).join(' ')}\n${rest}`;
}
