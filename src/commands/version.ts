import { type Arguments, wholeNumber } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import type { Service } from '../core/service/model.ts';
import type { View } from '../ui/view.ts';
import { followChange, runningLine } from './watching/change.ts';

/** Switches to any version up to the latest. `-f` sends the switch unchecked, as scheduled roll-backs do. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const version = wholeNumber(args.required(1), '<version_id>', 1, 0x7fff_ffff);
  const api = await context.clients.api();
  const before = await api.describeService(name);
  if (!args.isSet('force')) check(before, version);
  const reply = await api.updateServiceVersion(name, version);
  return followChange(context, args, {
    name,
    before,
    reply,
    goal: { kind: 'running', reached: (service) => service.CurrentVersion === version },
    lastLine: runningLine,
  });
}

function check(service: Service, version: number): void {
  const { ServiceName: name, CurrentVersion: current, LatestVersion: latest } = service;
  if (latest !== undefined && version > latest)
    throw usageError(
      'InvalidVersion.NotFound',
      `Service [${name}] has no version [${version}]`,
      `its versions are 1 to ${latest}, the current one is ${current}`,
    );
  if (version === current)
    throw usageError(
      'VersionIsCurrent',
      `Version [${version}] is already the current version of service [${name}]`,
      'pass -f to deploy it once more',
    );
}
