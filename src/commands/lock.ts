import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import type { SafetyLock } from '../core/service/model.ts';
import type { View } from '../ui/view.ts';
import { acknowledgedView } from '../ui/views/changes.ts';

const LOCKS: readonly SafetyLock[] = ['all', 'dangerous', 'none'];

/** openapi.md UpdateServiceSafetyLock. */
export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const word = args.required(1);
  const lock = LOCKS.find((known) => known === word);
  if (!lock)
    throw usageError(
      'InvalidLock',
      `${JSON.stringify(word)} is no lock`,
      'use all (no change at all), dangerous (no delete, no stop) or none',
    );
  const api = await clients.api();
  return acknowledgedView(await api.updateServiceSafetyLock(name, lock));
}
