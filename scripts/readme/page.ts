import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../src/cli/catalogue.ts';
import { readMarks } from './marks.ts';
import { chinese, commandTable, english } from './table.ts';

const BEGIN = '<!-- commands:begin -->';
const END = '<!-- commands:end -->';

/** Each page as it is and as it should be: the table between its markers made anew. */
export function pages(root: string): { path: string; is: string; should: string }[] {
  const proofs = readMarks(
    root,
    catalogue.map(({ name }) => name),
  );
  return [
    { path: 'README.md', words: english },
    { path: 'README.zh-CN.md', words: chinese },
  ].map(({ path, words }) => {
    const is = readFileSync(join(root, path), 'utf8');
    return { path, is, should: withTable(path, is, commandTable(proofs, words)) };
  });
}

function withTable(path: string, text: string, table: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${path} needs the lines ${BEGIN} and ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`;
}
