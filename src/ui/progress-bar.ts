const CELLS = 30;

/** e.g. `[=========                     ]  30%  3.0 MB/s  2m10s left`; without cells where they do not fit. */
export function barLine(
  doneBytes: number,
  totalBytes: number,
  bytesPerSecond: number,
  columns: number,
): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const filled = Math.floor(share * CELLS);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const left = timeText(totalBytes - doneBytes, bytesPerSecond);
  const numbers = `${percent}  ${sizeText(bytesPerSecond)}/s${left && `  ${left} left`}`;
  const bar = `[${'='.repeat(filled)}${' '.repeat(CELLS - filled)}] `;
  return columns > bar.length + numbers.length ? bar + numbers : numbers.trim();
}

/** Decimal units, as the sizes of disks and the rates of networks: `1.5 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  while (value >= 999.95 && units.length > 1) {
    value /= 1000;
    units.shift();
  }
  return `${value.toFixed(1)} ${units[0]}`;
}

/** `45s`, `2m10s`, `3h05m`; nothing while the rate is unknown. */
export function timeText(bytesLeft: number, bytesPerSecond: number): string {
  if (bytesPerSecond <= 0) return '';
  const seconds = Math.ceil(bytesLeft / bytesPerSecond);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two((seconds % 3600) / 60)}m`;
}
