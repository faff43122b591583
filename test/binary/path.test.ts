import { describe, expect } from 'bun:test';
import { join } from 'node:path';
import { BinaryPlace } from '../support/binary/place.ts';
import { describeCpp, describePython, echoPython } from '../support/binary/services.ts';
import { needs } from '../support/needs.ts';

/** Nothing that only a terminal should see. */
const ESCAPE = '\x1b';

describe('the binary against its own Local EAS', () => {
  needs('python3')('takes a Python service from upload to delete, with clean pipes', async () => {
    await using place = new BinaryPlace();
    await place.startLocal();
    const description = await describePython(place, 'echo', echoPython);
    const created = await place.must(['-e', 'local', 'create', description]);
    expect(created.stdout).toMatch(/^\[RequestId\]: /);
    expect(created.stdout).toEndWith('[OK] Service is running\n');
    const answer = await place.must(['-e', 'local', 'predict', 'echo'], { input: 'hello' });
    expect(answer.stdout).toBe('echo hello');
    const scaled = await place.must(['-e', 'local', 'modify', 'echo', '-Dmetadata.instance=2']);
    const workers = await place.must(['-e', 'local', 'w', 'echo', '-o', 'json']);
    expect(JSON.parse(workers.stdout).Instances).toHaveLength(2);
    const deleted = await place.must(['-e', 'local', 'delete', 'echo'], { input: 'Y\n' });
    expect(deleted.stdout).toEndWith('[OK] Service was deleted successfully\n');
    for (const { stdout, stderr } of [created, answer, scaled, workers, deleted])
      expect(stdout + stderr).not.toContain(ESCAPE);
  });

  needs('g++')('runs the threads of a C++ processor', async () => {
    await using place = new BinaryPlace();
    await Bun.write(join(place.work, 'meet.cpp'), meetCpp);
    const compiled = Bun.spawnSync(
      ['g++', '-shared', '-fPIC', '-O1', '-pthread', '-o', 'libmeet.so', 'meet.cpp'],
      {
        cwd: place.work,
      },
    );
    expect(compiled.stderr.toString()).toBe('');
    await place.startLocal();
    await place.must(['-e', 'local', 'create', await describeCpp(place, 'meet', 'libmeet.so')]);
    await Bun.write(join(place.work, 'lines'), 'a\nb\nc\nd\n');
    const met = await place.must([
      '-e',
      'local',
      'predict',
      'meet',
      '--lines',
      '--concurrency',
      '4',
      '-f',
      'lines',
    ]);
    expect(met.stdout).toBe('a met\nb met\nc met\nd met\n');
  });
});

/** Answers a request only once four of them are inside at the same time: fewer threads would wait in vain. */
const meetCpp = `#include <condition_variable>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

static std::mutex door;
static std::condition_variable bell;
static int inside = 0;

extern "C" void *initialize(const char *, const char *, int *state) {
  *state = 0;
  return nullptr;
}

extern "C" int process(void *, const void *in, int in_size, void **out, int *out_size) {
  std::string text(static_cast<const char *>(in), in_size);
  {
    std::unique_lock<std::mutex> lock(door);
    inside++;
    bell.notify_all();
    text += bell.wait_for(lock, std::chrono::seconds(4), [] { return inside >= 4; }) ? " met" : " waited in vain";
  }
  *out = malloc(text.size());
  memcpy(*out, text.data(), text.size());
  *out_size = static_cast<int>(text.size());
  return 0;
}
`;
