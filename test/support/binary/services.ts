import { join } from 'node:path';
import type { BinaryPlace } from './place.ts';

/** Uploads a processor and writes the description of a service that runs it; returns the description's file name. */
export async function describePython(place: BinaryPlace, name: string, code: string): Promise<string> {
  const entry = `${name}.py`;
  await Bun.write(join(place.work, entry), code);
  return describe(place, name, { processor_type: 'python', processor_entry: entry }, entry);
}

/** As above for a C++ processor: `library` is a file of the work folder. */
export async function describeCpp(place: BinaryPlace, name: string, library: string): Promise<string> {
  return describe(place, name, { processor_type: 'cpp', processor_entry: library }, library);
}

async function describe(
  place: BinaryPlace,
  name: string,
  processor: Record<string, string>,
  file: string,
): Promise<string> {
  const { stdout } = await place.must(['-e', 'local', 'upload', file]);
  const target = /oss target path: \[(.*)\]/.exec(stdout)?.[1];
  if (!target) throw new Error(`upload printed no target path:\n${stdout}`);
  const document = {
    name,
    ...processor,
    model_path: target,
    processor_path: target,
    metadata: { instance: 1, cpu: 1, 'rpc.worker_threads': 4 },
  };
  const description = `${name}.json`;
  await Bun.write(join(place.work, description), JSON.stringify(document, null, 2));
  return description;
}

export const echoPython = `import allspark

class Echo(allspark.BaseProcessor):
    def initialize(self):
        pass

    def process(self, data):
        return b'echo ' + data, 200

Echo(worker_threads=2).run()
`;

/** Never becomes ready within the life of a test. */
export const slowPython = `import time
import allspark

class Slow(allspark.BaseProcessor):
    def initialize(self):
        time.sleep(600)

    def process(self, data):
        return data, 200

Slow().run()
`;
