import type { Sourced } from '../core/target.ts';

/** One line of `config show`. */
export interface SettingRow {
  name: string;
  value: string;
  source: Sourced<string>['source'];
  /** The flag, variable or file that gave it. */
  from: string;
}

/** Enough of an id to recognise it. */
export function maskId(id: string): string {
  return id.length <= 8 ? '****' : `${id.slice(0, 4)}****${id.slice(-4)}`;
}

export function maskSecret(): string {
  return '****';
}

/** A proxy address may hold a password. */
export function maskUrl(url: string): string {
  return url.replace(/\/\/([^/@]*)@/, (_, user: string) => `//${user.split(':')[0]}:****@`);
}

export function row(
  name: string,
  sourced: Sourced<string> | undefined,
  mask?: (value: string) => string,
): SettingRow[] {
  if (!sourced) return [];
  const value = mask ? mask(sourced.value) : sourced.value;
  return [{ name, value, source: sourced.source, from: sourced.from }];
}
