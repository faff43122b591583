import { afterAll, beforeAll, expect } from 'bun:test';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { needs } from '../support/needs.ts';

/** From nothing to an answer: init, edit, pack and upload, create, predict. */
let local: LiveLocal;

beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop(), 60_000);

// proves: pysdk init, pysdk pack (local)
needs('python3')(
  'init, edit, pack -u, create, predict',
  async () => {
    const version = Bun.spawnSync(['python3', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    const python = version.stdout.toString().trim();
    const made = await local.run([
      'pysdk',
      'init',
      'demo',
      '--python',
      python,
      '--using',
      'copy',
      '--allspark',
      'compatible',
    ]);
    expect(made).toMatchObject({ code: 0, err: '' });

    const app = join(local.folder, 'demo/app.py');
    writeFileSync(
      app,
      readFileSync(app, 'utf8').replace('self.weights = (100, 2)', 'self.weights = (100, 3)'),
    );

    const packed = await local.eas(['pysdk', 'pack', 'demo', '-u']);
    expect(packed.code).toBe(0);
    const address = /^\[PYSDK\] Uploaded to: (oss:\/\/\S+\/demo\.tar\.gz)$/m.exec(packed.out)?.[1];
    const description = join(local.folder, 'demo/app.json');
    expect(JSON.parse(readFileSync(description, 'utf8')).processor_path).toBe(address);

    renameSync(join(local.folder, 'demo/ENV'), join(local.folder, 'away'));
    const created = await local.eas(['create', 'demo/app.json']);
    expect(created).toMatchObject({ code: 0 });
    expect(created.out).toContain('[OK] Service is running');

    // With the weight of 3 instead of 2, the line lies above the point of the template's comment.
    const answer = await local.eas(['predict', 'pysdk_demo', '-d', '2 106']);
    expect([answer.code, answer.out.trim()]).toEqual([0, 'True']);
    const refused = await local.eas(['predict', 'pysdk_demo', '-d', '2 107']);
    expect(refused.code).toBe(1);

    const again = await local.eas(['pysdk', 'pack', 'demo']);
    expect(again.err).toContain('has no ENV folder');
  },
  300_000,
);
