/** One sample, in the form that user code posts and `GET` answers. */
export interface Sample {
  name: string;
  tags?: Record<string, string>;
  value: number;
}

/** User code that makes a new name for every request must not fill the memory. */
const MOST_SERIES = 1000;
const MOST_TAGS = 16;
const MOST_CHARACTERS = 128;

/** The latest value of every metric that user code reports, one for each name and set of tags. */
export class Metrics {
  private readonly series = new Map<string, Sample>();

  /** Takes a JSON array of samples, all of them or none. Throws RangeError with what is wrong. */
  report(json: string): void {
    const samples = parse(json).map(readSample);
    const keyed = samples.map((sample) => [keyOf(sample), sample] as const);
    const added = new Set(keyed.map(([key]) => key).filter((key) => !this.series.has(key)));
    if (this.series.size + added.size > MOST_SERIES)
      throw new RangeError(`there can be ${MOST_SERIES} metrics with different names or tags, no more`);
    for (const [key, sample] of keyed) this.series.set(key, sample);
  }

  samples(): Sample[] {
    return [...this.series.values()];
  }
}

function parse(json: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new RangeError('the body is no JSON');
  }
  if (!Array.isArray(value)) throw new RangeError('the body is no array of metrics');
  return value;
}

function readSample(entry: unknown, index: number): Sample {
  const { name, value, tags } = (entry ?? {}) as Partial<Record<keyof Sample, unknown>>;
  const wrong = (what: string) => new RangeError(`metric ${index}: ${what}`);
  if (!isText(name)) throw wrong(`name must be text of 1 to ${MOST_CHARACTERS} characters`);
  if (typeof value !== 'number') throw wrong('value must be a number');
  if (tags === undefined || tags === null) return { name, value };
  if (typeof tags !== 'object' || Array.isArray(tags)) throw wrong('tags must be an object');
  const pairs = Object.entries(tags);
  if (pairs.length > MOST_TAGS || !pairs.flat().every(isText))
    throw wrong(`tags must be at most ${MOST_TAGS} texts of 1 to ${MOST_CHARACTERS} characters`);
  return { name, tags: tags as Record<string, string>, value };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS;
}

function keyOf({ name, tags }: Sample): string {
  return JSON.stringify([name, Object.entries(tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
