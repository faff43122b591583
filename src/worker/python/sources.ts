import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import init from './allspark/__init__.py' with { type: 'text' };
import guard from './allspark/_guard.py' with { type: 'text' };
import http from './allspark/_http.py' with { type: 'text' };
import link from './allspark/_link.py' with { type: 'text' };
import processor from './allspark/_processor.py' with { type: 'text' };
import properties from './allspark/_properties.py' with { type: 'text' };
import proxy from './allspark/_proxy.py' with { type: 'text' };
import service from './allspark/_service.py' with { type: 'text' };

const FILES = {
  '__init__.py': init,
  '_guard.py': guard,
  '_http.py': http,
  '_link.py': link,
  '_processor.py': processor,
  '_properties.py': properties,
  '_service.py': service,
};

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
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(pythonPath, 'allspark', name), text);
  const proxyScript = join(folder, 'official.py');
  await writeFile(proxyScript, proxy);
  return { pythonPath, proxyScript };
}
