import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Glob } from 'bun';

/** What tests prove of a command: that it works against Local EAS, and whose clients or servers met it on the wire. */
export interface Proof {
  local: boolean;
  wire: Set<string>;
}

/**
 * Reads the marks of the tests: `// proves: logs, events (local)` or `(wire, <who>)`, right above a test or group of
 * tests. A mark that stands elsewhere, or names no command, is an error: it would prove nothing.
 */
export function readMarks(root: string, commands: string[]): Map<string, Proof> {
  const proofs = new Map(commands.map((name) => [name, { local: false, wire: new Set<string>() }]));
  for (const path of [...new Glob('test/**/*.test.ts').scanSync(root)].sort()) {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      if (!line.trim().startsWith('// proves:')) continue;
      const where = `${path}:${index + 1}`;
      const below = lines.slice(index + 1).find((other) => !other.trim().startsWith('//')) ?? '';
      if (!/^\s*(test|step|describe|needs|testWith)\b.*[(<]/.test(below))
        throw new Error(`${where}: no test follows the mark`);
      for (const { command, who } of readMark(line, where)) {
        const proof = proofs.get(command);
        if (!proof) throw new Error(`${where}: there is no command "${command}"`);
        if (who === undefined) proof.local = true;
        else proof.wire.add(who);
      }
    }
  }
  return proofs;
}

function readMark(line: string, where: string): { command: string; who: string | undefined }[] {
  const found = /\/\/ proves: (.+) \((local|wire, (.+))\)$/.exec(line);
  if (!found) throw new Error(`${where}: a mark is "// proves: <command>, … (local)" or "(wire, <who>)"`);
  return found[1]!.split(', ').map((command) => ({ command, who: found[3] }));
}
