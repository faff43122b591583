import type { Source } from './source.ts';

/** A JSON value that remembers where it stood: `at` is the offset of its first character. */
export type Node =
  | { kind: 'object'; at: number; members: Member[] }
  | { kind: 'array'; at: number; items: Node[] }
  | { kind: 'string'; at: number; value: string }
  | { kind: 'number'; at: number; value: number }
  | { kind: 'boolean'; at: number; value: boolean }
  | { kind: 'null'; at: number };

export interface Member {
  key: string;
  keyAt: number;
  value: Node;
}

const MAX_DEPTH = 200;
const CODE = 'InvalidJson';
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[^\s,:{}[\]"'#]+/y;
const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
/** What people write when they mean a JSON word. */
const MEANT: Record<string, string> = { True: 'true', False: 'false', None: 'null', nil: 'null' };

/**
 * Reads JSON as the manual's samples write it (eascmd.md 3.2): `#` and `//` comments outside strings, trailing
 * commas, a byte order mark. Throws EasError (exit 2) with file, line and column.
 */
export function parseDocument(source: Source): Node {
  return new Parser(source).document();
}

class Parser {
  private at = 0;
  private readonly text: string;

  constructor(private readonly source: Source) {
    this.text = source.text;
  }

  document(): Node {
    if (this.text.includes('\u0000')) this.notText(0);
    if (this.text.startsWith('\uFEFF')) this.at = 1;
    this.skip();
    if (this.at >= this.text.length) this.fail(0, 'the file is empty', 'It must hold one JSON object.');
    const value = this.value(0);
    this.skip();
    if (this.at < this.text.length)
      this.fail(this.at, `${this.shown()} after the end of the document`, 'A file holds one JSON object.');
    return value;
  }

  private value(depth: number): Node {
    if (depth > MAX_DEPTH) this.fail(this.at, `nested deeper than ${MAX_DEPTH} levels`);
    const at = this.at;
    const char = this.text[at];
    if (char === '{') return this.object(depth);
    if (char === '[') return this.array(depth);
    if (char === '"') return { kind: 'string', at, value: this.string() };
    if (char !== undefined && /[-0-9]/.test(char)) return this.number();
    return this.word();
  }

  private object(depth: number): Node {
    const at = this.at++;
    const members: Member[] = [];
    for (;;) {
      this.skip();
      if (this.take('}')) return { kind: 'object', at, members };
      const keyAt = this.at;
      if (this.text[keyAt] !== '"') this.expected('a field name in double quotes or "}"', at, '{');
      const key = this.string();
      const earlier = members.find((member) => member.key === key);
      if (earlier) {
        const { line } = this.source.position(earlier.keyAt);
        this.fail(keyAt, `the field "${key}" is given twice (first on line ${line})`, 'Remove one of them.');
      }
      this.skip();
      if (!this.take(':')) this.expected(`":" after "${key}"`, at, '{');
      this.skip();
      members.push({ key, keyAt, value: this.value(depth + 1) });
      this.separator('}', at, '{');
    }
  }

  private array(depth: number): Node {
    const at = this.at++;
    const items: Node[] = [];
    for (;;) {
      this.skip();
      if (this.take(']')) return { kind: 'array', at, items };
      if (this.at >= this.text.length) this.expected('a value or "]"', at, '[');
      items.push(this.value(depth + 1));
      this.separator(']', at, '[');
    }
  }

  /** A comma, or the closing bracket left for the caller. */
  private separator(close: string, openAt: number, open: string): void {
    const valueEnd = this.at;
    this.skip();
    if (this.take(',') || this.text[this.at] === close) return;
    const { line } = this.source.position(openAt);
    if (this.at >= this.text.length)
      this.fail(this.at, `the file ends before the "${open}" of line ${line} is closed`, `Add "${close}".`);
    // The comma is missing where the value ended, not where the next field begins.
    const hint = /["{[\d]/.test(this.text[this.at]!) ? 'Add a comma here.' : undefined;
    this.fail(valueEnd, `expected "," or "${close}" before ${this.shown()}`, hint);
  }

  private string(): string {
    const start = this.at++;
    let value = '';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || char === '\n' || char === '\r')
        this.fail(
          start,
          'this string is not closed on its line',
          'Close it with "; write a line break as \\n.',
        );
      // Bytes that are no UTF-8 were read as this; in a comment they harm nobody.
      if (char === '\uFFFD') this.notText(this.at);
      this.at++;
      if (char === '"') return value;
      value += char === '\\' ? this.escape() : char;
    }
  }

  private escape(): string {
    const at = this.at - 1;
    const char = this.text[this.at++] ?? '';
    if (char === 'u') {
      const hex = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.fail(at, 'expected four hexadecimal digits after \\u');
      this.at += 4;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const known = ESCAPES[char];
    if (known === undefined) this.fail(at, `unknown escape \\${char}`, 'Write a backslash as \\\\.');
    return known;
  }

  private number(): Node {
    const at = this.at;
    NUMBER.lastIndex = at;
    const digits = NUMBER.exec(this.text)?.[0];
    const end = at + (digits?.length ?? 0);
    if (!digits || /[\w.+-]/.test(this.text[end] ?? '')) {
      WORD.lastIndex = at;
      this.fail(at, `${WORD.exec(this.text)?.[0] ?? '-'} is not a number`, 'Write text in double quotes.');
    }
    const value = Number(digits);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
      this.fail(at, `${digits} is too large for a number`, 'Write it in double quotes.');
    this.at = end;
    return { kind: 'number', at, value };
  }

  private word(): Node {
    const at = this.at;
    WORD.lastIndex = at;
    const word = WORD.exec(this.text)?.[0];
    if (word) this.at += word.length;
    if (word === 'true' || word === 'false') return { kind: 'boolean', at, value: word === 'true' };
    if (word === 'null') return { kind: 'null', at };
    this.at = at;
    const meant = word === undefined ? undefined : MEANT[word];
    if (meant) this.fail(at, `${word} is not JSON`, `Write ${meant}.`);
    return this.fail(at, `expected a value, found ${this.shown()}`, 'Text stands in double quotes.');
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private skip(): void {
    for (;;) {
      const char = this.text[this.at];
      if (char === ' ' || char === '\t' || char === '\n' || char === '\r' || char === '\u00a0') this.at++;
      else if (char === '#' || (char === '/' && this.text[this.at + 1] === '/')) {
        const end = this.text.indexOf('\n', this.at);
        this.at = end < 0 ? this.text.length : end;
      } else return;
    }
  }

  private shown(): string {
    const char = this.text[this.at];
    if (char === undefined) return 'the end of the file';
    if (char === "'") return 'a single quote (JSON wants double quotes)';
    if (/[\u201c\u201d\uff02]/.test(char)) return `the typographic quote ${char} (JSON wants ")`;
    if (char === '"') return this.text.slice(this.at).match(/^"[^"\n]{0,40}"?/)![0];
    WORD.lastIndex = this.at;
    return `"${WORD.exec(this.text)?.[0].slice(0, 40) ?? char}"`;
  }

  private expected(what: string, openAt: number, open: string): never {
    const { line } = this.source.position(openAt);
    if (this.at >= this.text.length)
      this.fail(this.at, `the file ends before the "${open}" of line ${line} is closed`);
    return this.fail(this.at, `expected ${what}, found ${this.shown()}`);
  }

  private notText(at: number): never {
    return this.fail(at, 'this is not UTF-8 text', 'Save the file as UTF-8.');
  }

  private fail(at: number, what: string, hint?: string): never {
    throw this.source.error(CODE, at, what, hint);
  }
}

/** The plain value of a node. */
export function toValue(node: Node): unknown {
  switch (node.kind) {
    case 'object': {
      const object: Record<string, unknown> = {};
      for (const { key, value } of node.members) define(object, key, toValue(value));
      return object;
    }
    case 'array':
      return node.items.map(toValue);
    case 'null':
      return null;
    default:
      return node.value;
  }
}

/** Assignment that also holds for the name `__proto__`, which a plain one would take as the prototype. */
export function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
