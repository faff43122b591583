import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const SHARDS = 4;
const SHARD_BYTES = 240 * 1024 * 1024;
const BLOCK_BYTES = 16 * 1024 * 1024;
const SMALL_FILES = 400;

/**
 * Writes what a saved model consists of: large files of weights (normally distributed floats, which gzip hardly
 * shrinks), a vocabulary, and hundreds of small files. Returns the bytes.
 */
export async function writeSavedModel(folder: string): Promise<number> {
  for (const name of ['variables', 'assets']) mkdirSync(join(folder, name), { recursive: true });
  let bytes = 0;
  const weights = normalFloats();
  for (let shard = 0; shard < SHARDS; shard++) {
    const file = openSync(join(folder, 'variables', `variables.data-0000${shard}-of-0000${SHARDS}`), 'w');
    for (let at = 0; at < SHARD_BYTES; at += BLOCK_BYTES) {
      // Two blocks alike are farther apart than gzip remembers.
      weights.writeUInt32LE(shard * SHARD_BYTES + at);
      bytes += writeSync(file, weights);
    }
    closeSync(file);
  }
  const words = Array.from({ length: 120_000 }, (_, at) => `token_${((at * 2654435761) >>> 0).toString(36)}`);
  bytes += write(join(folder, 'assets', 'vocab.txt'), `${words.join('\n')}\n`);
  const config = JSON.stringify({ layers: words.slice(0, 400), activation: 'gelu' }, null, 2);
  for (let at = 0; at < SMALL_FILES; at++)
    bytes += write(join(folder, 'assets', `layer_${at}.json`), `${config}${at}\n`);
  return bytes;
}

function write(path: string, text: string): number {
  writeFileSync(path, text);
  return Buffer.byteLength(text);
}

/** Box and Muller's transform. */
function normalFloats(): Buffer {
  const floats = new Float32Array(BLOCK_BYTES / 4);
  for (let at = 0; at < floats.length; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random())) * 0.02;
    const angle = 2 * Math.PI * Math.random();
    floats[at] = radius * Math.cos(angle);
    floats[at + 1] = radius * Math.sin(angle);
  }
  return Buffer.from(floats.buffer);
}
