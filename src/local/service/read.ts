import { serviceConfigText } from '../../core/service/config-text.ts';
import { invalid } from '../api/error.ts';
import { readLimits } from './limits.ts';
import { readProcessor } from './processor.ts';
import { readRolling } from './rolling.ts';
import type { Config, ServiceSpec } from './spec.ts';
import { booleanField, flatten, isObject, numberField, textField } from './values.ts';

/** One laptop is not a cluster; a typing slip must not start ten thousand processes. */
const MOST_INSTANCES = 100;
/** What the manual's samples of dedicated groups show for a service that names no memory (eascmd.md 2.8). */
const DEDICATED_MEMORY_MB = 1000;
const NAME = /^[a-z][a-z0-9_]{0,127}$/;

/**
 * Reads a complete service JSON (eascmd.md section 3) the way the service does, which is not how the client reads
 * it. Throws ApiError 400 with the field's name and what it accepts.
 */
export function readSpec(config: Config): ServiceSpec {
  const name = serviceName(config);
  const metadata = config.metadata;
  if (!isObject(metadata)) throw invalid('metadata is missing: an object with at least instance');
  if (metadata.instance === undefined || metadata.instance === null)
    throw invalid('metadata.instance is missing: the number of instances');
  const instances = instanceCount(metadata.instance);
  const modelPath = textField(config, 'model_path') || undefined;
  return {
    name,
    instances,
    token: readToken(config),
    ...readProcessor(config),
    modelPath,
    warmUpPath: textField(config, 'warm_up_data_path') || undefined,
    modelEntry: textField(config, 'model_entry') || bareFileName(modelPath),
    modelConfig: modelConfig(config.model_config),
    serviceConfig: serviceConfigText(config),
    limits: readLimits(config, metadata),
    properties: flatten(metadata),
    ...readSize(metadata),
    dataImage: textField(config, 'data_image') || undefined,
    cudaFolder: textField(config, 'cuda') || undefined,
    graceMs:
      1000 * numberField(metadata, 'eas.termination_grace_period', { fallback: 30, least: 0, most: 86_400 }),
    ...readRolling(metadata, instances),
  };
}

/** What one instance takes: eascmd.md 3.4. */
export function readSize(metadata: Config): Pick<ServiceSpec, 'resource' | 'cpu' | 'gpu' | 'memoryMb'> {
  const resource = readResource(metadata);
  const cpu = numberField(metadata, 'cpu', { fallback: 1, least: 0, isWhole: false });
  return {
    resource,
    cpu,
    gpu: numberField(metadata, 'gpu', { fallback: 0, least: 0, isWhole: false }),
    memoryMb: numberField(metadata, 'memory', {
      fallback: resource ? DEDICATED_MEMORY_MB : Math.round(cpu * 4096),
      least: 0,
    }),
  };
}

/** Without it, empty, or as the manual names the public group in one place (eascmd.md 3.2): undefined. */
function readResource(metadata: Config): string | undefined {
  const resource = textField(metadata, 'resource');
  return !resource || resource === 'CPU' || resource === 'GPU' ? undefined : resource;
}

/** The name stands at the top or in metadata (eascmd.md 3.2). */
export function serviceName(config: Config): string {
  const inner = isObject(config.metadata) ? textField(config.metadata, 'name') : undefined;
  const name = textField(config, 'name') ?? inner;
  if (!name) throw invalid('name is missing: the name of the service');
  if (inner !== undefined && inner !== name)
    throw invalid(`name and metadata.name disagree: ${name} and ${inner}`);
  if (!NAME.test(name))
    throw invalid(
      `name ${JSON.stringify(name)} is not allowed: lower-case letters, digits and _, beginning with a letter, at most 128`,
    );
  return name;
}

/** The count of instances, from JSON or from ScaleService. */
export function instanceCount(value: unknown): number {
  return numberField({ instance: value }, 'instance', { fallback: 1, least: 0, most: MOST_INSTANCES });
}

/** `token: ""` makes a service public (serving.md a.3) unless generate_token asks for one. */
function readToken(config: Config): string | undefined {
  const token = textField(config, 'token');
  if (token === '' && booleanField(config, 'generate_token', false)) return undefined;
  if (token !== undefined && /[^\x21-\x7e]/.test(token))
    throw invalid('token must be printable ASCII without spaces: it travels in a header');
  return token;
}

function modelConfig(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Without model_entry the processor is given the file's own name, unless it was a package (eascmd.md 3.3). */
function bareFileName(path: string | undefined): string {
  if (!path) return '';
  const name =
    decodeName(path.replace(/[?#].*$/, ''))
      .split('/')
      .pop() ?? '';
  return /\.(tar\.gz|tgz|tar|tar\.bz2|tbz2?|bz2|zip)$/i.test(name) ? '' : name;
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
