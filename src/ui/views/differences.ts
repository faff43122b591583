import type { Difference } from '../../core/service/difference.ts';
import { maskSecrets } from '../masking.ts';
import type { View } from '../view.ts';

const LONGEST_VALUE = 80;
const MOST_LINES = 40;

/** One line for each field, `metadata.instance: 1 -> 2`, secrets masked. */
export function differenceLines(differences: Difference[]): string[] {
  if (differences.length === 0) return ['[DIFF] nothing changes'];
  const lines = differences.map(
    ({ path, before, after }) => `[DIFF] ${path}: ${shown(path, before)} -> ${shown(path, after)}`,
  );
  const rest = lines.length - MOST_LINES;
  return rest > 0 ? [...lines.slice(0, MOST_LINES), `[DIFF] and ${rest} more`] : lines;
}

/** `modify --diff`. */
export function differenceView(differences: Difference[]): View {
  return {
    text: () => differenceLines(differences),
    json: () =>
      differences.map(({ path, before, after }) => ({
        path,
        before: masked(path, before),
        after: masked(path, after),
      })),
  };
}

function shown(path: string, value: unknown): string {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(masked(path, value));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function masked(path: string, value: unknown): unknown {
  const key = path.slice(path.lastIndexOf('.') + 1);
  return (maskSecrets({ [key]: value }) as Record<string, unknown>)[key];
}
