import { closest } from '../../suggest.ts';
import { type FieldRule, valueProblem } from './rules.ts';

export interface InsideProblem {
  /** Names and numbers that lead to it from the value that was looked at. */
  keys: string[];
  what: string;
  hint?: string;
  /** It is the name of the last key that is wrong, not its value. */
  isName: boolean;
}

/** The first thing wrong with what a list or object holds, by the rules for its members. */
export function insideProblem(rule: FieldRule, value: unknown): InsideProblem | undefined {
  if (!rule.fields && !rule.each) return undefined;
  for (const [key, inner] of Object.entries(value as object)) {
    const memberRule = rule.fields?.[key] ?? rule.each;
    const found = rule.fields && !Array.isArray(value) ? misspelt(rule, key) : undefined;
    if (found) return found;
    if (!memberRule) continue;
    const what = valueProblem(memberRule, inner);
    if (what) return { keys: [key], what, isName: false };
    const deeper = insideProblem(memberRule, inner);
    if (deeper) return { ...deeper, keys: [key, ...deeper.keys] };
  }
  return undefined;
}

/** A name that is likely a slip of a known one. */
export function misspelt(rule: FieldRule, key: string): InsideProblem | undefined {
  const known = Object.keys(rule.fields ?? {});
  if (known.includes(key)) return undefined;
  const similar = closest(key, known);
  if (!similar) return undefined;
  return { keys: [key], what: `unknown field "${key}"`, hint: `Did you mean "${similar}"?`, isName: true };
}

/** The rule for a member of a field, e.g. `0` and `image` inside `containers`. */
export function ruleInside(rule: FieldRule, keys: string[]): FieldRule | undefined {
  let at: FieldRule | undefined = rule;
  for (const key of keys) {
    if (at?.type === 'array' && !/^\d+$/.test(key)) return undefined;
    at = at?.fields?.[key] ?? at?.each;
  }
  return at;
}

/** `containers`, `0`, `image` as `containers[0].image`. */
export function joined(path: string, keys: string[]): string {
  return keys.reduce((whole, key) => (/^\d+$/.test(key) ? `${whole}[${key}]` : `${whole}.${key}`), path);
}
