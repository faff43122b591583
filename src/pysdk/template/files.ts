import app from './app.py' with { type: 'text' };

/** eascmd.md 2.15, S 6.4.4. */
export const APP_PY = app;

/** eascmd.md 2.15: the service description that `pysdk init` writes. */
export const APP_JSON = `${JSON.stringify(
  {
    name: 'pysdk_demo',
    processor_entry: './app.py',
    processor_type: 'python',
    processor_path: 'oss://path/to/processor',
    metadata: { region: 'cn-beijing', instance: 1, memory: 2000, resource: '', cpu: 1 },
  },
  null,
  2,
)}\n`;
