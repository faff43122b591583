import type { Context } from '../../cli/context.ts';
import { type ProgressBar, sizeText, startProgressBar } from '../../ui/progress-bar.ts';

/** The lines and the bar of an image that is being fetched (eascmd.md 2.16). */
export class Pulling {
  private bar: ProgressBar | undefined;
  private totalBytes = 0;
  /** A number stands on the screen, since the engine knows no size to draw a bar for. */
  private isCounting = false;

  constructor(private readonly context: Context) {}

  update({ image, doneBytes, totalBytes }: { image: string; doneBytes: number; totalBytes: number }): void {
    if (this.bar === undefined) this.context.say(`[OK] Pulling image: ${image}`);
    if (this.bar === undefined || totalBytes !== this.totalBytes) {
      this.bar?.stop();
      this.bar = startProgressBar(this.context.io, this.context.isLively, totalBytes);
      this.totalBytes = totalBytes;
    }
    if (totalBytes > 0) this.bar.update(doneBytes);
    else if (doneBytes > 0 && this.context.isLively) {
      this.context.io.stderr.write(`\r\x1b[2K${sizeText(doneBytes)}`);
      this.isCounting = true;
    }
  }

  done(): void {
    this.stop();
    this.bar = undefined;
    this.totalBytes = 0;
    this.context.say('[OK] Pull image done');
  }

  stop(): void {
    this.bar?.stop();
    if (this.isCounting) this.context.io.stderr.write('\r\x1b[2K');
    this.isCounting = false;
  }
}
