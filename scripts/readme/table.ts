import { isOffline } from '../../src/cli/catalogue/offline.ts';
import { catalogue } from '../../src/cli/catalogue.ts';
import { spellings } from '../../src/cli/command.ts';
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
  legend: string;
}

export const english: Words = {
  header: ['command', 'with Local EAS', 'wire proven by'],
  works: 'works',
  notYet: 'not yet',
  nothingSent: 'nothing is sent',
  legend:
    'Made by `scripts/readme.ts` from the command tree and the marks above the tests. "recorder" holds each request of our\nclient against the reference, byte by byte; the others are clients nobody here wrote, at work against Local EAS.',
};

export const chinese: Words = {
  header: ['命令', 'Local EAS', '协议验证所用的对端'],
  works: '可用',
  notYet: '尚未',
  nothingSent: '不发送请求',
  legend:
    '本表由 `scripts/readme.ts` 根据命令树和测试标记生成。“recorder” 逐字节对照参考文档检查我们客户端发出的每个请求；其余都是他人\n编写的客户端，用来驱动 Local EAS。',
};

/** One row for each set of commands that are proven alike, in the order of the command tree. */
export function commandTable(proofs: Map<string, Proof>, words: Words): string {
  const rows = new Map<string, string[]>();
  const add = (cells: string, name: string) => rows.set(cells, [...(rows.get(cells) ?? []), name]);
  for (const spec of catalogue) {
    const { name } = spec;
    const proof = proofs.get(name)!;
    const local = proof.local ? words.works : words.notYet;
    const wire = [...proof.wire].sort().join(', ') || (isOffline(name) ? words.nothingSent : words.notYet);
    add(
      `${local} | ${wire}`,
      spellings(spec)
        .map((word) => `\`${word}\``)
        .join('/'),
    );
  }
  const known = new Set(catalogue.map(({ name }) => name));
  for (const name of MANUAL) if (!known.has(name)) add(`${words.notYet} | ${words.notYet}`, `\`${name}\``);
  const lines = [...rows].map(([cells, names]) => `| ${names.join(', ')} | ${cells} |`);
  return [`| ${words.header.join(' | ')} |`, '|---|---|---|', ...lines, '', words.legend].join('\n');
}
