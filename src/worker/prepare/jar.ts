import { stat } from 'node:fs/promises';
import { EasError } from '../../core/errors.ts';
import { kindOf } from './kinds.ts';

/** The entry of a Java package is a jar, or a folder of classes; whether its class is there, the JVM tells. */
export async function checkJar(file: string, shown: string): Promise<void> {
  if ((await stat(file)).isDirectory() || (await kindOf(file)) === 'zip') return;
  throw new EasError({
    code: 'ProcessorNotJar',
    message: `${shown} is no jar`,
    hint: 'processor_entry of a java processor names a jar or a folder of classes; leave it out to use all of lib/*.jar',
  });
}
