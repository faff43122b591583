import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One environment string of 128 KiB makes every exec fail; stay below. */
const MAX_ENV_BYTES = 120 * 1024;

/** Writes `<workspace>/config/config.json` (serving.md d.1); instances of one version may do so at the same time. */
export async function writeServiceConfig(workspace: string, text: string): Promise<void> {
  const folder = join(workspace, 'config');
  await mkdir(folder, { recursive: true });
  const own = join(folder, `.${randomUUID()}`);
  await writeFile(own, `${text}\n`);
  await rename(own, join(folder, 'config.json'));
}

/** SERVICE_CONFIG, unless it would be too long for an environment; the file has it in any case. */
export function serviceConfigEnv(text: string | undefined): Record<string, string> {
  if (text === undefined || Buffer.byteLength(text) > MAX_ENV_BYTES) return {};
  return { SERVICE_CONFIG: text };
}
