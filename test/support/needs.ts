import { test } from 'bun:test';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { lacksEngine, lacksImage, lacksNvidia, lacksPodman } from './docker/engine.ts';
import { lacksMount } from './small-disk.ts';

/**
 * Tools that a test may lack on somebody's machine, each with what its absence means to that person. `.ci/run`
 * names in EASCMD_REQUIRE (comma-separated) those that must be there: a test that lacks one of these fails instead.
 */
const tools = {
  python3: { commands: ['python3'], reason: 'no python3 on PATH' },
  'g++': { commands: ['g++'], reason: 'no C++ compiler (g++) on PATH' },
  cc: { commands: ['cc'], reason: 'no C compiler (cc) on PATH' },
  java: { commands: ['java', 'javac'], reason: 'no JDK (java and javac) on PATH' },
  go: { commands: ['go'], reason: 'no go on PATH' },
  tmux: { commands: ['tmux'], reason: 'no tmux on PATH' },
  make: { commands: ['make'], reason: 'no make on PATH' },
  bash: { commands: ['bash'], reason: 'no bash on PATH' },
  zsh: { commands: ['zsh'], reason: 'no zsh on PATH' },
  fish: { commands: ['fish'], reason: 'no fish on PATH' },
  tar: { commands: ['tar'], reason: 'no tar on PATH' },
  zip: { commands: ['zip'], reason: 'no zip on PATH' },
  bzip2: { commands: ['bzip2'], reason: 'no bzip2 on PATH' },
  setpriv: { commands: ['setpriv'], reason: 'no setpriv (util-linux) on PATH' },
  readelf: { commands: ['readelf'], reason: 'no readelf (binutils) on PATH' },
} as const;

/** What is not found on PATH: each says itself why it can't be used here. */
const places = {
  linux: () => (process.platform === 'linux' ? undefined : 'only Linux has it'),
  ipv6: () =>
    Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
      ? undefined
      : 'no IPv6 loopback (::1)',
  mount: lacksMount,
  pypi: lacksPythonRegistry,
  docker: lacksEngine,
  'docker-cpp': () => lacksImage('cpp'),
  'docker-python': () => lacksImage('python'),
  'docker-java': () => lacksImage('java'),
  'docker-nvidia': lacksNvidia,
  podman: lacksPodman,
} as const;

let registryFinding: { reason: string | undefined } | undefined;

/** Asked by fetching one small package, once per process. */
function lacksPythonRegistry(): string | undefined {
  if (registryFinding) return registryFinding.reason;
  const folder = mkdtempSync(join(tmpdir(), 'eascmd-pypi-'));
  try {
    const fetching = [
      '-m',
      'pip',
      'download',
      '-q',
      '--no-deps',
      '--no-cache-dir',
      '-d',
      folder,
      'threadpoolctl',
    ];
    const { success } = Bun.spawnSync(['python3', ...fetching], { stderr: 'ignore', timeout: 60_000 });
    registryFinding = { reason: success ? undefined : "Python's package registry can't be reached with pip" };
  } catch {
    registryFinding = { reason: 'no python3 on PATH' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return registryFinding.reason;
}

export type Tool = keyof typeof tools | keyof typeof places;

/** Why the tool can't be used here, or undefined when it can. */
export function lacks(tool: Tool): string | undefined {
  if (isPlace(tool)) return places[tool]();
  return tools[tool].commands.every((command) => Bun.which(command) !== null)
    ? undefined
    : tools[tool].reason;
}

const isPlace = (tool: Tool): tool is keyof typeof places => tool in places;

type Body = () => Promise<unknown> | undefined;

/**
 * A `test` for those who need tools: `needs('python3', 'tmux')('name', body)`. With a tool absent the test is
 * skipped, and `skip: <test> – <reason>` is told to whoever runs the suite (scripts/test.ts collects these lines).
 */
export function needs(...wanted: Tool[]): (name: string, body: Body, timeoutMs?: number) => void {
  const required = (process.env.EASCMD_REQUIRE ?? '').split(',');
  const absent = wanted.filter((tool) => lacks(tool) !== undefined);
  if (absent.length === 0) return (name, body, timeoutMs) => test(name, body, timeoutMs);
  const reason = absent.map((tool) => lacks(tool)).join(', ');
  if (absent.some((tool) => required.includes(tool)))
    return (name) =>
      test(name, () => {
        throw new Error(`EASCMD_REQUIRE asks for it, but: ${reason}`);
      });
  return (name, body, timeoutMs) => {
    tell(`skip: ${name} – ${reason}`);
    test.skip(name, body, timeoutMs);
  };
}

/**
 * For a whole group: `describe.skipIf(misses('python3'))`. Says so when one is absent, and throws when EASCMD_REQUIRE
 * asks for it.
 */
export function misses(tool: Tool): boolean {
  const reason = lacks(tool);
  if (reason === undefined) return false;
  if ((process.env.EASCMD_REQUIRE ?? '').split(',').includes(tool))
    throw new Error(`EASCMD_REQUIRE asks for ${tool}, but: ${reason}`);
  tell(`skip: tests of ${basename(Bun.main)} – ${reason}`);
  return true;
}

function tell(line: string): void {
  const file = process.env.EASCMD_SKIP_LOG;
  if (file) appendFileSync(file, `${line}\n`);
  else process.stderr.write(`${line}\n`);
}
