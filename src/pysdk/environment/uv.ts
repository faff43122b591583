import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EasError } from '../../core/errors.ts';
import { runTool } from '../tools/run.ts';
import type { Maker } from './maker.ts';
import { rewriteMovedTexts } from './moved.ts';

/** uv's standalone Python, which is made to be moved; it becomes ENV itself rather than the base of a venv. */
export function uvMaker(executable: string): Maker {
  return {
    name: 'uv',
    reason: 'conda and micromamba are not installed, uv is',
    async make({ env, version, tooling }) {
      const folder = await mkdtemp(join(dirname(env), '.ENV-uv-'));
      try {
        await runTool([executable, 'python', 'install', version], {
          ...tooling,
          env: {
            ...tooling.env,
            UV_PYTHON_INSTALL_DIR: folder,
            UV_PYTHON_INSTALL_BIN: '0',
            UV_NO_PROGRESS: '1',
          },
          step: 'Creating ENV with uv',
          hint: 'see that uv can download (UV_PYTHON_INSTALL_MIRROR), or choose another way: --using copy',
        });
        const installed = await installedIn(folder, version);
        await rename(installed, env);
        await rewriteMovedTexts(env, installed);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function installedIn(folder: string, version: string): Promise<string> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((item) => item.isDirectory() && item.name.includes(`-${version}`))
    .map(({ name }) => join(folder, name));
  for (const name of names) if (await stat(join(name, 'bin', 'python3')).catch(() => undefined)) return name;
  throw new EasError({
    code: 'PysdkStepFailed',
    message: `Creating ENV with uv failed: it installed no Python ${version}`,
    hint: 'choose another version with --python, or another way: --using copy',
  });
}
