import type { Pressure } from '../core/benchmark/agent.ts';
import { Connection, type Destination } from './connection.ts';
import { Pacer } from './pacer.ts';
import type { Outcome } from './tally.ts';

/** How often paced requests and answers that are late are looked for. */
const LOOK_MS = 2;

export interface SwarmOptions {
  destination: Destination;
  requests: Buffer[];
  pressure: Pressure;
  timeoutMs: number;
  /** How many to send in all. */
  limit: number;
  onOutcome(outcome: Outcome): void;
  /** Everything that was to be sent has been answered. */
  onDone(): void;
}

/** The connections of an agent: as many as the pressure says, each busy as often as it allows. */
export class Swarm {
  private readonly connections = new Set<Connection>();
  private readonly idle: Connection[] = [];
  private wanted = 0;
  private pacer: Pacer | undefined;
  private timer: Timer | undefined;
  private sent = 0;
  private ended = 0;
  private isStopping = false;

  constructor(private readonly options: SwarmOptions) {}

  start(): void {
    this.press(this.options.pressure);
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  press({ connections, qps }: Pressure): void {
    this.wanted = connections;
    this.pacer = qps === undefined ? undefined : new Pacer(qps, performance.now());
    while (this.connections.size < connections) {
      const connection = this.open();
      this.connections.add(connection);
      this.idle.push(connection);
    }
    this.pump();
  }

  /** Sends nothing more; resolves when what is under way has ended, or after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    const until = performance.now() + graceMs;
    while (this.idle.length < this.connections.size && performance.now() < until) await Bun.sleep(5);
    clearInterval(this.timer);
    for (const connection of this.connections) connection.close();
  }

  private open(): Connection {
    const connection: Connection = new Connection(this.options.destination, (outcome) => {
      this.idle.push(connection);
      this.ended++;
      this.options.onOutcome(outcome);
      if (this.ended >= this.options.limit) this.options.onDone();
      else this.pump();
    });
    return connection;
  }

  private look(): void {
    const now = performance.now();
    for (const connection of this.connections)
      if (connection.age(now) > this.options.timeoutMs) connection.giveUp();
    if (this.pacer) this.pump();
  }

  private pump(): void {
    const { requests, limit } = this.options;
    if (this.isStopping) return;
    while (this.connections.size > this.wanted && this.idle.length > 0) {
      const spare = this.idle.pop()!;
      this.connections.delete(spare);
      spare.close();
    }
    let due = this.pacer ? this.pacer.due(performance.now()) : Number.POSITIVE_INFINITY;
    for (; due > 0 && this.idle.length > 0 && this.sent < limit; due--) {
      this.idle.pop()!.send(requests[this.sent % requests.length]!);
      this.sent++;
      this.pacer?.take();
    }
  }
}
