import { describe, expect, test } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'bun';
import { EasError } from '../../src/core/errors.ts';
import type { PackageSource, PrepareSpec } from '../../src/core/worker/prepare.ts';
import { download } from '../../src/worker/prepare/download.ts';
import { prepareWorkspace } from '../../src/worker/prepare/workspace.ts';
import { misses } from '../support/needs.ts';
import { pythonArchive, temporaryFolder, writeFiles } from './packages.ts';

const noPython = misses('python3');

function local(file: string): PackageSource {
  return { location: file, name: file.split('/').pop()!, shown: file };
}

function specOf(folder: string, spec: Partial<PrepareSpec>): PrepareSpec {
  return { workspace: join(folder, 'ws'), maxUnpackedBytes: 512 * 1024 * 1024, ...spec };
}

async function failure(promise: Promise<unknown>): Promise<EasError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(EasError);
  return error as EasError;
}

function tar(folder: string, source: string, flags: string, name: string): string {
  const file = join(folder, name);
  execFileSync('tar', [flags, file, '-C', source, '.']);
  return file;
}

describe('formats', () => {
  const source = () => {
    const folder = writeFiles(temporaryFolder(), { 'run.sh': '#!/bin/sh\n', '模型/权重.txt': 'ok' });
    execFileSync('chmod', ['755', join(folder, 'run.sh')]);
    return folder;
  };

  for (const [flags, name] of [
    ['-czf', 'm.tar.gz'],
    ['-czf', 'm.tgz'],
    ['-cf', 'm.tar'],
    ['-cjf', 'm.tar.bz2'],
    ['-czf', 'no-extension'],
    ['-cf', 'really-a-tar.zip'],
  ] as const) {
    test.skipIf(flags === '-cjf' && misses('bzip2'))(
      `${name} is unpacked, with Chinese names and modes`,
      async () => {
        const folder = temporaryFolder();
        const model = local(tar(folder, source(), flags, name));
        await prepareWorkspace(specOf(folder, { model }), () => {});
        expect(readFileSync(join(folder, 'ws/model/模型/权重.txt'), 'utf8')).toBe('ok');
        expect(statSync(join(folder, 'ws/model/run.sh')).mode & 0o111).toBe(0o111);
      },
    );
  }

  test.skipIf(misses('zip'))('zip keeps modes and UTF-8 names', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'm.zip');
    execFileSync('zip', ['-qr', file, '.'], { cwd: source() });
    await prepareWorkspace(specOf(folder, { model: local(file) }), () => {});
    expect(readFileSync(join(folder, 'ws/model/模型/权重.txt'), 'utf8')).toBe('ok');
    expect(statSync(join(folder, 'ws/model/run.sh')).mode & 0o111).toBe(0o111);
  });

  test.skipIf(noPython)('zip names in GBK without a flag are read as GBK', async () => {
    const folder = temporaryFolder();
    const file = pythonArchive(
      join(folder, 'm.zip'),
      "class Raw(zipfile.ZipInfo):\n  def _encodeFilenameFlags(self): return '模型.txt'.encode('gbk'), 0\n" +
        "with zipfile.ZipFile(out, 'w') as z: z.writestr(Raw('x'), 'ok')",
    );
    await prepareWorkspace(specOf(folder, { model: local(file) }), () => {});
    expect(readdirSync(join(folder, 'ws/model'))).toEqual(['模型.txt']);
  });

  test.skipIf(misses('bzip2'))('a single compressed file becomes that file', async () => {
    const folder = writeFiles(temporaryFolder(), { 'lr.pmml': '<PMML/>' });
    execFileSync('bzip2', [join(folder, 'lr.pmml')]);
    await prepareWorkspace(specOf(folder, { model: local(join(folder, 'lr.pmml.bz2')) }), () => {});
    expect(readFileSync(join(folder, 'ws/model/lr.pmml'), 'utf8')).toBe('<PMML/>');
  });

  test.skipIf(noPython)('a bare file keeps its bytes, even one that is a zip inside', async () => {
    const folder = temporaryFolder();
    const file = pythonArchive(join(folder, 'model.pt'), "zipfile.ZipFile(out, 'w').writestr('a', 'b')");
    await prepareWorkspace(specOf(folder, { model: local(file) }), () => {});
    expect(readFileSync(join(folder, 'ws/model/model.pt'))).toEqual(readFileSync(file));
  });

  test('a folder is copied', async () => {
    const folder = temporaryFolder();
    await prepareWorkspace(specOf(folder, { model: local(source()) }), () => {});
    expect(readFileSync(join(folder, 'ws/model/模型/权重.txt'), 'utf8')).toBe('ok');
  });
});

