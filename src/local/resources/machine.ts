import { availableParallelism, hostname, totalmem } from 'node:os';

/** One machine of a resource group and what services may use of it. */
export interface Machine {
  name: string;
  type: string;
  cpu: number;
  memoryMb: number;
  gpu: number;
}

const NVIDIA_PATIENCE_MS = 10_000;

/** This machine; its GPUs are counted by nvidia-smi where there is one, which may take seconds. */
export class ThisMachine {
  private gpu = 0;

  constructor(private readonly log: (line: string) => void) {}

  get machine(): Machine {
    return {
      name: `local.${hostname()}`,
      type: `${process.platform}-${process.arch}`,
      cpu: availableParallelism(),
      memoryMb: Math.floor(totalmem() / 2 ** 20),
      gpu: this.gpu,
    };
  }

  /** `path` is the PATH of the daemon's environment. */
  async countGpus(path: string | undefined): Promise<void> {
    const program = Bun.which('nvidia-smi', { PATH: path ?? '' });
    if (!program) return;
    try {
      const query = [program, '--query-gpu=index', '--format=csv,noheader'];
      const asked = Bun.spawn(query, {
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'ignore',
        timeout: NVIDIA_PATIENCE_MS,
        killSignal: 'SIGKILL',
      });
      const text = await asked.stdout.text();
      if ((await asked.exited) !== 0) throw new Error(`it ended with code ${asked.exitCode}`);
      this.gpu = text.split('\n').filter((line) => /^\d+$/.test(line.trim())).length;
      this.log(`nvidia-smi tells of ${this.gpu} GPUs`);
    } catch (error) {
      this.log(`nvidia-smi could not tell the GPUs of this machine: ${error}`);
    }
  }
}
