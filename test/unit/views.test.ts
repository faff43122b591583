import { describe, expect, test } from 'bun:test';
import { Glob } from 'bun';
import { show } from '../../src/cli/context.ts';
import { fakeIo } from '../support/fake-io.ts';
import { samples } from './views/samples.ts';

/**
 * Every view as text and as JSON, on narrow and wide terminals, with CJK text of services. The texts are the samples of
 * eascmd.md; where there is none, they are laid out by hand by its rules (2.1).
 */
const FOLDER = `${import.meta.dir}/../../src/ui/views`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/;

const names = await (async () => {
  const found: string[] = [];
  for (const file of new Glob('*.ts').scanSync(FOLDER)) {
    const text = await Bun.file(`${FOLDER}/${file}`).text();
    for (const [, name] of text.matchAll(/^export function (\w+View)\b/gm)) found.push(name!);
  }
  return found.sort();
})();

test.each(names.map((name) => [name]))('%s has a sample', (name) => expect(samples[name]).toBeDefined());

const written = async (view: Parameters<typeof show>[1], columns: number, isJson: boolean) => {
  const io = fakeIo({ columns, isTty: true });
  await show(io, view, isJson);
  expect(io.err()).toBe('');
  return io.out();
};

describe.each(Object.entries(samples))('%s', (_name, sample) => {
  test.each([20, 80, 300])(
    'as text, %d columns wide: tables are as wide as their content',
    async (columns) => {
      expect(await written(sample.view(), columns, false)).toBe(sample.text.replace(/^\n/, ''));
    },
  );

  test('as JSON: one document, the same at any width', async () => {
    const narrow = await written(sample.view(), 20, true);
    expect(await written(sample.view(), 300, true)).toBe(narrow);
    expect(JSON.parse(narrow)).toEqual(JSON.parse(JSON.stringify(sample.json)));
  });

  const { cjk } = sample;
  if (!cjk) return;
  test('with Chinese, Japanese and Korean text: borders stay straight', async () => {
    const text = await written(cjk(), 80, false);
    expect(text).toMatch(/模型|モデル|모델/);
    expect(text).not.toMatch(CONTROL);
    const rows = text.split('\n').filter((line) => /^[|+]/.test(line));
    expect(new Set(rows.map((line) => Bun.stringWidth(line))).size).toBe(1);
  });
});