describe('layout', () => {
  test('the model is reachable as ../model and ../../model from the package', async () => {
    const folder = temporaryFolder();
    const files = writeFiles(temporaryFolder(), { 'app.py': '', 'weights.json': '{}' });
    const processor = local(join(files, 'app.py'));
    const model = local(join(files, 'weights.json'));
    const spec = specOf(folder, { processor, model, processorEntry: './app.py', processorType: 'python' });
    await prepareWorkspace(spec, () => {});
    const root = join(folder, 'ws/predictor/app');
    expect(existsSync(join(root, 'app.py'))).toBe(true);
    for (const up of ['../model', '../../model']) {
      expect(existsSync(join(readlinkOrSelf(join(folder, 'ws/predictor'), up), 'weights.json'))).toBe(true);
    }
    expect(readlinkSync(join(folder, 'ws/predictor/model'))).toBe('../model');
  });

  test('a package that wraps everything in one folder is run from that folder', async () => {
    const folder = temporaryFolder();
    const files = writeFiles(temporaryFolder(), { 'demo-1/app.py': '', 'demo-1/data/x.json': '' });
    const processor = local(tar(folder, files, '-czf', 'pack.tar.gz'));
    await prepareWorkspace(specOf(folder, { processor, processorEntry: 'app.py' }), () => {});
    expect(readdirSync(join(folder, 'ws/predictor')).sort()).toEqual(['demo-1', 'model']);
  });
});

function readlinkOrSelf(predictor: string, up: string): string {
  return up === '../model' ? join(predictor, 'model') : join(predictor, '..', 'model');
}

