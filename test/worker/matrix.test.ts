import { afterAll, beforeAll, describe, expect, setDefaultTimeout } from 'bun:test';
import { join } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { needs, type Tool } from '../support/needs.ts';
import { type Row, rows } from './matrix-rows.ts';
import { temporaryFolder } from './packages.ts';

/**
 * The same requests to the same processor must get the same bytes, wherever it runs. A row is a processor, with the
 * answers it has to give; a column is a way to run it.
 */
setDefaultTimeout(180_000);

let local: LiveLocal;
beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop());

const nameOf = (row: Row) => `row_${rows.indexOf(row)}`;
const requestFile = (row: Row, index: number) => `${nameOf(row)}-${index}.bin`;
const imageOf = ({ image, language }: Row) => `eascmd-test-${image ?? language}`;

const described = new Map<Row, Promise<string>>();

/** Builds the row's package once and writes its service JSON and requests; returns the name of the JSON. */
function describedAs(row: Row): Promise<string> {
  const known = described.get(row) ?? written(row);
  described.set(row, known);
  return known;
}

async function written(row: Row): Promise<string> {
  const eascmd = async (...args: string[]) => {
    const { code, err } = await local.run(args);
    if (code !== 0) throw new Error(`eascmd ${args.join(' ')}: ${err}`);
  };
  const fields = await row.build(temporaryFolder(), eascmd);
  const metadata = { instance: 1, cpu: 1, 'rpc.keepalive': 60_000 };
  const service = { name: nameOf(row), processor_type: row.language, ...fields, metadata };
  for (const [index, { body }] of row.exchanges.entries()) local.write(requestFile(row, index), body);
  local.write(`${nameOf(row)}.json`, JSON.stringify(service));
  return `${nameOf(row)}.json`;
}

/** Sends every request of the row to the service that `file` describes and returns the answers. */
type Column = (row: Row, file: string) => Promise<Uint8Array[]>;

async function deployed(place: LiveLocal, row: Row, file: string): Promise<Uint8Array[]> {
  const created = await place.eas(['create', file]);
  expect([created.code, created.err]).toEqual([0, '']);
  const answers: Uint8Array[] = [];
  for (const index of row.exchanges.keys()) {
    const request = join(local.folder, requestFile(row, index));
    const { code, bytes } = await place.eas(['predict', nameOf(row), '-f', request]);
    expect(code).toBe(0);
    answers.push(bytes);
  }
  expect((await place.eas(['delete', nameOf(row), '-y'])).code).toBe(0);
  return answers;
}

async function tested(row: Row, file: string, ...runtime: string[]): Promise<Uint8Array[]> {
  const files = [...row.exchanges.keys()].flatMap((index) => ['--request', requestFile(row, index)]);
  const { code, out, err } = await local.run(['test', file, ...runtime, ...files, '-o', 'json']);
  expect([code, err]).toEqual([0, '']);
  const answers = JSON.parse(out) as { body?: string; bodyBase64?: string }[];
  return answers.map(({ body, bodyBase64 }) =>
    Buffer.from(bodyBase64 ?? body!, bodyBase64 ? 'base64' : 'utf8'),
  );
}

const columns: Record<string, Column> = {
  'Local EAS, process': (row, file) => deployed(local, row, file),
  'eascmd test, process': (row, file) => tested(row, file, '--runtime', 'process'),
  async 'Local EAS, docker'(row, file) {
    const boxed = await liveLocal(['--runtime', 'docker', '--image', imageOf(row)]);
    try {
      return await deployed(boxed, row, join(local.folder, file));
    } finally {
      await boxed.stop();
    }
  },
  'eascmd test, docker': (row, file) => tested(row, file, '--image', imageOf(row)),
};

for (const [where, answersOf] of Object.entries(columns)) {
  describe(where, () => {
    for (const row of rows) {
      const image: Tool[] = where.endsWith('docker') ? [`docker-${row.image ?? row.language}` as Tool] : [];
      // proves: test (local)
      needs(...row.tools, ...image)(`${row.name} answers every request with the expected bytes`, async () => {
        const answers = await answersOf(row, await describedAs(row));
        const summary = (bytes: Uint8Array) => [
          bytes.byteLength,
          bytes.byteLength < 1000 ? Buffer.from(bytes).toString('latin1') : Bun.hash(bytes),
        ];
        expect(answers.map(summary)).toEqual(row.exchanges.map(({ answer }) => summary(answer)));
      });
    }
  });
}
