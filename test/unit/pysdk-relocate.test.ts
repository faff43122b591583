import { describe, expect, test } from 'bun:test';
import { withProcessorPath } from '../../src/pysdk/processor-path.ts';
import { replaceInCStrings } from '../../src/pysdk/relocate/conda.ts';
import { runPathOf, runPathPatches } from '../../src/pysdk/relocate/elf.ts';
import { relocatePyc } from '../../src/pysdk/relocate/pyc.ts';
import { relativeStart } from '../../src/pysdk/relocate/scripts.ts';
import { relocateText } from '../../src/pysdk/relocate/texts.ts';

const place = { prefixes: ['/home/u/demo/ENV'], roots: ['/home/u/demo'] };
const site = 'ENV/lib/python3.12/site-packages';
const relocated = (path: string, text: string) => relocateText(path, text, place);

describe('text of an environment', () => {
  test.each([
    ['#!/home/u/demo/ENV/bin/python3.12\nprint(1)\n', `${relativeStart('python3.12')}print(1)\n`],
    ['#!/old/place/ENV/bin/python\nprint(1)\n', `${relativeStart('python')}print(1)\n`],
    [
      `#!/bin/sh\n'''exec' "/home/u/demo/ENV/bin/python3.12" "$0" "$@"\n' '''\nimport re\n`,
      `${relativeStart('python3.12')}import re\n`,
    ],
    ['#!/home/u/demo/ENV/bin/perl -w\n1;\n', '#!/usr/bin/env perl -w\n1;\n'],
    ['#!/usr/bin/python3\nprint(1)\n', '#!/usr/bin/python3\nprint(1)\n'],
    ['#!/bin/sh\nprefix=/home/u/demo/ENV\n', '#!/bin/sh\nprefix=ENV\n'],
  ])('script %j', (text, expected) => {
    expect(relocated('ENV/bin/tool', text).text).toBe(expected);
  });

  test('.pth lines become relative; what lies outside is reported', () => {
    const lines = ['import os', `/home/u/demo/${site}/x`, '/home/u/demo/src', '/elsewhere/src', 'near', ''];
    const { text, outside } = relocated(`${site}/a.pth`, lines.join('\n'));
    expect(text.split('\n')).toEqual(['import os', 'x', '../../../../src', '/elsewhere/src', 'near', '']);
    expect(outside).toEqual(['/elsewhere/src']);
  });

  test('conda records keep their facts and lose the folders of the package cache', () => {
    const record = {
      name: 'zlib',
      extracted_package_dir: '/home/u/conda/pkgs/zlib',
      package_tarball_full_path: '/home/u/conda/pkgs/zlib.conda',
      link: { source: '/home/u/conda/pkgs/zlib' },
      files: ['lib/libz.so'],
      note: '/home/u/demo/ENV/lib',
    };
    const { text } = relocated('ENV/conda-meta/zlib-1.json', JSON.stringify(record));
    expect(JSON.parse(text)).toEqual({ name: 'zlib', files: ['lib/libz.so'], note: 'ENV/lib' });
    expect(relocated('ENV/conda-meta/history', '# cmd: conda create -p /home/u/demo/ENV\n').text).toBe('');
  });

  test('pkg-config files find their prefix by their own place', () => {
    const { text } = relocated('ENV/lib/pkgconfig/z.pc', 'prefix=/home/u/demo/ENV\n');
    expect(text).toBe('prefix=$' + '{pcfiledir}/../..\n');
  });

  test('another folder whose name begins alike is left alone', () => {
    expect(relocated('ENV/etc/a.conf', '/home/u/demo/ENV2/x /home/u/demo/ENV/x').text).toBe(
      '/home/u/demo/ENV2/x ENV/x',
    );
  });

  test('bytes that are no UTF-8 pass unchanged', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x41]);
    expect(Buffer.from(relocated('ENV/etc/b', bytes.toString('latin1')).text, 'latin1').equals(bytes)).toBe(
      true,
    );
  });
});