describe('what is refused', () => {
  const hostile: [string, string, string][] = [
    [
      'a path that climbs',
      'm.tar',
      "t = tarfile.open(out, 'w'); i = tarfile.TarInfo('../evil'); t.addfile(i); t.close()",
    ],
    [
      'an absolute path',
      'm.tar',
      "t = tarfile.open(out, 'w'); i = tarfile.TarInfo('/tmp/evil'); t.addfile(i); t.close()",
    ],
    [
      'a link out, and a file through it',
      'm.tar',
      "t = tarfile.open(out, 'w'); i = tarfile.TarInfo('d'); i.type = tarfile.SYMTYPE; i.linkname = '../..'; t.addfile(i); t.addfile(tarfile.TarInfo('d/evil')); t.close()",
    ],
    [
      'an absolute link',
      'm.tar',
      "t = tarfile.open(out, 'w'); i = tarfile.TarInfo('d'); i.type = tarfile.SYMTYPE; i.linkname = '/etc'; t.addfile(i); t.close()",
    ],
    [
      'a hard link out',
      'm.tar',
      "t = tarfile.open(out, 'w'); i = tarfile.TarInfo('d'); i.type = tarfile.LNKTYPE; i.linkname = '../../etc/passwd'; t.addfile(i); t.close()",
    ],
    [
      'a device',
      'm.tar',
      "t = tarfile.open(out, 'w'); i = tarfile.TarInfo('d'); i.type = tarfile.CHRTYPE; t.addfile(i); t.close()",
    ],
    [
      'two harmless links that together lead out',
      'm.tar',
      "t = tarfile.open(out, 'w')\nfor n, l in (('a', '.'), ('b', 'a/..')):\n  i = tarfile.TarInfo(n); i.type = tarfile.SYMTYPE; i.linkname = l; t.addfile(i)\nt.close()",
    ],
    ['a zip path that climbs', 'm.zip', "zipfile.ZipFile(out, 'w').writestr('../evil', 'x')"],
    ['an absolute zip path', 'm.zip', "zipfile.ZipFile(out, 'w').writestr('/tmp/evil', 'x')"],
    ['a zip path with backslashes', 'm.zip', "zipfile.ZipFile(out, 'w').writestr('..\\\\evil', 'x')"],
    [
      'a zip link out',
      'm.zip',
      "i = zipfile.ZipInfo('d'); i.create_system = 3; i.external_attr = 0o120777 << 16\nzipfile.ZipFile(out, 'w').writestr(i, '../..')",
    ],
    [
      'a zip link below a link',
      'm.zip',
      "z = zipfile.ZipFile(out, 'w')\nfor n, l in (('a', '.'), ('a/b', '..')):\n  i = zipfile.ZipInfo(n); i.create_system = 3; i.external_attr = 0o120777 << 16; z.writestr(i, l)\nz.close()",
    ],
  ];

  for (const [what, name, script] of hostile) {
    test.skipIf(noPython)(`${what}; nothing is left behind`, async () => {
      const folder = temporaryFolder();
      const model = local(pythonArchive(join(folder, name), script));
      expect((await failure(prepareWorkspace(specOf(folder, { model }), () => {}))).code).toBe(
        'PackageUnsafe',
      );
      expect(readdirSync(folder)).toEqual([name]);
    });
  }

  test.skipIf(noPython)('a file through a link that stays inside is refused too', async () => {
    const folder = temporaryFolder();
    const script =
      "t = tarfile.open(out, 'w')\nfor n, l in (('a', '.'), ('a/b', '..')):\n" +
      "  i = tarfile.TarInfo(n); i.type = tarfile.SYMTYPE; i.linkname = l; t.addfile(i)\nt.addfile(tarfile.TarInfo('b/evil'))\nt.close()";
    const model = local(pythonArchive(join(folder, 'm.tar'), script));
    await failure(prepareWorkspace(specOf(folder, { model }), () => {}));
    expect(readdirSync(folder)).toEqual(['m.tar']);
  });

  test('an archive that is cut off', async () => {
    const folder = temporaryFolder();
    const source = writeFiles(temporaryFolder(), {
      'big.bin': crypto.getRandomValues(new Uint8Array(60_000)),
    });
    for (const [flags, name] of [
      ['-czf', 'm.tar.gz'],
      ['-cf', 'm.tar'],
      ['-cjf', 'm.tar.bz2'],
    ] as const) {
      if (flags === '-cjf' && misses('bzip2')) continue;
      const file = tar(folder, source, flags, name);
      writeFileSync(file, readFileSync(file).subarray(0, 30_000));
      const error = await failure(prepareWorkspace(specOf(folder, { model: local(file) }), () => {}));
      expect(error.code).toBe('PackageDamaged');
    }
    expect(readdirSync(folder).filter((name) => !name.startsWith('m.tar'))).toEqual([]);
  });

  test.skipIf(noPython)('a zip that is cut off, and one whose bytes were changed', async () => {
    const folder = temporaryFolder();
    const file = pythonArchive(
      join(folder, 'm.zip'),
      "zipfile.ZipFile(out, 'w').writestr('a.txt', 'A' * 1000)",
    );
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.byteLength - 40));
    expect((await failure(prepareWorkspace(specOf(folder, { model: local(file) }), () => {}))).code).toBe(
      'PackageDamaged',
    );
    bytes[100] = 0x42;
    writeFileSync(file, bytes);
    const error = await failure(prepareWorkspace(specOf(folder, { model: local(file) }), () => {}));
    expect(error.message).toContain('checksum');
  });

  test('bytes that are no archive under the name of one', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'm.tar.gz': '<html>404</html>',
      'x.tar.gz': gzipSync(Buffer.from('hello')),
    });
    for (const name of ['m.tar.gz', 'x.tar.gz']) {
      const error = await failure(
        prepareWorkspace(specOf(folder, { model: local(join(folder, name)) }), () => {}),
      );
      expect([error.code, error.message]).toEqual([
        'PackageNotArchive',
        expect.stringContaining('is no archive'),
      ]);
    }
  });

  test('more than it may unpack to, and a bomb', async () => {
    const folder = temporaryFolder();
    const source = writeFiles(temporaryFolder(), { 'zeros.bin': new Uint8Array(3_000_000) });
    const model = local(tar(folder, source, '-czf', 'm.tar.gz'));
    const spec = specOf(folder, { model, maxUnpackedBytes: 1_000_000 });
    expect((await failure(prepareWorkspace(spec, () => {}))).code).toBe('PackageTooLarge');
    expect(readdirSync(folder)).toEqual(['m.tar.gz']);
  });

  test('an entry that is not there, with what may be meant', async () => {
    const folder = temporaryFolder();
    const source = writeFiles(temporaryFolder(), { 'app.py': '', 'data.json': '' });
    const processor = local(tar(folder, source, '-czf', 'p.tar.gz'));
    const error = await failure(
      prepareWorkspace(specOf(folder, { processor, processorEntry: 'ap.py' }), () => {}),
    );
    expect(error.code).toBe('ProcessorEntryNotFound');
    expect(error.message).toContain('app.py, data.json');
    expect(error.hint).toBe('did you mean "app.py"?');
    const missing = await failure(
      prepareWorkspace(specOf(folder, { model: processor, modelEntry: 'x.pb' }), () => {}),
    );
    expect(missing.code).toBe('ModelEntryNotFound');
  });

  test('a file that is not there, and a workspace that is', async () => {
    const folder = temporaryFolder();
    const model = local(join(folder, 'absent.tar.gz'));
    expect((await failure(prepareWorkspace(specOf(folder, { model }), () => {}))).code).toBe(
      'PackageNotFound',
    );
    const spec = { ...specOf(folder, {}), workspace: folder };
    expect((await failure(prepareWorkspace(spec, () => {}))).code).toBe('WorkspaceExists');
  });
});

