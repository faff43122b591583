import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CondaRecord {
  paths_data?: { paths?: { _path?: string; prefix_placeholder?: string; file_mode?: string }[] };
}

/** Binary files, relative to ENV, that hold the environment's folder in room that conda made for it. */
export function condaBinaries(env: string): Set<string> {
  const found = new Set<string>();
  for (const file of recordsOf(join(env, 'conda-meta'))) {
    for (const { _path, prefix_placeholder, file_mode } of readRecord(file).paths_data?.paths ?? [])
      if (_path && prefix_placeholder && file_mode === 'binary') found.add(_path);
  }
  return found;
}

function recordsOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readRecord(file: string): CondaRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** Replaces `from` at the start of or inside C strings; what becomes free at their end is filled with zeros. */
export function replaceInCStrings(bytes: Buffer, from: Buffer, to: Buffer): Buffer {
  if (to.length > from.length || bytes.indexOf(from) < 0) return bytes;
  const result = Buffer.from(bytes);
  for (let at = result.indexOf(from); at >= 0; at = result.indexOf(from, at + to.length)) {
    const end = result.indexOf(0, at);
    if (end < 0) break;
    to.copy(result, at);
    result.copy(result, at + to.length, at + from.length, end);
    result.fill(0, end - (from.length - to.length), end);
  }
  return result;
}
