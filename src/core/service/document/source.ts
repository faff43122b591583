import { type EasError, usageError } from '../../errors.ts';

const EXCERPT_WIDTH = 100;

/** The text of a document with the name people know it by; turns offsets into `file:line:column`. */
export class Source {
  constructor(
    readonly text: string,
    readonly fileName: string,
  ) {}

  /** Line and column, both from 1; columns count characters. */
  position(offset: number): { line: number; column: number } {
    const before = this.text.slice(0, offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    return { line: before.split('\n').length, column: [...before.slice(lineStart)].length + 1 };
  }

  /** A usage error (exit 2) at `offset`, with the line and a caret under the place. */
  error(code: string, offset: number, what: string, hint?: string): EasError {
    const { line, column } = this.position(offset);
    return usageError(code, `${this.fileName}:${line}:${column}: ${what}`, hint, this.excerpt(offset));
  }

  private excerpt(offset: number): string[] {
    const lineStart = this.text.lastIndexOf('\n', offset - 1) + 1;
    const nextBreak = this.text.indexOf('\n', offset);
    const lineEnd = nextBreak < 0 ? this.text.length : nextBreak;
    const start = Math.max(lineStart, offset - EXCERPT_WIDTH / 2);
    const end = Math.min(lineEnd, start + EXCERPT_WIDTH);
    const prefix = harmless(this.text.slice(start, offset));
    return [harmless(this.text.slice(start, end)).trimEnd(), `${blankLike(prefix)}^`];
  }
}

/** Tabs as one space; what would steer the terminal as a sign that does not. */
function harmless(text: string): string {
  return text.replaceAll('\t', ' ').replace(/\p{Cc}/gu, '\uFFFD');
}

/** Spaces as wide as the text, so that the caret stands under its place after Chinese text too. */
function blankLike(text: string): string {
  return [...text]
    .map((char) =>
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(char)
        ? '\u3000'
        : ' ',
    )
    .join('');
}
