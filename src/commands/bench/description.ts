import { dirname, resolve } from 'node:path';
import type { Context } from '../../cli/context.ts';
import type { BenchmarkDocument } from '../../core/benchmark/api.ts';
import { readBenchmark } from '../../core/benchmark/document.ts';
import { usageError } from '../../core/errors.ts';
import { shownName, textOf } from '../description.ts';

const hasScheme = (address: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(address);

/**
 * Reads a benchmark JSON; warnings go to stderr. Paths of this machine in data.path are for Local EAS only, and made
 * absolute for it: they are relative to the file that holds them.
 */
export async function readBenchmarkFile(context: Context, file: string): Promise<BenchmarkDocument> {
  const { document, warnings } = readBenchmark(await textOf(context, file), shownName(file));
  for (const warning of warnings) context.note(`[WARN] ${warning}`);
  const [dataKey, data = {}] = member<Record<string, unknown>>(document, 'data');
  const [pathKey, path] = member<string>(data, 'path');
  const addresses = path?.split(',').map((address) => address.trim()) ?? [];
  const own = addresses.find((address) => !hasScheme(address));
  if (own === undefined) return document;
  const { kind } = await context.clients.target();
  if (kind === 'cloud')
    throw usageError(
      'InvalidField',
      `${file}: data.path ${own} is a path of this machine, which the service can't read`,
      'upload it first (eascmd upload) and write its oss:// address; -e local takes paths',
    );
  const folder = file === '-' ? context.host.cwd : dirname(resolve(context.host.cwd, file));
  const located = addresses.map((address) => (hasScheme(address) ? address : resolve(folder, address)));
  return { ...document, [dataKey]: { ...data, [pathKey]: located.join(',') } };
}

/** Names are read whatever their case (core/benchmark/document.ts), and sent as they are. */
function member<T>(record: object, name: string): [key: string, value: T | undefined] {
  const found = Object.entries(record).find(([key]) => key.toLowerCase() === name);
  return (found as [string, T] | undefined) ?? [name, undefined];
}
