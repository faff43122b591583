import type { AgentCommand, AgentEvent, AgentSpec } from '../core/benchmark/agent.ts';
import type { Host } from '../core/host.ts';
import { eachLine } from '../core/process/lines.ts';
import { readBodies } from './bodies.ts';
import { requestsOf } from './request.ts';
import { Swarm } from './swarm.ts';
import { Tally } from './tally.ts';

/** What is under way when the agent is told to stop gets this long. */
const GRACE_MS = 1_000;
/** A spec names each file of the data. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

/**
 * `eascmd __load`: an agent of a benchmark task (core/benchmark/agent.ts). It sends only to the URL of its spec, and ends
 * with its stdin, so that it never outlives Local EAS. Returns the exit code.
 */
export async function runLoad(_host: Host): Promise<number> {
  let agent: Agent | undefined;
  let begun: Promise<void> | undefined;
  await eachLine(
    Bun.stdin.stream(),
    (line) => {
      const message = JSON.parse(line) as AgentSpec | AgentCommand;
      if (!('type' in message)) {
        agent = new Agent(message);
        begun = agent.begin().catch((error) => emit({ type: 'error', message: (error as Error).message }));
      } else void agent?.obey(message);
    },
    MOST_LINE_BYTES,
  );
  await begun;
  await agent?.end(0);
  return 0;
}

class Agent {
  private readonly tally = new Tally();
  private swarm: Swarm | undefined;
  private ticker: Timer | undefined;
  private ending: Promise<void> | undefined;

  constructor(private readonly spec: AgentSpec) {}

  async begin(): Promise<void> {
    const { spec } = this;
    const bodies = await readBodies(spec);
    if (this.ending) return;
    if (bodies.length === 0) throw new Error('the data holds no request');
    const { hostname, port, protocol } = new URL(spec.url);
    this.swarm = new Swarm({
      destination: {
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port || (protocol === 'https:' ? 443 : 80)),
      },
      requests: requestsOf(spec, bodies),
      pressure: spec.pressure,
      timeoutMs: spec.timeoutMs,
      limit: spec.requests ?? Number.POSITIVE_INFINITY,
      onOutcome: (outcome) => this.tally.add(outcome),
      onDone: () => void this.end(GRACE_MS),
    });
    emit({ type: 'running' });
    this.tick();
    this.swarm.start();
  }

  async obey(command: AgentCommand): Promise<void> {
    if (command.type === 'stop') return this.end(GRACE_MS);
    this.swarm?.press(command.pressure);
    emit({ type: 'pressed', pressure: command.pressure });
  }

  end(graceMs: number): Promise<void> {
    this.ending ??= (async () => {
      await this.swarm?.stop(graceMs);
      clearTimeout(this.ticker);
      this.report(Math.floor(Date.now() / 1000));
      emit({ type: 'ended' });
    })();
    return this.ending;
  }

  /** Reports each second of the clock when it is over. */
  private tick(): void {
    const second = Math.floor(Date.now() / 1000);
    this.ticker = setTimeout(
      () => {
        this.report(second);
        this.tick();
      },
      (second + 1) * 1000 - Date.now(),
    );
  }

  private report(at: number): void {
    emit({ type: 'second', ...this.tally.take(at) });
  }
}

function emit(event: AgentEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
