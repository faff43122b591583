import { describe, expect, test } from 'bun:test';
import { dirname, join, relative, resolve } from 'node:path';
import { Glob } from 'bun';

/** The rules of docs/architecture.md, held here rather than in memory. */
const root = resolve(import.meta.dir, '../..');
const sources = [...new Glob('src/**/*.ts').scanSync(root)]
  .filter((path) => !path.startsWith('src/types/'))
  .sort();

const allowed: Record<string, string[]> = {
  core: [],
  config: ['core'],
  cloud: ['core'],
  local: ['core'],
  python: [],
  worker: ['core', 'python'],
  docker: ['core'],
  load: ['core'],
  pysdk: ['core', 'python'],
  ui: ['core'],
  cli: ['core', 'config', 'commands', 'ui'],
  commands: ['core', 'config', 'cloud', 'ui', 'cli', 'docker', 'pysdk'],
};

const packageOwner: Record<string, string> = {
  '@alicloud/pop-core': 'cloud',
  'ali-oss': 'cloud',
  undici: 'cloud',
  dockerode: 'docker',
  chalk: 'ui',
  ora: 'ui',
  commander: 'cli',
  tar: 'worker',
  yauzl: 'worker',
  'unbzip2-stream': 'worker',
};

interface Import {
  from: string;
  to: string;
}

async function importsOf(path: string): Promise<Import[]> {
  const text = await Bun.file(join(root, path)).text();
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map((match) => ({ from: path, to: match[1]! }));
}

const folderOf = (path: string) => (path.split('/')[1] ?? path).replace(/\.ts$/, '');
const all = (await Promise.all(sources.map(importsOf))).flat();

describe('layout', () => {
  test('folders import only what the map allows', () => {
    const broken = all
      .filter(({ to }) => to.startsWith('.'))
      .map(({ from, to }) => ({ from, to: relative(root, resolve(root, dirname(from), to)) }))
      .filter(({ from, to }) => {
        const source = folderOf(from);
        const target = folderOf(to);
        if (source === 'main' || source === target || !to.startsWith('src/')) return false;
        if (source === 'commands' && target === 'local') return !from.startsWith('src/commands/local');
        return !allowed[source]?.includes(target);
      });
    expect(broken).toEqual([]);
  });

  test('each named package has exactly one importing folder', () => {
    const broken = all.filter(({ from, to }) => {
      const name = to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : to.split('/')[0]!;
      const owner = packageOwner[name];
      return owner !== undefined && folderOf(from) !== owner;
    });
    expect(broken).toEqual([]);
  });

  test('process, console and timers stay at the edges', async () => {
    const pure = sources.filter((path) => /^src\/(core|config|ui|commands)\//.test(path));
    const broken: string[] = [];
    for (const path of pure) {
      const text = await Bun.file(join(root, path)).text();
      if (/\bprocess\.(exit|env|argv)\b|\bconsole\.|\bset(?:Timeout|Interval)\(/.test(text))
        broken.push(path);
    }
    const environment: string[] = [];
    for (const path of sources.filter((candidate) => candidate !== 'src/main.ts')) {
      const text = await Bun.file(join(root, path)).text();
      if (/\bprocess\.(exit|env|argv)\b/.test(text)) environment.push(path);
    }
    expect({ broken, environment }).toEqual({ broken: [], environment: [] });
  });
});
