import type { View } from '../view.ts';

export interface UploadResult {
  file: string;
  target: string;
  sizeBytes: number;
  skippedBytes: number;
  isUnchanged: boolean;
}

/** Printed before the transfer; four spaces after the first colon (eascmd.md 2.3). */
export function uploadTargetLines(endpoint: string, targets: string[]): string[] {
  return [
    `[OK] oss endpoint:    [${endpoint}]`,
    ...targets.map((target) => `[OK] oss target path: [${target}]`),
  ];
}

export const unchangedLine = ({ file, target }: UploadResult) =>
  `[OK] ${file} is unchanged, nothing was sent: [${target}]`;

/** ossutil's summary of a copy, with its words for what was skipped. */
export function uploadView(done: { endpoint: string; targets: string[]; results: UploadResult[] }): View {
  const { endpoint, targets, results } = done;
  const sizeBytes = results.reduce((sum, result) => sum + result.sizeBytes, 0);
  const skipped = results.filter((result) => result.isUnchanged);
  const skippedBytes = skipped.reduce((sum, result) => sum + result.sizeBytes, 0);
  const uploaded = results.length - skipped.length;
  const counts = [
    ...(uploaded > 0 || skipped.length === 0 ? [`upload ${uploaded} files`] : []),
    ...(skipped.length > 0 ? [`skip ${skipped.length} files`] : []),
  ].join(', ');
  const total = `Total num: ${results.length}, size: ${number(sizeBytes)}`;
  const skipSize = skippedBytes > 0 ? `, Skip size: ${number(skippedBytes)}` : '';
  return {
    text: () => [`Succeed: ${total}. OK num: ${results.length}(${counts})${skipSize}.`],
    json: () => ({
      endpoint,
      target: targets[0],
      targets,
      sizeBytes,
      files: results.length,
      objects: results,
    }),
  };
}

const number = (value: number) => value.toLocaleString('en-US');

/** The summary of a download, in ossutil's words. */
export function downloadView(done: {
  source: string;
  path: string;
  sizeBytes: number;
  skippedBytes: number;
  isUnchanged: boolean;
}): View {
  const { path, sizeBytes, isUnchanged } = done;
  const counts = isUnchanged ? 'skip 1 objects' : 'download 1 objects';
  const skipSize = isUnchanged && sizeBytes > 0 ? `, Skip size: ${number(sizeBytes)}` : '';
  return {
    text: () => [
      `[OK] ${isUnchanged ? 'unchanged' : 'saved to'}: [${path}]`,
      `Succeed: Total num: 1, size: ${number(sizeBytes)}. OK num: 1(${counts})${skipSize}.`,
    ],
    json: () => done,
  };
}
