import type { PackedHistogram } from './histogram.ts';

/**
 * `eascmd __load`: one agent of a benchmark task, in a process of its own. The spec and then commands are JSON lines on
 * stdin, events are JSON lines on stdout; the end of stdin ends the agent.
 */
export interface AgentSpec {
  /** Endpoint of the service on this machine: `http://127.0.0.1:18500/api/predict/<service>`. */
  url: string;
  /** Sent with each request; Host and those about the length are the agent's own. */
  headers: [name: string, value: string][];
  /** Each file is the body of a request, or each of its lines is. */
  files: string[];
  isMultiLine: boolean;
  /** Longest time for one answer. */
  timeoutMs: number;
  pressure: Pressure;
  /** The agent ends after so many requests. */
  requests?: number;
}

export interface Pressure {
  /** Connections, each with one request at a time. */
  connections: number;
  /** Requests a second at most; as fast as the answers come when absent. */
  qps?: number;
}

export type AgentCommand = { type: 'pressure'; pressure: Pressure } | { type: 'stop' };

export type AgentEvent =
  /** The bodies are read and sending begins. */
  | { type: 'running' }
  | { type: 'pressed'; pressure: Pressure }
  | ({ type: 'second' } & AgentSecond)
  /** No request is under way any more. */
  | { type: 'ended' }
  | { type: 'error'; message: string };

/** What one agent did in one second. */
export interface AgentSecond {
  /** Seconds since the epoch. */
  at: number;
  /** Requests that ended, by HTTP status; NO_ANSWER for those without one. */
  codes: Record<string, number>;
  sentBytes: number;
  receivedBytes: number;
  /** Response times of answered requests. */
  times: PackedHistogram;
}
