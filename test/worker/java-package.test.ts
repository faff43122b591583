import { describe, expect, test } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { classPath, javaPackage } from '../../src/worker/java/class-path.ts';
import { jvmFlags, jvmLocale, releaseOf } from '../../src/worker/java/jvm.ts';
import { prepareWorkspace } from '../../src/worker/prepare/workspace.ts';
import { temporaryFolder, writeFiles } from './packages.ts';

/** Prepares an archive of `files` and returns its predictor folder. */
async function prepared(files: Record<string, string>, processorEntry?: string): Promise<string> {
  const folder = temporaryFolder();
  const source = writeFiles(join(folder, 'source'), files);
  execFileSync('tar', ['-czf', join(folder, 'p.tar.gz'), '-C', source, '.']);
  const location = join(folder, 'p.tar.gz');
  const processor = { location, name: 'p.tar.gz', shown: 'p.tar.gz' };
  const workspace = join(folder, 'ws');
  const spec = {
    workspace,
    processor,
    processorEntry,
    processorType: 'java',
    maxUnpackedBytes: 1e9,
  } as const;
  await prepareWorkspace(spec, () => {});
  return join(workspace, 'predictor');
}

const JAR = 'PK\x03\x04 and so on';

describe('preparing a Java package', () => {
  test('an entry that is no jar is refused before anything starts', async () => {
    await expect(prepared({ 'app.jar': 'text' }, 'app.jar')).rejects.toThrow('app.jar is no jar');
    await expect(prepared({ 'app.jar': JAR }, 'ap.jar')).rejects.toThrow('"ap.jar" is not in p.tar.gz');
  });

  test.each([
    ['jars in one folder', { 'app/app.jar': JAR, 'app/lib/a.jar': JAR }, 'app', ['lib/a.jar']],
    ['a lib folder in one folder', { 'app/lib/a.jar': JAR, 'app/x.txt': '' }, 'app', ['lib/a.jar']],
    ['a folder of classes', { 'com/A.class': '' }, 'p', []],
    ['a lib folder alone', { 'lib/a.jar': JAR }, 'p', ['lib/a.jar']],
  ] as const)('without an entry, %s is understood', async (_, files, name, jars) => {
    const predictor = await prepared(files as Record<string, string>);
    const root = await javaPackage(predictor, '');
    expect(root).toBe(join(predictor, name));
    const path = await classPath(root!, '');
    expect(path[0]).toBe(root!);
    for (const jar of jars) expect(path).toContain(join(root!, jar));
  });

  test('the class path begins with the entry, and is sorted', async () => {
    const predictor = await prepared(
      { 'z.jar': JAR, 'b.jar': JAR, 'classes/A.class': '', 'classes/lib/c.jar': JAR, 'lib/d.JAR': JAR },
      'classes',
    );
    const root = join(predictor, 'p');
    const expected = ['classes', '', 'b.jar', 'z.jar', 'lib/d.JAR', 'classes/lib/c.jar'];
    expect(await classPath(root, 'classes')).toEqual(expected.map((path) => join(root, path)));
    expect(await javaPackage(predictor, 'absent.jar')).toBeUndefined();
    expect(readdirSync(predictor).sort()).toEqual(['model', 'p']);
  });
});

describe('the JVM', () => {
  test.each([
    ['JAVA_VERSION="17.0.15"', 17],
    ['IMPLEMENTOR="x"\nJAVA_VERSION="1.8.0_402"\n', 8],
    ['JAVA_VERSION="25"', 25],
    ['JAVA_VERSION=11.0.2', 11],
    ['nothing', undefined],
  ])('%j is release %p', async (text, release) => {
    const home = writeFiles(temporaryFolder(), { release: text });
    mkdirSync(join(home, 'jre'));
    expect(await releaseOf(home)).toBe(release);
    expect(await releaseOf(join(home, 'jre'))).toBe(release);
  });

  test.each([
    [500, {}, '-Xmx375m'],
    [10, {}, '-Xmx16m'],
    [undefined, {}, undefined],
    [500, { JAVA_TOOL_OPTIONS: '-Xmx1g' }, undefined],
    [500, { JDK_JAVA_OPTIONS: '-XX:MaxRAMPercentage=50' }, undefined],
    [500, { _JAVA_OPTIONS: '-Dx=y' }, '-Xmx375m'],
  ])('%p MB under %j has the heap %p', (memoryMb, env, flag) => {
    expect(jvmFlags(memoryMb, env).find((found) => found.startsWith('-Xmx'))).toBe(flag);
  });

  test('a locale is set only when there is none', () => {
    expect(jvmLocale({})).toEqual({ LC_ALL: 'C.UTF-8' });
    expect(jvmLocale({ LANG: 'zh_CN.GBK' })).toEqual({});
  });
});
