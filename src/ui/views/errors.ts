import { EasError } from '../../core/errors.ts';
import type { Colours } from '../colours.ts';

/**
 * One line of what, one of what to do next, the API code and RequestId (design.md section 4). The stack and its
 * causes appear with `--debug` only.
 */
export function errorLines(error: unknown, colours: Colours, isDebug: boolean): string[] {
  const known = error instanceof EasError;
  const lines = known ? knownLines(error, colours) : bugLines(error, colours);
  return isDebug ? [...lines, ...stackLines(error)] : lines;
}

function knownLines(error: EasError, colours: Colours): string[] {
  const facts = [`Code: ${error.code}`];
  if (error.status) facts.push(`HTTP ${error.status}`);
  if (error.requestId) facts.push(`RequestId: ${error.requestId}`);
  return [
    `${colours.error('[ERROR]')} ${error.message}`,
    ...error.detail.map((line) => `    ${line}`),
    ...(error.hint ? [`  ${error.hint}`] : []),
    colours.hint(`  (${facts.join(', ')})`),
  ];
}

function bugLines(error: unknown, colours: Colours): string[] {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [
    `${colours.error('[ERROR]')} This is a bug in eascmd: ${what.split('\n')[0]}`,
    '  run it again with --debug and report what it prints',
  ];
}

function stackLines(error: unknown): string[] {
  const lines: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause)
    lines.push(...(at.stack ?? String(at)).split('\n').map((line) => `    ${line}`));
  return lines;
}

/** The same failure as the one JSON document of `-o json`. */
export function errorJson(error: unknown, exitCode: number): unknown {
  if (!(error instanceof EasError))
    return {
      error: { code: 'Bug', message: error instanceof Error ? error.message : String(error), exitCode },
    };
  const { code, message, hint, requestId, status, detail } = error;
  return {
    error: { code, message, hint, requestId, status, detail: detail.length ? detail : undefined, exitCode },
  };
}
