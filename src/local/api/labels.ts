import { isObject } from '../service/values.ts';
import { invalid } from './error.ts';

/** A map of labels as requests send it; undefined is an empty one. */
export function labelMap(value: unknown, field: string): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw invalid(`${field} must be a map of texts`);
  const labels: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string' || key === '') throw invalid(`${field} must be a map of texts`);
    labels[key] = text;
  }
  return labels;
}
