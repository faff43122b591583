import { readFile } from 'node:fs/promises';
import type { AgentSpec } from '../core/benchmark/agent.ts';

/** The bodies of the requests: one for each file, or for each line of them that is not empty. */
export async function readBodies({ files, isMultiLine }: Pick<AgentSpec, 'files' | 'isMultiLine'>) {
  const bodies: Buffer[] = [];
  for (const file of files) {
    const bytes = await readFile(file);
    if (isMultiLine) bodies.push(...linesOf(bytes));
    else bodies.push(bytes);
  }
  return bodies;
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.byteLength; ) {
    const end = bytes.indexOf(10, start);
    const next = end < 0 ? bytes.byteLength : end;
    const line = bytes.subarray(start, bytes[next - 1] === 13 ? next - 1 : next);
    if (line.byteLength > 0) lines.push(line);
    start = next + 1;
  }
  return lines;
}