describe('compiled Python', () => {
  const short = (text: string) => Buffer.concat([Buffer.from([0x7a | 0x80, text.length]), Buffer.from(text)]);
  const compiled = (mtimeS: number, sizeBytes: number, body: Buffer) => {
    const header = Buffer.alloc(16);
    header.writeUInt32LE(mtimeS, 8);
    header.writeUInt32LE(sizeBytes, 12);
    return Buffer.concat([header, body]);
  };
  const goal = { mtimeS: 1000, replace: [['/home/u/demo/ENV', 'ENV']] as const };
  const name = 'ENV/lib/__pycache__/a.cpython-312.pyc';

  test('its time and folder are those of the archive', () => {
    const bytes = compiled(77, 5, short('/home/u/demo/ENV/lib/a.py'));
    const result = relocatePyc(bytes, name, { mtimeS: 77, sizeBytes: 5 }, goal);
    expect(result).toEqual(compiled(1000, 5, short('ENV/lib/a.py')));
  });

  test('before 3.7 the time stands earlier', () => {
    const bytes = Buffer.alloc(20);
    bytes.writeUInt32LE(77, 4);
    bytes.writeUInt32LE(5, 8);
    const result = relocatePyc(bytes, 'x.cpython-36.pyc', { mtimeS: 77, sizeBytes: 5 }, goal);
    expect(result?.readUInt32LE(4)).toBe(1000);
  });

  test.each([
    ['its source is gone', undefined, short('x')],
    ['its source is newer', { mtimeS: 78, sizeBytes: 5 }, short('x')],
    ['its source has another size', { mtimeS: 77, sizeBytes: 6 }, short('x')],
    ['the folder stands inside a text', { mtimeS: 77, sizeBytes: 5 }, short('-L/home/u/demo/ENV/lib')],
  ])('left out when %s', (_, source, body) => {
    expect(relocatePyc(compiled(77, 5, body), name, source, goal)).toBeUndefined();
  });
});

describe('binary files', () => {
  test('C strings of conda packages become shorter and keep their end', () => {
    const bytes = Buffer.from('ab/home/u/demo/ENV/ssl\0\0cd\0');
    const result = replaceInCStrings(bytes, Buffer.from('/home/u/demo/ENV'), Buffer.from('ENV'));
    expect(result.toString()).toBe(`abENV/ssl${'\0'.repeat(15)}cd\0`);
  });

  test('a run path is found, replaced where it stands, and made inherited', () => {
    const file = elfWithRunPath('/home/u/demo/ENV/lib');
    const read = (offset: number, length: number) => file.subarray(offset, offset + length);
    const found = runPathOf(read)!;
    expect(found.text).toBe('/home/u/demo/ENV/lib');
    for (const patch of runPathPatches(found, '$ORIGIN/../lib', { inherited: true })!)
      patch.bytes.copy(file, patch.offset);
    expect(runPathOf(read)?.text).toBe('$ORIGIN/../lib');
    expect(file.readBigInt64LE(found.tagAt)).toBe(15n);
    expect(runPathPatches(found, 'x'.repeat(21))).toBeUndefined();
  });

  test.each([
    ['text', Buffer.alloc(100, 'x')],
    ['a cut ELF file', Buffer.from('\x7fELF')],
  ])('%s has none', (_, bytes) => {
    expect(runPathOf((offset, length) => bytes.subarray(offset, offset + length))).toBeUndefined();
  });
});

/** The least that has a dynamic section: one PT_LOAD over the whole file, DT_STRTAB and DT_RUNPATH. */
function elfWithRunPath(text: string): Buffer {
  const file = Buffer.alloc(512);
  file.write('\x7fELF\x02\x01', 'latin1');
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(2, 56);
  const segment = (at: number, type: number, offset: number, address: number, size: number) => {
    file.writeUInt32LE(type, at);
    file.writeBigUInt64LE(BigInt(offset), at + 8);
    file.writeBigUInt64LE(BigInt(address), at + 16);
    file.writeBigUInt64LE(BigInt(size), at + 32);
  };
  segment(64, 1, 0, 0x1000, 512);
  segment(120, 2, 200, 0x1000 + 200, 48);
  [5, 0x1000 + 300, 29, 1, 0, 0].forEach((value, index) => {
    file.writeBigUInt64LE(BigInt(value), 200 + index * 8);
  });
  file.write(`\0${text}\0`, 300);
  return file;
}

describe('processor_path of a description', () => {
  test('is replaced where it stands; comments and layout stay', () => {
    const text = '{\n  # mine\n  "name": "x",\n  "processor_path": "oss://a/\\"b",  # here\n}\n';
    expect(withProcessorPath(text, 'app.json', 'oss://c/d')).toBe(text.replace('oss://a/\\"b', 'oss://c/d'));
  });

  test('is added when there is none', () => {
    expect(JSON.parse(withProcessorPath('{"name": "x"}', 'app.json', 'oss://c/d'))).toEqual({
      processor_path: 'oss://c/d',
      name: 'x',
    });
    expect(JSON.parse(withProcessorPath('{}', 'app.json', 'oss://c/d'))).toEqual({
      processor_path: 'oss://c/d',
    });
  });

  test('a description that is none is an error with its place', () => {
    expect(() => withProcessorPath('[1]', 'app.json', 'x')).toThrow(/app\.json:1:1/);
  });
});
