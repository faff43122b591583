import { constants } from 'node:os';
import { compile } from './build/compile.ts';
import { ownBinary, root } from './build/config.ts';
import { makePlace } from './quickstart/place.ts';
import { Shell, StepFailed } from './quickstart/shell.ts';
import { type LocalStatus, tellStory } from './quickstart/story.ts';
import { stillThere, tidyUp } from './quickstart/tidy.ts';
import { end, say } from './say.ts';

/**
 * `npm start`: builds the binary and runs the whole story with it in a throw-away home. Exits 0 only when every step
 * did what it claims and nothing is left behind. `-- --keep` leaves Local EAS and the service up.
 */
async function quickstart(args: string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--keep');
  if (unknown.length > 0) {
    process.stderr.write(`unknown argument ${unknown.join(' ')}; there is only --keep\n`);
    return 2;
  }
  const startedAt = performance.now();
  say('Building the binary …');
  const size = await compile({ bun: process.execPath, output: ownBinary });
  say(`${ownBinary.slice(root.length + 1)}: ${(size / 1e6).toFixed(1)} MB, one file`);

  const place = makePlace();
  const shell = new Shell(place);
  const release = watchSignals(shell);
  const isKept = args.includes('--keep');
  try {
    const status = await tellStory(shell, isKept);
    if (isKept) {
      await tellHowToUse(shell, status);
      return 0;
    }
    const left = await stillThere(place, status);
    if (left.length > 0) throw new StepFailed(`this was left behind: ${left.join(', ')}`);
    await tidyUp(place);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    say(`\nDone in ${seconds} s; nothing is left running. To keep Local EAS up: npm start -- --keep`);
    return 0;
  } catch (error) {
    return await giveUp(error, shell);
  } finally {
    release();
  }
}

async function giveUp(error: unknown, shell: Shell): Promise<number> {
  const reason = error instanceof StepFailed ? error.message : String((error as Error)?.stack ?? error);
  process.stderr.write(`\nThe story ended early: ${reason}\n`);
  const killed = await tidyUp(shell.place);
  for (const what of killed) process.stderr.write(`ended by force: ${what}\n`);
  process.stderr.write('Local EAS of the story is stopped and its folder is removed.\n');
  return shell.interruptedBy ? 128 + constants.signals[shell.interruptedBy] : 1;
}

/** The first signal ends the story in order; a terminal, npm and run.mjs may each pass the same one on. */
function watchSignals(shell: Shell): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const handlers = signals.map((name) => [name, () => shell.interrupt(name)] as const);
  for (const [name, handler] of handlers) process.on(name, handler);
  return () => {
    for (const [name, handler] of handlers) process.off(name, handler);
  };
}

async function tellHowToUse(shell: Shell, { apiUrl }: LocalStatus): Promise<void> {
  const { place } = shell;
  const { AccessToken } = await shell.ask<{ AccessToken: string }>('desc', 'digits');
  say(`
Local EAS and the service "digits" are up, in a throw-away home. From another terminal:

  export HOME=${place.home} PATH=${place.folder}/bin:$PATH
  cd ${place.work}
  eascmd ls
  curl ${apiUrl}/api/predict/digits -H 'Authorization: ${AccessToken}' -d @image.json

To end it:

  eascmd local stop && rm -rf ${place.folder}`);
}

await end(() => quickstart(process.argv.slice(2)));
