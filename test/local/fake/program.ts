import { runLoad } from '../../../src/load/main.ts';
import { runLocalEas } from '../../../src/local/main.ts';
import { runFakePrepare } from './prepare.ts';
import { runFakeWorker } from './worker.ts';

/** Stands where `eascmd` would: the real Local EAS, with workers that do as their properties say. */
const argv = process.argv.slice(2);
const host = {
  argv,
  env: process.env,
  cwd: process.cwd(),
  platform: process.platform,
  homeDir: process.env.HOME ?? '/',
  selfCommand: [process.execPath, import.meta.path],
};
const verbs: Record<string, () => Promise<number>> = {
  __local: () => runLocalEas(host),
  __worker: runFakeWorker,
  __prepare: runFakePrepare,
  __load: () => runLoad(host),
};
process.exitCode = await verbs[argv[0] ?? '']!();
