import type { Io } from './io.ts';
import { Meter } from './meter.ts';

/** A bar with percentage, rate and time left on stderr of a terminal; nothing elsewhere. */
export interface ProgressBar {
  /** `sparedBytes` of those done did not have to be transferred: they are no part of the rate. */
  update(doneBytes: number, sparedBytes?: number): void;
  stop(): void;
}

const CELLS = 30;
const REDRAW_MS = 100;

export function startProgressBar(io: Io, isLively: boolean, totalBytes: number): ProgressBar {
  if (!isLively || !io.stderr.isTty) return { update() {}, stop() {} };
  const meter = new Meter(io.now());
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(doneBytes, sparedBytes = 0) {
      const now = io.now();
      meter.add(now, doneBytes - sparedBytes);
      if (now - drawnAt < REDRAW_MS && doneBytes < totalBytes) return;
      drawnAt = now;
      const line = barLine(doneBytes, totalBytes, meter.bytesPerSecond(), io.stderr.columns);
      io.stderr.write(`\r\x1b[2K${line}`);
    },
    stop() {
      if (drawnAt > Number.NEGATIVE_INFINITY) io.stderr.write('\r\x1b[2K');
    },
  };
}

/** e.g. `[=========                     ]  30%  3.0 MB/s  2m10s left`; without the bar where it does not fit. */
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

/** e.g. `35% of 1.0 GB, 12.3 MB/s, 1m20s left`. */
export function progressLine(doneBytes: number, totalBytes: number, bytesPerSecond: number): string {
  const percent = totalBytes === 0 ? 100 : Math.floor((100 * Math.min(doneBytes, totalBytes)) / totalBytes);
  const left = timeText(totalBytes - doneBytes, bytesPerSecond);
  return `${percent}% of ${sizeText(totalBytes)}, ${sizeText(bytesPerSecond)}/s${left && `, ${left} left`}`;
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
  const seconds = Math.ceil(Math.max(0, bytesLeft) / bytesPerSecond);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two((seconds % 3600) / 60)}m`;
}
