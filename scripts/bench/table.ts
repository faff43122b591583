/** One line of the result. Budgets are those of docs/performance.md. */
export interface Row {
  what: string;
  measured: string;
  /** Empty when the row is there to compare with, not to be judged. */
  budget: string;
  isMet?: boolean;
}

const verdict = (row: Row) => (row.isMet === undefined ? '' : row.isMet ? 'pass' : 'MISS');

/** Rows as a table for a terminal, columns as wide as their longest cell. */
export function renderTable(rows: Row[]): string {
  const cells = [
    ['what', 'measured', 'budget', ''],
    ...rows.map((row) => [row.what, row.measured, row.budget, verdict(row)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(
    1,
    0,
    widths
      .map((width) => '-'.repeat(width))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
