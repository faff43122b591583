import type { Shape } from './shapes.ts';

type Text = string | ((names: Names) => string);

/** Names that one run of the steps works with. */
export interface Names {
  service: string;
  copy: string;
  /** The blue-green twin, once it is there. */
  twin: string;
  /** An instance of the service. */
  instance: string;
  /** A benchmark task. */
  task: string;
  /** A resource group, and a machine of it. */
  resource: string;
  machine: string;
}

/** One call of an operation as openapi.md section 4 writes it, and what has to come back. */
export interface Step {
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{service}`, `{copy}`, `{twin}` and `{instance}` for names. */
  path: string;
  query?: Record<string, Text>;
  body?: (names: Names) => unknown;
  /** All fields of the reply besides RequestId; those of `of` may be left out. */
  reply: Shape;
  isPartial?: boolean;
  /** Shape of the members of a list in the reply. */
  members?: { of: string; shape: Shape; isPartial?: boolean };
  /** Shape of an object in the reply. */
  inner?: { of: string; shape: Shape };
  /** Text that Message has to be. */
  message?: Text;
  /** Status that the service reaches after it; `gone` when it is deleted. */
  reaches?: string;
  /** Status that the benchmark task reaches after it; `gone` when it is deleted. */
  taskReaches?: 'Running' | 'Stopped' | 'gone';
  /** Whose status `reaches` is about. */
  who?: 'service' | 'copy' | 'twin';
}

export const acknowledged: Shape = { Message: 'string' };
export const page: Shape = { PageNumber: 'number', PageSize: 'number', TotalCount: 'number' };
