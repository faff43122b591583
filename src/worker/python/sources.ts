import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALLSPARK_FILES, OFFICIAL_PROXY } from '../../python/allspark.ts';

export interface PythonSources {
  /** Goes on PYTHONPATH when the official package isn't there. */
  pythonPath: string;
  /** Runs an app with the official package. */
  proxyScript: string;
}

/** Writes our `allspark` below `folder`; it travels inside the binary. */
export async function writePythonSources(folder: string): Promise<PythonSources> {
  const pythonPath = join(folder, 'python');
  await mkdir(join(pythonPath, 'allspark'), { recursive: true });
  for (const [name, text] of Object.entries(ALLSPARK_FILES))
    await writeFile(join(pythonPath, 'allspark', name), text);
  const proxyScript = join(folder, 'official.py');
  await writeFile(proxyScript, OFFICIAL_PROXY);
  return { pythonPath, proxyScript };
}
