import { invalid } from './error.ts';

/** Query parameters, decoded; each reader says what it accepts. */
export class Query {
  constructor(private readonly values: URLSearchParams) {}

  /** Undefined when absent or empty. */
  text(name: string): string | undefined {
    return this.values.get(name) || undefined;
  }

  whole(name: string, fallback: number, least: number, most: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw invalid(`${name} must be a whole number from ${least} to ${most}, not ${text}`);
    return value;
  }

  flag(name: string): boolean {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined || text === 'false') return false;
    if (text === 'true') return true;
    throw invalid(`${name} must be true or false, not ${text}`);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = allowed.find((value) => value.toLowerCase() === text.toLowerCase());
    if (!found) throw invalid(`${name} must be one of ${allowed.join(', ')}, not ${text}`);
    return found;
  }

  /** A parameter that is sent as one JSON document (openapi.md section 0). */
  json(name: string): unknown {
    const text = this.text(name);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw invalid(`${name} must be a JSON document`);
    }
  }

  /** PageNumber and PageSize of lists. */
  page(): { number: number; size: number; offset: number } {
    const number = this.whole('PageNumber', 1, 1, 1_000_000_000);
    const size = this.whole('PageSize', 100, 1, 1000);
    return { number, size, offset: (number - 1) * size };
  }

  /** Options that would change the answer and are not served; better an error than a wrong answer. */
  refuse(names: string[]): void {
    const given = names.find((name) => this.text(name) !== undefined);
    if (given) throw invalid(`${given} is not supported by Local EAS`);
  }
}
