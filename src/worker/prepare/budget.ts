import { EasError } from '../../core/errors.ts';
import { beat } from './pulse.ts';

/** Unpacking to less than this is never absurd. */
const HARMLESS_BYTES = 256 * 1024 * 1024;
const MAX_RATIO = 500;
const MAX_ENTRIES = 2_000_000;

/** Counts what comes out of a package, and refuses more than allowed or than its size makes plausible. */
export class Budget {
  bytes = 0;
  private entries = 0;

  constructor(
    private readonly shown: string,
    private readonly packedBytes: number,
    private readonly maxBytes: number,
  ) {}

  entry(): void {
    if (++this.entries > MAX_ENTRIES) throw this.tooLarge(`more than ${MAX_ENTRIES} files`);
  }

  add(bytes: number): void {
    this.bytes += bytes;
    beat();
    if (this.bytes > this.maxBytes) throw this.tooLarge(`more than ${megabytes(this.maxBytes)} MB`);
    if (this.bytes > HARMLESS_BYTES && this.bytes > this.packedBytes * MAX_RATIO) {
      throw this.tooLarge(`more than ${MAX_RATIO} times its own size`);
    }
  }

  private tooLarge(what: string): EasError {
    return new EasError({
      code: 'PackageTooLarge',
      message: `${this.shown} is refused: it unpacks to ${what}`,
      hint: 'leave out what the service does not need, or upload it unpacked',
    });
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
