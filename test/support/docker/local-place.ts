import { runCli } from '../../../src/cli/run.ts';
import { fakeIo } from '../fake-io.ts';
import { selfCommand } from '../live-local.ts';
import { hostOf } from '../scripted-eas.ts';
import { TestPlace } from '../test-place.ts';

/** A Local EAS of its own whose instances run in containers; stopped at the end. */
export class LocalPlace implements AsyncDisposable {
  readonly files = new TestPlace();

  constructor(private readonly env: Record<string, string> = {}) {}

  async start(image: string): Promise<void> {
    const started = await this.run(
      ...['local', 'start', '--port', '0', '--object-port', '0', '--runtime', 'docker', '--image', image],
    );
    if (started.code !== 0) throw new Error(`Local EAS did not start: ${started.err}`);
  }

  eas(...argv: string[]) {
    return this.run('-e', 'local', ...argv);
  }

  async run(...argv: string[]) {
    const io = fakeIo({ stdin: '', isRealTime: true });
    const { folder, scratch } = this.files;
    const { PATH, DOCKER_HOST } = process.env;
    const env = { PATH, DOCKER_HOST, HOME: folder, TMPDIR: scratch, ...this.env };
    const code = await runCli(hostOf(argv, { cwd: folder, homeDir: folder, selfCommand, env }), io);
    return { code, out: io.out(), err: io.err(), bytes: io.outBytes() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run('local', 'stop');
    await this.files[Symbol.asyncDispose]();
  }
}
