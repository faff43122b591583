/**
 * `warm_up_data_path` (serving.md e): requests that the host sends to a processor before it is ready. A `.txt` file
 * holds one request a line, any other file is one request.
 */

/** Where `__prepare` lays the file, in the workspace, by the address or the name that it had for the user. */
export function warmUpFile(address: string): string {
  return isLines(address.replace(/^(https?:[^?#]*)[?#].*$/i, '$1'))
    ? 'model/warm_up.txt'
    : 'model/warm_up.bin';
}

/** The bodies in it; a file of lines without any holds none. */
export function warmUpRequests(file: string, bytes: Uint8Array): Uint8Array[] {
  if (!isLines(file)) return [bytes];
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  return lines.filter((line) => line !== '').map((line) => new TextEncoder().encode(line));
}

const isLines = (name: string) => /\.txt$/i.test(name);