describe('libraries', () => {
  const built = (source: string, ...flags: string[]) => {
    const folder = writeFiles(temporaryFolder(), { 'p.cpp': source });
    execFileSync('g++', ['-shared', '-fPIC', ...flags, '-o', 'libp.so', 'p.cpp'], { cwd: folder });
    return join(folder, 'libp.so');
  };
  const check = (file: string) => {
    const spec = specOf(temporaryFolder(), {
      processor: local(file),
      processorEntry: 'libp.so',
      processorType: 'cpp',
    });
    return failure(prepareWorkspace(spec, () => {}));
  };

  test.skipIf(misses('g++'))('one without the functions is refused by their names', async () => {
    expect((await check(built('int other() { return 0; }'))).message).toContain(
      'export initialize and process',
    );
    const error = await check(built('extern "C" void *initialize() { return 0; }'));
    expect([error.code, error.message]).toEqual([
      'ProcessorSymbolMissing',
      'libp.so does not export process',
    ]);
  });

  test('text, and a library of another machine, are refused', async () => {
    const text = join(writeFiles(temporaryFolder(), { 'libp.so': 'x'.repeat(100) }), 'libp.so');
    expect((await check(text)).code).toBe('ProcessorNotLibrary');
    const header = Buffer.alloc(64);
    header.writeUInt32BE(0x7f454c46);
    header[4] = 2;
    header.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18);
    const other = join(writeFiles(temporaryFolder(), { 'libp.so': header }), 'libp.so');
    expect((await check(other)).code).toBe('ProcessorWrongArchitecture');
  });
});

describe('downloads', () => {
  const serve = (fetch: (request: Request) => Response | Promise<Response>) =>
    Bun.serve({ port: 0, hostname: '127.0.0.1', fetch });

  test('an address is fetched through redirects and unpacked', async () => {
    const folder = temporaryFolder();
    const source = writeFiles(temporaryFolder(), { 'a.txt': 'ok' });
    const file = tar(folder, source, '-czf', 'm.tar.gz');
    using server = serve((request) =>
      request.url.endsWith('/old') ? Response.redirect('/m.tar.gz') : new Response(Bun.file(file)),
    );
    const url = new URL('/old', server.url).href;
    const said: string[] = [];
    const model = { location: url, name: 'm.tar.gz', shown: url };
    await prepareWorkspace(specOf(folder, { model }), (message) => said.push(message));
    expect(readFileSync(join(folder, 'ws/model/a.txt'), 'utf8')).toBe('ok');
    expect(said).toEqual([`Downloading http file: ${url}`, 'Successfully downloaded all artifacts']);
    expect(readdirSync(join(folder, 'ws')).sort()).toEqual(['model', 'predictor']);
  });

  test('an HTTP error names the address and the status', async () => {
    using server = serve(() => new Response('no', { status: 403 }));
    const folder = temporaryFolder();
    const error = await failure(download(server.url.href, server.url.href, join(folder, 'x'), 1e9));
    expect(error.message).toContain(`${server.url.href} can't be downloaded: the server answered 403`);
  });

  test.each([
    ['/round', 'the redirects have no end'],
    ['/away', 'it redirects to what is neither http nor https'],
  ])('%s: %s', async (path, reason) => {
    using server = serve((request) =>
      Response.redirect(request.url.endsWith('/away') ? 'file:///etc/hostname' : '/round'),
    );
    const url = new URL(path, server.url).href;
    const error = await failure(download(url, url, join(temporaryFolder(), 'x'), 1e9));
    expect(error.message).toBe(`${url} can't be downloaded: ${reason}`);
  });

  test('an address where nothing listens is named', async () => {
    const error = await failure(download('http://127.0.0.1:1/m', 'it', join(temporaryFolder(), 'x'), 1e9));
    expect(error.message).toBe("it can't be downloaded: nothing listens at 127.0.0.1:1");
  });

  test('a body shorter than announced is an error', async () => {
    const server = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        data(socket) {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort');
          socket.end();
        },
      },
    });
    const url = `http://127.0.0.1:${server.port}/m.tar.gz`;
    const error = await failure(download(url, url, join(temporaryFolder(), 'x'), 1e9));
    server.stop(true);
    expect(error.code).toBe('PackageDownloadFailed');
  });

  test('a server that falls silent is given up', async () => {
    using server = serve(
      () => new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(10)) })),
    );
    const error = await failure(download(server.url.href, 'it', join(temporaryFolder(), 'x'), 1e9, 200));
    expect(error.message).toContain('sent nothing for 0.2 s');
  });
});
