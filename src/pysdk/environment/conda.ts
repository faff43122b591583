import { runTool } from '../tools/run.ts';
import type { Maker } from './maker.ts';

/** A conda prefix; micromamba has no channels of its own. */
export function condaMaker(name: 'conda' | 'mamba' | 'micromamba', executable: string): Maker {
  const channels = name === 'micromamba' ? ['-c', 'conda-forge'] : [];
  return {
    name,
    reason: `${name} is installed`,
    async make({ env, version, tooling }) {
      await runTool([executable, 'create', '-y', '-p', env, ...channels, `python=${version}`, 'pip'], {
        ...tooling,
        step: `Creating ENV with ${name}`,
        hint: 'see that its channels can be reached, or choose another way: --using uv, --using copy',
      });
    },
  };
}
