import { usageError } from '../core/errors.ts';
import { parseDuration } from '../core/wait/duration.ts';

/** What the user typed after the command, read by name with the type that the command needs. */
export class Arguments {
  constructor(
    private readonly positionals: (string | undefined)[],
    private readonly options: Record<string, unknown>,
  ) {}

  /** A positional that the command's declaration made mandatory. */
  required(index: number): string {
    return this.positionals[index]!;
  }

  /** Every positional. */
  all(): string[] {
    return this.positionals.filter((value) => value !== undefined);
  }

  optional(index: number): string | undefined {
    return this.positionals[index];
  }

  /** The positionals from `index` on, of a command that takes any number. */
  rest(index: number): string[] {
    return this.positionals.slice(index).filter((word) => word !== undefined);
  }

  text(name: string): string | undefined {
    const value = this.options[name];
    return typeof value === 'string' ? value : undefined;
  }

  isSet(name: string): boolean {
    return this.options[name] === true;
  }

  list(name: string): string[] {
    const value = this.options[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** Throws a usage error unless the option is a whole number within the bounds. */
  wholeNumber(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    return wholeNumber(
      text,
      `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      min,
      max,
    );
  }

  durationMs(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseDuration(text, `--${name}`);
  }
}

/** `what` names the argument in the error, e.g. `--port` or `<version_id>`. */
export function wholeNumber(text: string, what: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw usageError(
    'InvalidNumber',
    `${what} ${JSON.stringify(text)} is not a whole number between ${min} and ${max}`,
    `write it in digits, for example ${Math.max(min, 1)}`,
  );
}
