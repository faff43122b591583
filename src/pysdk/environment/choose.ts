import type { EasError } from '../../core/errors.ts';
import { usageError } from '../../core/errors.ts';
import { condaMaker } from './conda.ts';
import { copyMaker } from './copy.ts';
import type { Maker } from './maker.ts';
import { uvMaker } from './uv.ts';

const NAMES = ['conda', 'mamba', 'micromamba', 'uv', 'copy'] as const;

/** The ways that are there, best first; with `using` just that one. Throws EasError (exit 2) when it is not there. */
export function findMakers(env: Record<string, string | undefined>, using: string | undefined): Maker[] {
  if (using === undefined) {
    const makers = NAMES.flatMap((name) => makerOf(name, env) ?? []);
    return makers.map((maker) =>
      maker === copyMaker && makers.length > 1 ? { ...maker, reason: 'the last way there is' } : maker,
    );
  }
  const name = NAMES.find((known) => known === using);
  if (!name)
    throw usageError('UnknownTool', `--using ${JSON.stringify(using)} is unknown`, `use ${NAMES.join(', ')}`);
  const maker = makerOf(name, env);
  if (!maker) throw missing(name);
  return [{ ...maker, reason: 'asked for with --using' }];
}

function makerOf(name: (typeof NAMES)[number], env: Record<string, string | undefined>): Maker | undefined {
  if (name === 'copy') return copyMaker;
  const given = { conda: env.CONDA_EXE, micromamba: env.MAMBA_EXE, mamba: undefined, uv: undefined }[name];
  const executable = given || Bun.which(name, { PATH: env.PATH });
  if (!executable) return undefined;
  return name === 'uv' ? uvMaker(executable) : condaMaker(name, executable);
}

function missing(name: string): EasError {
  return usageError('ToolNotFound', `${name} is not on PATH`, 'install it, or leave --using out');
}
