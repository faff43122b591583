import { usageError } from '../errors.ts';
import type { ProcessorType, WorkerSpec } from '../worker/spec.ts';
import { serviceConfigText } from './config-text.ts';
import type { GpuFields } from './gpu.ts';
import { flattenProperties, graceMs, workerLimits } from './limits.ts';
import type { ServiceDocument } from './model.ts';

/** What a checked service document says about running one instance of it here (eascmd.md 3.3, 3.4). */
export interface ProcessorTask
  extends GpuFields,
    Pick<WorkerSpec, 'modelEntry' | 'modelConfig' | 'serviceConfig' | 'limits' | 'properties' | 'graceMs'> {
  name: string;
  /** Undefined when the document has none; the empty string makes the service public. */
  token: string | undefined;
  processor: { type: ProcessorType; entry: string; mainClass?: string };
  /** As written: a URL, or a path relative to the document. */
  processorPath: string;
  modelPath: string | undefined;
  warmUpPath: string | undefined;
  ossEndpoint: string | undefined;
  dataImage: string | undefined;
  cpu: number | undefined;
  memoryMb: number | undefined;
  shmSizeGb: number | undefined;
}

/** Reads the task out of a document that `readServiceDocument(…, 'test')` accepted. */
export function processorTask(document: ServiceDocument): ProcessorTask {
  const text = (name: string) => (typeof document[name] === 'string' ? document[name] : undefined);
  const metadata = flattenProperties(document.metadata);
  const modelPath = text('model_path') || undefined;
  const entry = text('processor_entry') ?? '';
  const wantsToken = String(document.generate_token ?? '').toLowerCase() === 'true';
  return {
    name: text('name') ?? metadata.name ?? '',
    token: text('token') === '' && wantsToken ? undefined : text('token'),
    processor: {
      type: processorType(text('processor_type'), entry),
      entry,
      mainClass: text('processor_mainclass'),
    },
    processorPath: text('processor_path') ?? '',
    modelPath,
    ossEndpoint: text('oss_endpoint') || undefined,
    warmUpPath: text('warm_up_data_path') || undefined,
    modelEntry: text('model_entry') || bareFileName(modelPath),
    modelConfig: modelConfig(document.model_config),
    serviceConfig: serviceConfigText(document),
    limits: workerLimits(document),
    properties: metadata,
    graceMs: graceMs(document),
    dataImage: text('data_image') || undefined,
    cpu: number(metadata.cpu),
    memoryMb: number(metadata.memory),
    shmSizeGb: number(metadata.shm_size),
    gpus: number(metadata.gpu) ?? 0,
    cudaFolder: text('cuda') || undefined,
    cudaVersion: metadata.cuda || undefined,
  };
}

/** What stands in `processor_type`, else what the entry's name tells. */
function processorType(type: string | undefined, entry: string): ProcessorType {
  if (type === 'cpp' || type === 'java' || type === 'python') return type;
  if (/\.so(\.|$)|\.dylib$/.test(entry)) return 'cpp';
  if (entry.endsWith('.py')) return 'python';
  if (entry.endsWith('.jar')) return 'java';
  throw usageError(
    'MissingField',
    'the field "processor_type" is missing',
    'Add "processor_type": "cpp", "java" or "python".',
  );
}

/** Text as it is, an object as JSON text, nothing as the empty text (serving.md d.2). */
function modelConfig(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Without model_entry the processor is given the file's own name, unless it was a package. */
function bareFileName(path: string | undefined): string {
  if (!path || /[/\\]$/.test(path)) return '';
  const name =
    path
      .replace(/^(https?:[^?#]*)[?#].*$/i, '$1')
      .split(/[/\\]/)
      .pop() ?? '';
  return /\.(tar\.gz|tgz|tar|tar\.bz2|tbz2?|bz2|zip)$/i.test(name) || !/\.[^.]+$/.test(name) ? '' : name;
}

function number(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === '' || Number.isNaN(value) ? undefined : value;
}
