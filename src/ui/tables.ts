/**
 * The table layout of eascmd.md 2.1, rules 1-6: boxes of `+---+`, centred upper-case headers, numbers to the right
 * in headed tables, keys to the right in key/value tables, cells wrapped at 30 columns with the least raggedness.
 * Widths are display widths (a CJK character counts 2).
 */
const WRAP_COLUMNS = 30;
const NUMBER = /^-?(\d{1,3}(,\d{3})*|\d+)(\.\d+)?%?$/;

/** Anything but printable ASCII, where one character is one column. */
const SPECIAL = /[^\x20-\x7e]/;

type Align = 'left' | 'right' | 'centre';

/** Lines of a table with a header row; every row has as many cells as the header. */
export function headedTable(header: string[], rows: string[][]): string[] {
  const table = new HeadedTable(header);
  for (const row of rows) table.add(row);
  return [...table.lines()];
}

/** A table with a header row that may become very long: a row is kept as one text until it is drawn. */
export class HeadedTable {
  private readonly titles: string[][];
  private readonly widths: number[] = [];
  /** Cells are wrapped, and free of control characters: \0 stands between them, \n between their lines. */
  private readonly rows: string[] = [];

  constructor(header: string[]) {
    this.titles = header.map((title) => [title.toUpperCase().replaceAll(/[_.]/g, ' ')]);
    widen(this.widths, this.titles);
  }

  add(row: string[]): void {
    const cells = row.map(wrapCell);
    widen(this.widths, cells);
    this.rows.push(cells.map((lines) => lines.join('\n')).join('\0'));
  }

  *lines(): Generator<string> {
    const border = borderOf(this.widths);
    yield border;
    yield* drawRow(this.titles, this.widths, () => 'centre');
    yield border;
    for (const row of this.rows) {
      const cells = row.split('\0').map((lines) => lines.split('\n'));
      yield* drawRow(cells, this.widths, numbersRight);
    }
    yield border;
  }
}

const numbersRight = (line: string): Align => (NUMBER.test(line) ? 'right' : 'left');

/** Lines of a table without header: keys to the right, everything else to the left (create, desc). */
export function keyValueTable(rows: string[][]): string[] {
  const body = rows.map((row) => row.map(wrapCell));
  const widths: number[] = [];
  for (const cells of body) widen(widths, cells);
  const border = borderOf(widths);
  const align = (_line: string, column: number): Align => (column === 0 ? 'right' : 'left');
  return [border, ...body.flatMap((cells) => drawRow(cells, widths, align)), border];
}

/** Rows of a JSON document in a key/value table: sorted keys, one row a line, the key on the first (rule 6). */
export function jsonRows(key: string, document: unknown): string[][] {
  const lines = JSON.stringify(sortKeys(document), null, 2).split('\n');
  return lines.map((line, index) => [index === 0 ? key : '', line]);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

function widen(widths: number[], cells: string[][]): void {
  for (let column = 0; column < cells.length; column++)
    for (const line of cells[column]!) {
      const width = widthOf(line);
      if (!(width <= widths[column]!)) widths[column] = width;
    }
}

function borderOf(widths: number[]): string {
  return `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
}

/** Plain loops: a list of ten thousand services has eighty thousand cells. */
function drawRow(
  cells: string[][],
  widths: number[],
  align: (line: string, column: number) => Align,
): string[] {
  let height = 1;
  for (const lines of cells) if (lines.length > height) height = lines.length;
  const drawn: string[] = [];
  for (let at = 0; at < height; at++) {
    let row = '|';
    for (let column = 0; column < widths.length; column++) {
      const line = cells[column]?.[at] ?? '';
      row += ` ${pad(line, widths[column]!, align(line, column))} |`;
    }
    drawn.push(row);
  }
  return drawn;
}

function pad(text: string, width: number, align: Align): string {
  const gap = width - widthOf(text);
  if (gap <= 0) return text;
  if (align === 'left') return text + spaces(gap);
  if (align === 'right') return spaces(gap) + text;
  const left = Math.floor(gap / 2);
  return spaces(left) + text + spaces(gap - left);
}

const BLANK = ' '.repeat(256);
const spaces = (count: number) => (count <= BLANK.length ? BLANK.slice(0, count) : ' '.repeat(count));

/** Lines of one cell. Text comes from the service, so control characters (escape sequences) are not passed on. */
function wrapCell(text: string): string[] {
  // Almost every cell of a long list is one word or short; ten thousand services have to be quick.
  if (!SPECIAL.test(text) && (text.length <= WRAP_COLUMNS || !text.includes(' '))) return [text];
  const lines = text.split(/\r?\n/);
  while (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.flatMap((line) => wrapLine(visible(line), WRAP_COLUMNS));
}

function visible(line: string): string {
  if (!SPECIAL.test(line)) return line;
  return Bun.stripANSI(line)
    .replaceAll('\t', ' ')
    .replaceAll(/\p{Cc}/gu, '');
}

/** Splits on single spaces so that the squares of the gaps, last line apart, add up to the least (rule 5). */
export function wrapLine(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const words = line.split(' ');
  const widths = words.map(widthOf);
  const limit = Math.max(columns, ...widths);
  const count = words.length;
  const cost = new Array<number>(count + 1).fill(0);
  const next = new Array<number>(count + 1).fill(count);
  for (let first = count - 1; first >= 0; first--) {
    cost[first] = Number.POSITIVE_INFINITY;
    let width = -1;
    for (let end = first + 1; end <= count; end++) {
      width += 1 + widths[end - 1]!;
      if (width > limit) break;
      const isLast = end === count;
      const raggedness = isLast ? 0 : (limit - width) ** 2 + cost[end]!;
      if (isLast || raggedness < cost[first]!) {
        cost[first] = raggedness;
        next[first] = end;
      }
    }
  }
  const lines: string[] = [];
  for (let at = 0; at < count; at = next[at]!) lines.push(words.slice(at, next[at]).join(' '));
  return lines;
}

function widthOf(text: string): number {
  return SPECIAL.test(text) ? Bun.stringWidth(text) : text.length;
}
