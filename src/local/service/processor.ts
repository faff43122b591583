import type { ProcessorType } from '../../core/worker/spec.ts';
import { ApiError, invalid } from '../api/error.ts';
import type { Config, ServiceSpec } from './spec.ts';
import { textField } from './values.ts';

const unsupported = (message: string) => new ApiError(400, 'UnsupportedProcessor', message);

/** Reads the processor of a service. What Local EAS can't run is refused before anything starts. */
export function readProcessor(config: Config): Pick<ServiceSpec, 'processor' | 'processorPath'> {
  if (config.containers !== undefined)
    throw unsupported('containers: images are run by the cloud service only; Local EAS runs processors');
  const preset = textField(config, 'processor');
  if (preset)
    throw unsupported(
      `processor: the preset processor ${preset} needs the cloud service; Local EAS runs processors given by processor_path, processor_entry and processor_type (cpp, java or python)`,
    );
  const type = textField(config, 'processor_type');
  const entry = textField(config, 'processor_entry');
  const path = textField(config, 'processor_path');
  if (!type && !entry && !path)
    throw invalid(
      'processor is missing: give processor, or processor_path with processor_entry and processor_type',
    );
  const known = typeOf(type, entry);
  const mainClass = textField(config, 'processor_mainclass');
  if (known === 'java' && !mainClass)
    throw invalid('processor_mainclass is missing: a java processor needs it, e.g. com.example.MyProcessor');
  if (!path) throw invalid('processor_path is missing: the package of the processor');
  if (!entry && known !== 'java')
    throw invalid(`processor_entry is missing: a ${known} processor needs it, e.g. ${example(known)}`);
  return {
    processor: { type: known, entry: entry ?? '', mainClass },
    processorPath: path,
  };
}

function typeOf(type: string | undefined, entry: string | undefined): ProcessorType {
  if (type === 'cpp' || type === 'java' || type === 'python') return type;
  if (type) throw invalid(`processor_type must be cpp, java or python, not ${JSON.stringify(type)}`);
  if (entry?.endsWith('.so') || entry?.endsWith('.dylib') || entry?.endsWith('.dll')) return 'cpp';
  if (entry?.endsWith('.py')) return 'python';
  if (entry?.endsWith('.jar')) return 'java';
  throw invalid('processor_type is missing: cpp, java or python');
}

const example = (type: ProcessorType) => (type === 'python' ? './app.py' : 'libprocessor.so');
