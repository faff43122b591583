import type { View } from '../view.ts';

/** Printed before the transfer; four spaces after the first colon (eascmd.md 2.3). */
export function uploadTargetLines(endpoint: string, target: string): string[] {
  return [`[OK] oss endpoint:    [${endpoint}]`, `[OK] oss target path: [${target}]`];
}

/** ossutil's summary of a copy. */
export function uploadView(done: {
  endpoint: string;
  target: string;
  sizeBytes: number;
  files: number;
}): View {
  const size = done.sizeBytes.toLocaleString('en-US');
  const { files } = done;
  return {
    text: () => [`Succeed: Total num: ${files}, size: ${size}. OK num: ${files}(upload ${files} files).`],
    json: () => done,
  };
}
