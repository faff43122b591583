import { usageError } from '../errors.ts';

/** Far above any description, far below a model that was named by mistake. */
export const MAX_INPUT_BYTES = 4 * 1024 * 1024;

/**
 * Text of a small input file: UTF-8, or UTF-16 that says so with its byte order mark, as `>` of Windows PowerShell
 * writes it. Bytes that are neither become U+FFFD, which only comments may hold. Throws EasError (exit 2) when there are
 * more than MAX_INPUT_BYTES.
 */
export function decodeInput(bytes: Uint8Array, fileName: string): string {
  if (bytes.byteLength > MAX_INPUT_BYTES)
    throw usageError(
      'InputTooLarge',
      `${fileName} is larger than ${MAX_INPUT_BYTES / 1024 / 1024} MiB, which no file of this kind is`,
      'check that it is the file you mean; a model is named in it by its path',
    );
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
