// Entry of every `npm run`: plain Node, no packages. Makes sure that node_modules is what package-lock.json says, then
// runs scripts/<name>.ts with the Bun that came with it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

class Refusal extends Error {}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Says what is wrong with node_modules, or undefined when it holds what package-lock.json lists. */
function whatIsStale() {
  const installed = readJson(join(modules, '.package-lock.json'))?.packages;
  if (!installed) return 'node_modules is missing or unfinished';
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  if (!wanted) throw new Refusal('package-lock.json is missing or broken: restore it from the repository');
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    if (!found && !entry.optional) return `${path} is not installed`;
    if (found && (found.version !== entry.version || found.integrity !== entry.integrity))
      return `${path} is ${found.version}, package-lock.json has ${entry.version}`;
    if (found && !entry.optional && !existsSync(join(root, path, 'package.json'))) return `${path} is empty`;
  }
  return undefined;
}

/** npm as a command line: the one that runs this script, else whatever `npm` is on PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.[cm]?js$/.test(script)) return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function installPackages() {
  const stale = whatIsStale();
  if (!stale) return;
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink())
    throw new Refusal(`${stale}, and node_modules is a link: run "npm ci" in the folder that it points to`);
  process.stderr.write(`${stale}: running npm ci\n`);
  const [program, ...args] = [...npmCommand(), 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: program.endsWith('.cmd'),
  });
  if (done.status === 0 && !whatIsStale()) return;
  const end =
    done.error?.message ?? (done.status === null ? `signal ${done.signal}` : `exit code ${done.status}`);
  throw new Refusal(
    `the packages could not be installed (npm ci: ${end}). The first run needs a package registry: check the network, ` +
      'the proxy and "npm config get registry", then run this again',
  );
}

/**
 * Bun's binary. Its npm package holds only a placeholder where install scripts are switched off; the real file then
 * lies in the package of this platform.
 */
function findBun() {
  const system = { win32: 'windows' }[process.platform] ?? process.platform;
  const cpu = { arm64: 'aarch64' }[process.arch] ?? process.arch;
  const file = process.platform === 'win32' ? 'bun.exe' : 'bun';
  const candidates = [
    join(modules, 'bun', 'bin', 'bun.exe'),
    ...['', '-musl', '-baseline'].map((variant) =>
      join(modules, '@oven', `bun-${system}-${cpu}${variant}`, 'bin', file),
    ),
  ];
  const placeholderBytes = 1 << 20;
  for (const path of candidates) {
    if (!existsSync(path) || statSync(path).size < placeholderBytes) continue;
    if (spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0) return path;
  }
  throw new Refusal(
    `no Bun that runs on ${process.platform} ${process.arch} came with the packages: delete node_modules and run ` +
      'this again, without --omit=optional',
  );
}

/** Runs to the end; a signal to us goes to the child, which cleans up and decides how it ends. */
function runScript(bun, name, args) {
  const script = join(root, 'scripts', `${name}.ts`);
  if (!existsSync(script)) throw new Refusal(`there is no scripts/${name}.ts`);
  const child = spawn(bun, [script, ...args], { cwd: root, stdio: 'inherit' });
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT'); // a terminal sends it to the child as well
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`eascmd: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

try {
  const [name, ...args] = process.argv.slice(2);
  if (!name) throw new Refusal('usage: node scripts/run.mjs <script> [arguments]');
  if (Number(process.versions.node.split('.')[0]) < 18)
    throw new Refusal(`Node ${process.versions.node} is too old: 18 or newer is needed`);
  installPackages();
  runScript(findBun(), name, args);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`eascmd: ${error.message}\n`);
  process.exitCode = 1;
}
