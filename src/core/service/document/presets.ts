/** Codes of the preset processors (eascmd.md 3.8), those seen in samples only included. */
export const PRESET_PROCESSORS: readonly string[] = [
  'pmml',
  'tensorflow_cpu',
  'tensorflow_cpu_1.12',
  'tensorflow_cpu_1.14',
  'tensorflow_cpu_1.15',
  'tensorflow_cpu_2.3',
  'tensorflow_gpu_1.12',
  'tensorflow_gpu_1.14',
  'tensorflow_gpu_1.15',
  'pytorch_cpu_1.6',
  'pytorch_gpu_1.6',
  'caffe_cpu',
  'caffe_gpu',
  'parameter_sever',
  'parameter_server',
  'alink_pai_processor',
  'xnn_cpu',
  'easy_vision_cpu_tf1.12',
  'easy_vision_gpu_tf1.12',
  'easy_vision_cpu_tf1.12_torch151',
  'easy_vision_gpu_tf1.12_torch151',
  'easy_nlp_cpu_tf1.12',
  'easy_nlp_gpu_tf1.12',
  'easy_nlp_with_transformer_gpu',
  'easynlp',
  'easytransfer_cpu',
  'easytransfer_gpu',
  'easy_asr_gpu_tf1.12',
  'easycv',
  'blade_cpu',
  'blade_cuda10.0_beta',
  'mediaflow',
  'triton',
  'easyrec-2.4',
  'easyrec-3.0',
  'easyrec-torch-1.0',
  'easyrec-torch-2.1',
  'xgboost',
  'onnx_cu100',
];

const stem = (code: string) => code.replace(/\d+/g, '#');
const known = new Set(PRESET_PROCESSORS);
const stems = new Set(PRESET_PROCESSORS.map(stem));

/** `other version` is a known processor with a version this table lacks, such as a newer TensorFlow. */
export function presetKind(code: string): 'known' | 'other version' | 'unknown' {
  if (known.has(code)) return 'known';
  return stems.has(stem(code)) ? 'other version' : 'unknown';
}
