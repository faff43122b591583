import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { findOssutil } from '../../test/support/ossutil.ts';
import { type Bench, output } from './bench.ts';
import { type ProcessCost, processCost } from './process-cost.ts';
import { median } from './statistics.ts';
import { resumeRow } from './upload-resume.ts';

const MIB = 1024 * 1024;
const FILE_BYTES = 1024 * MIB;
const UPLOAD_RUNS = 3;
const BUDGET_RATIO = 0.9;
const BUDGET_MB = 150;
const BUCKET = 'eas-model-local';

export interface UploadPlace {
  home: string;
  env: Record<string, string>;
  file: string;
  fileBytes: number;
  storeUrl: string;
  keys: { accessKeyId: string; accessKeySecret: string };
}

/** 1 GiB into the object store of Local EAS: ours, ossutil, and one PUT by curl; then ours, cut at 70 %. */
export async function uploadRows(bench: Bench): Promise<void> {
  const home = join(bench.folder, 'upload-home');
  mkdirSync(home);
  const env = { HOME: home };
  const eascmd = (...args: string[]) => output([...bench.program, ...args], { env, cwd: home });
  await eascmd('local', 'start', '--port', '0', '--object-port', '0');
  try {
    const keys = JSON.parse(readFileSync(join(home, '.eas/local/credentials.json'), 'utf8'));
    const { objectStoreUrl } = JSON.parse(await eascmd('local', 'status', '-o', 'json'));
    const file = join(home, 'model.bin');
    writeNoise(file, FILE_BYTES);
    const place = { home, env, file, fileBytes: FILE_BYTES, storeUrl: objectStoreUrl, keys };
    await compare(bench, place);
    await resumeRow(bench, place);
  } finally {
    await eascmd('local', 'stop');
  }
}

async function compare(bench: Bench, place: UploadPlace): Promise<void> {
  const { home, env, file, storeUrl, keys } = place;
  const peers = new Map<string, () => Promise<ProcessCost>>();
  peers.set('eascmd upload', () => {
    // What it remembers would make the second run one request.
    rmSync(join(home, '.eas/uploads'), { recursive: true, force: true });
    const command = [...bench.program, '-e', 'local', 'upload', file, '--to', `oss://${BUCKET}/ours/`];
    return processCost(command, { env, cwd: home });
  });
  bench.say('upload of 1 GiB: ossutil is built when there is none');
  const ossutil = await findOssutil(join(bench.folder, 'ossutil'));
  if (ossutil.startsWith('skipped:')) bench.skip('ossutil cp', ossutil.slice('skipped: '.length));
  else {
    const access = ['-e', storeUrl, '-i', keys.accessKeyId, '-k', keys.accessKeySecret];
    const command = [ossutil, 'cp', file, `oss://${BUCKET}/ossutil/model.bin`, '-f', ...access];
    peers.set('ossutil cp', () => processCost(command, { env, cwd: home }));
  }
  const curl = Bun.which('curl');
  if (curl) {
    const command = [curl, '-sS', '--fail', '-T', file, presignedPut(place)];
    peers.set('curl -T, one PUT', () => processCost(command, { env, cwd: home }));
  } else bench.skip('curl -T', 'no curl on PATH');
  const costs = new Map([...peers.keys()].map((name) => [name, [] as ProcessCost[]]));
  for (let run = 0; run < UPLOAD_RUNS; run++)
    for (const [name, measure] of peers) {
      bench.say(`upload of 1 GiB, ${name}, ${run + 1} of ${UPLOAD_RUNS}`);
      costs.get(name)!.push(await measure());
    }
  const rateOf = (name: string) => rate(costs.get(name)!);
  for (const [name, all] of costs) {
    const isOurs = name === 'eascmd upload';
    const ratio = peers.has('ossutil cp') ? rateOf(name) / rateOf('ossutil cp') : undefined;
    const peakMb = Math.max(...all.map((cost) => cost.peakMb));
    const compared = isOurs && ratio !== undefined ? `, ${ratio.toFixed(2)} x ossutil` : '';
    bench.rows.push({
      what: `upload of 1 GiB, ${name}`,
      measured: `${rateOf(name).toFixed(0)} MB/s, ${peakMb.toFixed(0)} MB, ${cpu(all)} CPU s${compared}`,
      budget: isOurs ? `>= ${BUDGET_RATIO} x ossutil, <= ${BUDGET_MB} MB` : '',
      isMet: isOurs ? (ratio ?? 1) >= BUDGET_RATIO && peakMb <= BUDGET_MB : undefined,
    });
  }
}

const rate = (all: ProcessCost[]) => FILE_BYTES / 1000 / median(all.map((cost) => cost.wallMs));
const cpu = (all: ProcessCost[]) => (median(all.map((cost) => cost.cpuMs)) / 1000).toFixed(1);

function presignedPut({ storeUrl, keys }: UploadPlace): string {
  const client = new OSS({
    endpoint: storeUrl.replace('127.0.0.1', 'localhost'),
    // A name takes no bucket in front of it.
    ...({ sldEnable: true } as object),
    bucket: BUCKET,
    accessKeyId: keys.accessKeyId,
    accessKeySecret: keys.accessKeySecret,
  });
  const signed = client.signatureUrl('curl/model.bin', { method: 'PUT', expires: 36_000 });
  return signed.replace('localhost', '127.0.0.1').replace(/^https:/, 'http:');
}

/** Bytes that no disk or wire makes smaller. */
function writeNoise(path: string, sizeBytes: number): void {
  const file = openSync(path, 'w');
  const block = crypto.getRandomValues(new Uint8Array(65_536));
  const chunk = Buffer.alloc(MIB);
  for (let at = 0; at < chunk.length; at += block.length) chunk.set(block, at);
  for (let written = 0; written < sizeBytes; written += chunk.length) {
    chunk.writeUInt32LE(written / MIB, 0);
    writeSync(file, chunk);
  }
  closeSync(file);
}
