import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { usageError } from '../../core/errors.ts';

export interface ScalingOrder {
  service: string;
  /** `rm` stood before the service. */
  isRemoval: boolean;
}

/** `[rm] [region/]service` (eascmd.md 1.1): the region follows from the endpoint, so a named one has to agree. */
export async function scalingOrder(
  { clients }: Context,
  args: Arguments,
  verb: string,
): Promise<ScalingOrder> {
  const [first, second] = [args.required(0), args.optional(1)];
  if (second !== undefined && first !== 'rm')
    throw usageError(
      'WrongUsage',
      `${verb} knows no "${first}"`,
      `see eascmd ${verb} --help; to remove a scaler: eascmd ${verb} rm <service_name>`,
    );
  if (first === 'rm' && second === undefined)
    throw usageError(
      'WrongUsage',
      `${verb} rm: of which service?`,
      `use: eascmd ${verb} rm <service_name> (of a service that is called rm: <region>/rm)`,
    );
  const named = second ?? first;
  const slash = named.indexOf('/');
  const region = slash < 0 ? undefined : named.slice(0, slash);
  const service = named.slice(slash + 1);
  if (service === '' || region === '' || service.includes('/'))
    throw usageError(
      'InvalidServiceName',
      `"${named}" is not [region/]service_name`,
      `see eascmd ${verb} --help`,
    );
  const target = await clients.target();
  if (region !== undefined && region !== target.region)
    throw usageError(
      'WrongRegion',
      `Service [${service}] is said to be in [${region}], but the endpoint is that of [${target.region}]`,
      `run it with -e ${region}`,
    );
  return { service, isRemoval: second !== undefined };
}
