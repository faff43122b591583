/** Counters of one power of two: a value is off by 1/256 at most. */
const HALF_BITS = 7;
const HALF = 1 << HALF_BITS;
/** Values are kept up to 2^32 - 1 µs, more than an hour. */
const MOST_US = 0xffff_ffff;
const SIZE = (32 - HALF_BITS - 1) * HALF + 2 * HALF;

/** A histogram on its way between processes: pairs of counter and count, one after the other. */
export interface PackedHistogram {
  pairs: number[];
  minUs: number;
  maxUs: number;
  sumUs: number;
}

/**
 * Response times in whole microseconds, in memory of fixed size whatever their number: up to 255 µs exactly, above with
 * counters whose width grows with the value. Extremes and sum are exact.
 */
export class Histogram {
  private readonly counts = new Float64Array(SIZE);
  count = 0;
  private minUs = Number.POSITIVE_INFINITY;
  private maxUs = 0;
  private sumUs = 0;

  add(us: number): void {
    const value = Math.min(MOST_US, Math.max(0, Math.round(us)));
    this.counts[counterOf(value)]!++;
    this.count++;
    this.sumUs += value;
    if (value < this.minUs) this.minUs = value;
    if (value > this.maxUs) this.maxUs = value;
  }

  merge({ pairs, minUs, maxUs, sumUs }: PackedHistogram): void {
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      this.counts[pairs[at]!]! += pairs[at + 1]!;
      this.count += pairs[at + 1]!;
    }
    if (pairs.length === 0) return;
    this.sumUs += sumUs;
    this.minUs = Math.min(this.minUs, minUs);
    this.maxUs = Math.max(this.maxUs, maxUs);
  }

  pack(): PackedHistogram {
    const pairs: number[] = [];
    for (let at = 0; at < SIZE; at++) if (this.counts[at]! > 0) pairs.push(at, this.counts[at]!);
    return { pairs, minUs: this.min, maxUs: this.maxUs, sumUs: this.sumUs };
  }

  get min(): number {
    return this.count === 0 ? 0 : this.minUs;
  }

  get max(): number {
    return this.maxUs;
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sumUs / this.count;
  }

  /** The smallest value that at least `percent` of all are not above (nearest rank); 0 when there are none. */
  percentile(percent: number): number {
    if (this.count === 0) return 0;
    const rank = Math.max(1, Math.ceil((percent / 100) * this.count));
    if (rank >= this.count) return this.maxUs;
    let seen = 0;
    for (let at = 0; at < SIZE; at++) {
      seen += this.counts[at]!;
      if (seen >= rank) return Math.min(this.maxUs, Math.max(this.minUs, middleOf(at)));
    }
    return this.maxUs;
  }

  /** How many values lie in each of the ranges that end at these bounds (inclusive), the first from 0; rising bounds. */
  countUpTo(bounds: number[]): number[] {
    const found = bounds.map(() => 0);
    let range = 0;
    for (let at = 0; at < SIZE; at++) {
      if (this.counts[at] === 0) continue;
      const value = Math.min(this.maxUs, Math.max(this.minUs, middleOf(at)));
      while (range < bounds.length - 1 && value > bounds[range]!) range++;
      found[range]! += this.counts[at]!;
    }
    return found;
  }
}

function counterOf(value: number): number {
  const shift = Math.max(0, 31 - Math.clz32(value) - HALF_BITS);
  return shift * HALF + (value >>> shift);
}

/** The value in the middle of those that a counter stands for. */
function middleOf(counter: number): number {
  const shift = Math.max(0, Math.floor(counter / HALF) - 1);
  const first = (counter - shift * HALF) * 2 ** shift;
  return first + (2 ** shift - 1) / 2;
}
