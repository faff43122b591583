import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { needs } from '../support/needs.ts';

setDefaultTimeout(90_000);
let local: LiveLocal;
beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop());

const read = (...path: string[]) => readFileSync(join(local.folder, ...path), 'utf8');
const exists = (path: string) => statSync(join(local.folder, path), { throwIfNoEntry: false }) !== undefined;

describe('a project made by init is built, served and answers', () => {
  for (const [language, tools, build] of [
    ['cpp', ['g++', 'tar', 'make'], 'make'],
    ['java', ['java', 'tar'], './build.sh'],
    ['python', ['python3'], undefined],
  ] as const) {
    // proves: init (local)
    needs(...tools)(language, async () => {
      const made = JSON.parse((await local.run(['init', language, `my-${language}`, '-o', 'json'])).out);
      expect(made).toMatchObject({ service: `my_${language}`, buildCommand: build ?? null });
      const folder = join(local.folder, `my-${language}`);
      for (const file of made.files) expect(read(`my-${language}`, file)).not.toMatch(/\{\{|undefined/);
      if (build) execFileSync('sh', ['-c', build], { cwd: folder });
      const request = ['--request', `my-${language}/request.txt`];
      const tested = await local.run([
        ...['test', `my-${language}/service.json`, '--runtime', 'process', ...request],
        ...['-o', 'json'],
      ]);
      expect([tested.code, JSON.parse(tested.out)]).toMatchObject([0, [{ body: '102 104 160' }]]);
      const created = await local.eas(['create', `my-${language}/service.json`]);
      expect([created.code, created.err]).toEqual([0, '']);
      const predict = (...args: string[]) => local.eas(['predict', made.service, ...args]);
      expect((await predict('-f', `my-${language}/request.txt`)).out).toBe('102 104 160');
      expect((await predict('-d', '')).out).toBe('');
      const wrong = await predict('-d', '1 two');
      expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('not a whole number: two')]);
      expect((await local.eas(['delete', made.service, '-y'])).code).toBe(0);
    });
  }
});

describe('init', () => {
  test('says what it made and what comes next', async () => {
    const { code, out, err } = await local.run(['init', 'python']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toStartWith('[OK] Made a Python processor in python_processor:\n  app.py');
    expect(out).toEndWith('  eascmd -e local predict python_processor -f request.txt\n');
    expect(JSON.parse(read('python_processor/service.json'))).toEqual({
      name: 'python_processor',
      processor_path: './app.py',
      processor_type: 'python',
      processor_entry: './app.py',
      model_path: './model/weights.txt',
      metadata: { instance: 1, cpu: 1, memory: 1000 },
    });
  });

  test('never overwrites: one file in the way, and nothing is written', async () => {
    local.write('taken/app.py', 'mine');
    mkdirSync(join(local.folder, 'taken/model'));
    symlinkSync('nowhere', join(local.folder, 'taken/request.txt'));
    const { code, out, err } = await local.run(['init', 'python', 'taken']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('taken already holds app.py, request.txt; nothing was written');
    expect(read('taken/app.py')).toBe('mine');
    expect(readdirSync(join(local.folder, 'taken')).sort()).toEqual(['app.py', 'model', 'request.txt']);
  });

  test('a folder with other files in it is fine, and gives the service its name', async () => {
    local.write('Écho & 3 Café/notes.txt', 'mine');
    const { code, out } = await local.run(['init', 'cpp', 'Écho & 3 Café']);
    expect(code).toBe(0);
    expect(out).toContain("  cd 'Écho & 3 Café'\n");
    expect(JSON.parse(read('Écho & 3 Café/service.json')).name).toBe('cho_3_caf');
    expect(read('Écho & 3 Café/notes.txt')).toBe('mine');
  });

  test('a language without a template is named, with those there are', async () => {
    const { code, err } = await local.run(['init', 'phyton', 'x']);
    expect(code).toBe(2);
    expect(err).toContain('There is no template for "phyton": it is cpp, java or python');
    expect(err).toContain('eascmd init python');
    expect(exists('x')).toBe(false);
  });

  test('a folder that can not be made is told', async () => {
    local.write('file', '');
    const { code, err } = await local.run(['init', 'java', 'file/inside']);
    expect(code).toBe(1);
    expect(err).toContain("The project can't be written to file/inside");
  });
});
