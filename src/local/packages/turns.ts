/** Lets `width` holders go at once; the others wait in order. */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private taken = 0;

  constructor(private readonly width: number) {}

  /** Whether the next one has to wait. */
  get areTaken(): boolean {
    return this.taken >= this.width;
  }

  async take(): Promise<() => void> {
    if (this.taken < this.width) this.taken++;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    return () => {
      const next = this.waiting.shift();
      if (next) next();
      else this.taken--;
    };
  }
}
