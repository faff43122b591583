import { afterAll, beforeAll, expect } from 'bun:test';
import { readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { lacks, needs } from '../support/needs.ts';

/** A model of scikit-learn from nothing to its answers: the packages come from Python's registry. */
const APP = `
import json
import allspark
import numpy
from sklearn.linear_model import LogisticRegression

class Classifier(allspark.BaseProcessor):
    def initialize(self):
        points = numpy.array([[0.0], [1.0], [2.0], [3.0]])
        self.model = LogisticRegression().fit(points, [0, 0, 1, 1])

    def process(self, data):
        if data == b"where":
            return numpy.__file__.encode(), 200
        points = numpy.array(json.loads(data.decode())).reshape(-1, 1)
        return json.dumps(self.model.predict(points).tolist()).encode(), 200

if __name__ == "__main__":
    Classifier(worker_threads=2).run()
`;

let local: LiveLocal | undefined;
beforeAll(async () => {
  if (!lacks('python3') && !lacks('pypi')) local = await liveLocal();
});
afterAll(() => local?.stop(), 60_000);

/** What makes pip reach the registry on this machine, and what it has fetched before. */
const pipSettings = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('PIP_'))),
  PIP_CACHE_DIR: process.env.PIP_CACHE_DIR ?? join(homedir(), '.cache/pip'),
};

needs('python3', 'pypi')(
  'init with numpy and scikit-learn, edit, pack -u, create, predict',
  async () => {
    const { folder, run, eas, write } = local!;
    write('requirements.txt', 'numpy\nscikit-learn\n');
    const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
    const version = Bun.spawnSync(['python3', '-c', script]).stdout.toString().trim();
    const init = [
      'pysdk',
      'init',
      'demo',
      '--python',
      version,
      '--using',
      'copy',
      '--allspark',
      'compatible',
    ];
    const made = await run([...init, '--requirements', 'requirements.txt'], { env: pipSettings });
    expect(made).toMatchObject({ code: 0, err: '' });
    write('demo/app.py', APP);

    expect((await eas(['pysdk', 'pack', '-u', 'demo'])).code).toBe(0);
    const description = JSON.parse(readFileSync(join(folder, 'demo/app.json'), 'utf8'));
    expect(description.processor_path).toMatch(/^oss:\/\/eas-model-local\/\d{16}\/demo\.tar\.gz$/);

    renameSync(join(folder, 'demo/ENV'), join(folder, 'away'));
    const created = await eas(['create', 'demo/app.json']);
    expect(created.out).toContain('[OK] Service is running');
    const answer = await eas(['predict', 'pysdk_demo', '-d', '[0, 1.4, 1.6, 3]']);
    expect([answer.code, answer.out.trim()]).toEqual([0, '[0, 0, 1, 1]']);
    const where = await eas(['predict', 'pysdk_demo', '-d', 'where']);
    expect(where.out).toContain('/services/pysdk_demo/v1/predictor/');
  },
  900_000,
);
