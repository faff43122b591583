import { closest } from '../../suggest.ts';
import { legalServiceName, SERVICE_NAME_RULE, serviceNameProblem } from '../names.ts';
import { PRESET_PROCESSORS, presetKind } from './presets.ts';

/** Values that have rules beyond their type: names and presets, in a file and by -D. */
export interface ValueProblem {
  what: string;
  hint: string;
}

export function nameProblem(name: string): ValueProblem | undefined {
  const what = serviceNameProblem(name);
  if (!what) return undefined;
  const legal = legalServiceName(name);
  return { what, hint: legal ? `${SERVICE_NAME_RULE} For example "${legal}".` : SERVICE_NAME_RULE };
}

/** A code that is likely a slip of a known one; others may be newer than this program, see `presetWarning`. */
export function presetProblem(code: string): ValueProblem | undefined {
  const similar = presetKind(code) === 'unknown' ? closest(code, PRESET_PROCESSORS) : undefined;
  if (!similar && code !== '') return undefined;
  const hint = similar ? `Did you mean "${similar}"?` : `Presets: ${PRESET_PROCESSORS.join(', ')}.`;
  return { what: `"${code}" is not a preset processor`, hint };
}

export function presetWarning(code: string): string | undefined {
  return presetKind(code) === 'known'
    ? undefined
    : `"${code}" is not among the preset processors known here; it is passed on`;
}
