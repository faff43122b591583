import type { Clients, ClientsOptions } from '../commands/clients.ts';
import { EasError, ExitCode, usageError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { Io } from '../ui/io.ts';
import type { Context } from './context.ts';
import { show } from './context.ts';
import { asPipe, isNotebook } from './notebook.ts';
import { type Parsed, parseCommandLine } from './program.ts';
import { repeatedProgram } from './repeat.ts';
import { createTerminalIo } from './terminal.ts';

/** Time a command has, after the first signal, to stop in order. */
const ORDERLY_STOP_MS = 2_000;

/** Runs one command line and returns its exit code; never throws. Tests bring their own terminal and clients. */
export async function runCli(
  host: Host,
  terminal: Io = createTerminalIo(),
  makeClients?: MakeClients,
): Promise<number> {
  const io = isNotebook(host.env) ? asPipe(terminal) : terminal;
  const isDebug = host.argv.includes('--debug');
  const isJson = wantsJson(host.argv);
  const isPlain = host.argv.includes('--no-color') || Boolean(host.env.NO_COLOR) || host.env.TERM === 'dumb';
  const isLively = io.stderr.isTty && !isPlain;
  try {
    const parsed = parseCommandLine(host.argv);
    if (parsed.kind === 'text')
      io.stdout.write(isJson ? `${JSON.stringify(parsed.json, null, 2)}\n` : parsed.text);
    else return await runCommand(parsed, { host, io, isDebug, isJson, isLively, makeClients });
    return ExitCode.done;
  } catch (error) {
    return await report(error, { io, isDebug, isJson, isLively });
  } finally {
    await io.flush();
  }
}

/** Known before the line is parsed, so that a mistake in it is reported as asked. */
function wantsJson(argv: string[]): boolean {
  return argv.some(
    (word, at) =>
      word === '-ojson' ||
      word === '--output=json' ||
      (/^(-o|--output)$/.test(word) && argv[at + 1] === 'json'),
  );
}

type MakeClients = (options: ClientsOptions) => Clients;

interface Surroundings {
  host: Host;
  makeClients?: MakeClients;
  io: Io;
  isDebug: boolean;
  isJson: boolean;
  isLively: boolean;
}

async function runCommand(
  { spec, args, globals }: Extract<Parsed, { kind: 'command' }>,
  { host, io, isDebug, isJson, isLively, makeClients }: Surroundings,
): Promise<number> {
  const format = globals.output ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw usageError('UnknownFormat', `--output ${JSON.stringify(format)} is unknown`, 'use text or json');
  const stop = new AbortController();
  let lastWords: string[] = [];
  let orderlyStopMs = ORDERLY_STOP_MS;
  const note = (line: string) => io.stderr.write(`${line}\n`);
  const make = makeClients ?? (await import('../commands/clients.ts')).createClients;
  const whenLocalIsDown = args.isSet('dryRun') ? 'imagine' : 'start';
  const clients = make({ host, flags: globals, note, isDebug, signal: stop.signal, whenLocalIsDown });
  const context: Context = {
    host,
    io,
    clients,
    signal: stop.signal,
    isJson,
    program: repeatedProgram(globals),
    isLively,
    say: (...lines) => void (isJson || lines.length === 0 || io.stdout.write(`${lines.join('\n')}\n`)),
    note,
    ifInterrupted: (...lines) => {
      lastWords = lines;
    },
    needsToStop: (ms) => {
      orderlyStopMs = ms;
    },
  };
  const interruption = watchSignals(
    io,
    stop,
    () => lastWords,
    () => orderlyStopMs,
  );
  try {
    const work = spec.load().then((command) => command.run(context, args));
    const ended = await Promise.race([work.then((view) => ({ view })), interruption.ended]);
    if ('view' in ended && !stop.signal.aborted) {
      // A signal now ends the program at once: whoever reads the output may have stopped reading.
      interruption.dispose();
      await show(io, ended.view, isJson);
      return ExitCode.done;
    }
    work.catch(() => {});
    return interruption.exitCode();
  } catch (error) {
    if (stop.signal.aborted) return interruption.exitCode();
    throw error;
  } finally {
    interruption.dispose();
    clients.close();
  }
}

/**
 * The first signal aborts the command, which then has a moment to end by itself; what goes on without us is said.
 * The second leaves at once.
 */
function watchSignals(io: Io, stop: AbortController, lastWords: () => string[], orderlyStopMs: () => number) {
  let first: 'SIGINT' | 'SIGTERM' | undefined;
  const idle = new AbortController();
  const ended = Promise.withResolvers<{ interrupted: true }>();
  const dispose = io.onSignal((name) => {
    if (first) return io.dieOf(name);
    first = name;
    stop.abort();
    const lines = lastWords();
    io.stderr.write(`\n${(lines.length ? lines : ['Interrupted']).join('\n')}\n`);
    void io.sleep(orderlyStopMs(), idle.signal).then(() => ended.resolve({ interrupted: true }));
  });
  return {
    ended: ended.promise,
    exitCode: () => (first === 'SIGTERM' ? ExitCode.terminated : ExitCode.interrupted),
    dispose: () => {
      idle.abort();
      dispose();
    },
  };
}

/** Says what went wrong on stderr (and as the one document with `-o json`); returns the exit code. */
async function report(
  error: unknown,
  { io, isDebug, isJson, isLively }: Omit<Surroundings, 'host' | 'makeClients'>,
) {
  const [{ errorLines, errorJson }, { loadColours }] = await Promise.all([
    import('../ui/views/errors.ts'),
    import('../ui/colours.ts'),
  ]);
  const exitCode = error instanceof EasError ? error.exit : ExitCode.bug;
  const lines = errorLines(error, await loadColours(isLively), isDebug);
  io.stderr.write(`${lines.join('\n')}\n`);
  if (isJson) await show(io, { text: () => [], json: () => errorJson(error, exitCode) }, true);
  return exitCode;
}
