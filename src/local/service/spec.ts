import type { ProcessorType, WorkerLimits } from '../../core/worker/spec.ts';

/** A service JSON document as it came. */
export type Config = Record<string, unknown>;

/** What Local EAS needs to know to run a service, read out of its JSON by service/read.ts. */
export interface ServiceSpec {
  name: string;
  instances: number;
  /** Undefined when the JSON says nothing: the service keeps or gets one of its own. */
  token: string | undefined;
  processor: { type: ProcessorType; entry: string; mainClass: string | undefined };
  processorPath: string;
  modelPath: string | undefined;
  modelEntry: string;
  warmUpPath: string | undefined;
  modelConfig: string;
  /** The document as user code may see it. */
  serviceConfig: string;
  limits: WorkerLimits;
  properties: Record<string, string>;
  /** Resource group; undefined is the public one, which is not accounted. */
  resource: string | undefined;
  cpu: number;
  gpu: number;
  memoryMb: number;
  /** Image with an ENV at /data/eas, and the CUDA folder of this machine: for instances in containers. */
  dataImage: string | undefined;
  cudaFolder: string | undefined;
  graceMs: number;
  /** Instances a rolling update may have beyond the wanted number, and may lack. */
  maxSurge: number;
  maxUnavailable: number;
}
