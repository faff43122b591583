import { homedir } from 'node:os';
import pkg from '../package.json' with { type: 'json' };
import type { Host } from './core/host.ts';

/**
 * Argv in, exit code out. The hidden verbs are this program run again as a process of its own
 * (docs/architecture.md, Processes); everything is imported by the branch that needs it, because start-up is sacred.
 */
async function main(argv: string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${pkg.version}\n`);
    return 0;
  }
  const host: Host = {
    argv,
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    homeDir: process.env.HOME || homedir(),
    selfCommand: selfCommand(),
  };
  switch (argv[0]) {
    case '__local':
      return (await import('./local/main.ts')).runLocalEas(host);
    case '__worker':
      return (await import('./worker/main.ts')).runWorker(host);
    case '__prepare':
      return (await import('./worker/prepare/main.ts')).runPrepare(host);
    case '__container':
      return process.exit(await (await import('./docker/main.ts')).runContainer(host));
    case '__load':
      return (await import('./load/main.ts')).runLoad(host);
    case '__cpp':
      return (await import('./worker/cpp/main.ts')).runCppHost(host);
    case '__complete':
      process.exit(await (await import('./cli/completion/complete.ts')).runComplete(host));
      break;
    default:
      // Everything is written by then; a socket that lingers must not keep a finished command.
      process.exit(await (await import('./cli/run.ts')).runCli(host));
  }
}

/**
 * A compiled binary runs itself; under `bun src/main.ts` the script has to be named again. `--no-install`: without a
 * node_modules in sight Bun would fetch packages from the registry, in the middle of a command, for as long as it takes.
 */
function selfCommand(): string[] {
  const compiled = import.meta.path.startsWith('/$bunfs/') || /^[A-Z]:[\\/]~BUN/.test(import.meta.path);
  return compiled ? [process.execPath] : [process.execPath, '--no-install', import.meta.path];
}

process.exitCode = await main(process.argv.slice(2));
