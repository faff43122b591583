import { isOffline } from '../../src/cli/catalogue/offline.ts';
import { catalogue } from '../../src/cli/catalogue.ts';
import type { Proof } from './marks.ts';

/** Commands of the vendor's tool (eascmd.md 1.2) by their name here; those that are missing stand in the table too. */
const MANUAL = [
  'resource list',
  'resource desc',
  'resource list_instance',
  'resource network',
  'bench create',
  'bench list',
  'bench desc',
  'bench visualize',
  'bench stop',
  'bench start',
  'bench delete',
  'bench report',
  'bench update',
  'autoscale',
  'cronscale',
];

export interface Words {
  header: [command: string, local: string, wire: string];
  works: string;
  notYet: string;
  nothingSent: string;
}

export const english: Words = {
  header: ['command', 'with Local EAS', 'wire proven by'],
  works: 'works',
  notYet: 'not yet',
  nothingSent: 'nothing is sent',
};

export const chinese: Words = {
  header: ['命令', 'Local EAS', '协议验证所用的对端'],
  works: '可用',
  notYet: '尚未',
  nothingSent: '不发送请求',
};

/** One row for each set of commands that are proven alike, in the order of the command tree. */
export function commandTable(proofs: Map<string, Proof>, words: Words): string {
  const rows = new Map<string, string[]>();
  const add = (cells: string, name: string) => rows.set(cells, [...(rows.get(cells) ?? []), name]);
  for (const { name, aliases = [] } of catalogue) {
    const proof = proofs.get(name)!;
    const local = proof.local ? words.works : words.notYet;
    const wire = [...proof.wire].sort().join(', ') || (isOffline(name) ? words.nothingSent : words.notYet);
    add(`${local} | ${wire}`, [name, ...aliases].map((word) => `\`${word}\``).join('/'));
  }
  const known = new Set(catalogue.map(({ name }) => name));
  for (const name of MANUAL) if (!known.has(name)) add(`${words.notYet} | ${words.notYet}`, `\`${name}\``);
  const lines = [...rows].map(([cells, names]) => `| ${names.join(', ')} | ${cells} |`);
  return [`| ${words.header.join(' | ')} |`, '|---|---|---|', ...lines].join('\n');
}
