import type { Host } from '../../core/host.ts';
import { createTerminalIo } from '../terminal.ts';
import { type Completion, completionOf } from './candidates.ts';

/** A person is waiting at the prompt. */
const PATIENCE_MS = 1_500;
const MOST_NAMES = 100;

/**
 * `eascmd __complete <words before> =<word at the cursor>`: candidates for the shell, one a line. Says nothing when
 * anything goes wrong, and starts nothing.
 */
export async function runComplete(host: Host, io = createTerminalIo()): Promise<number> {
  const words = host.argv.slice(1);
  const current = (words.pop() ?? '=').slice(1);
  const completion = completionOf(words, current);
  const lines = completion.candidates.map(({ word, meaning }) => (meaning ? `${word}\t${meaning}` : word));
  if (completion.wants === 'files') lines.push(':files');
  if (completion.wants === 'regions') lines.push(...(await regionNames(current)));
  if (completion.wants === 'services' || completion.wants === 'tasks')
    lines.push(...(await namesOf(host, completion, current).catch(() => [])));
  if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
  await io.flush();
  return 0;
}

async function regionNames(prefix: string): Promise<string[]> {
  const { REGIONS } = await import('../../config/regions.ts');
  return ['local', ...REGIONS].filter((region) => region.startsWith(prefix));
}

/** Names that the API knows: services, or benchmark tasks. */
async function namesOf(host: Host, { options, wants }: Completion, prefix: string): Promise<string[]> {
  const { createClients } = await import('../../commands/clients.ts');
  const clients = createClients({
    host,
    flags: options,
    note() {},
    isDebug: false,
    signal: AbortSignal.timeout(PATIENCE_MS),
    whenLocalIsDown: 'fail',
  });
  try {
    const api = await clients.api();
    const query = { pageNumber: 1, pageSize: MOST_NAMES, filter: prefix || undefined };
    const names =
      wants === 'tasks'
        ? (await api.listBenchmarkTasks(query)).Tasks.map(({ TaskName }) => TaskName)
        : (await api.listServices(query)).Services.map(({ ServiceName }) => ServiceName);
    // The API's filter takes any part of the name.
    return names.filter((name) => name.startsWith(prefix));
  } finally {
    clients.close();
  }
}
