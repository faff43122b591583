import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import { decodeInput, MAX_INPUT_BYTES } from '../../src/core/input/text.ts';
import { readServiceDocument } from '../../src/core/service/document.ts';

const written = '{"name": "a", "model_config": "模型"} # 注释\n';
/** The words above as GBK writes them (code points of GB 2312: 模型 C4A3D0CD, 注释 D7A2CACD). */
const gbk = { 模型: [0xc4, 0xa3, 0xd0, 0xcd], 注释: [0xd7, 0xa2, 0xca, 0xcd] };

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * text.length + 2));
  for (const [at, char] of ['\uFEFF', ...text].entries())
    bytes.setUint16(2 * at, char.charCodeAt(0), isLittle);
  return new Uint8Array(bytes.buffer);
}

const read = (bytes: Uint8Array) =>
  readServiceDocument(decodeInput(bytes, 's.json'), 's.json', 'modify').document;

function refusal(work: () => unknown): EasError {
  try {
    work();
  } catch (error) {
    if (error instanceof EasError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a text file that people hand in', () => {
  test.each([
    ['UTF-8', new TextEncoder().encode(written)],
    ['UTF-8 with a byte order mark', new TextEncoder().encode(`\uFEFF${written}`)],
    ['UTF-16 of PowerShell', utf16(written, true)],
    ['UTF-16, big-endian', utf16(written, false)],
  ])('%s is read', (_, bytes) => {
    expect(read(bytes)).toEqual({ name: 'a', model_config: '模型' });
  });

  const encode = (text: string) => [...new TextEncoder().encode(text)];

  test('GBK in a comment harms nobody', () => {
    expect(read(Uint8Array.from([...encode('{"name": "a"} # '), ...gbk.注释]))).toEqual({ name: 'a' });
  });

  test('GBK in a value is refused at its place, and is not passed on mangled', () => {
    const bytes = [...encode('{\n"model_config": "'), ...gbk.模型, ...encode('"}')];
    const { exit, message, hint } = refusal(() => read(Uint8Array.from(bytes)));
    // Its first two bytes happen to be a letter in UTF-8.
    expect([exit, message, hint]).toEqual([
      2,
      's.json:2:19: this is not UTF-8 text',
      'Save the file as UTF-8.',
    ]);
  });

  test('bytes that would steer the terminal are not printed', () => {
    const { detail } = refusal(() => read(Uint8Array.from(encode('{"a": \u001b[2J}'))));
    expect(detail[0]).toBe('{"a": \uFFFD[2J}');
  });

  test('what is far too large is refused', () => {
    const { exit, message } = refusal(() => decodeInput(new Uint8Array(MAX_INPUT_BYTES + 1), 's.json'));
    expect([exit, message]).toEqual([2, 's.json is larger than 4 MiB, which no file of this kind is']);
  });
});
