/** A log as one answer shows it: how many lines there are since some moment, and the last of them. */
export interface LogSight {
  total: number;
  /** The newest lines, oldest first; all of them, or fewer. */
  lines: string[];
}

export interface LogNews {
  lines: string[];
  /** Lines that came and went between two looks. */
  missed: number;
}

const REMEMBERED = 1000;

/**
 * Remembers how much of a growing log was taken, and tells what is new in the next sight of it. The count of lines
 * since the anchor decides; when it makes no sense (the log was rotated or begun anew) the lines themselves do.
 */
export class LogCursor {
  private taken = 0;
  private last: string[] = [];

  /** What is new since the last sight with the same anchor. */
  next(sight: LogSight): LogNews {
    const grown = sight.total - this.taken;
    const isPlausible = grown >= 0 && (grown >= sight.lines.length || this.agrees(sight, grown));
    const news = isPlausible ? Math.min(grown, sight.lines.length) : this.newByText(sight.lines);
    return this.took(sight, news, isPlausible ? grown - news : 0);
  }

  /** The anchor has moved: `sight` counts from a later moment than before. */
  moved(sight: LogSight): LogNews {
    return this.took(sight, this.newByText(sight.lines), 0);
  }

  private took(sight: LogSight, news: number, missed: number): LogNews {
    const lines = news === 0 ? [] : sight.lines.slice(-news);
    this.taken = sight.total;
    this.last = [...this.last, ...lines].slice(-REMEMBERED);
    return { lines, missed };
  }

  /** The lines before the new ones are those that were taken last. */
  private agrees({ lines }: LogSight, grown: number): boolean {
    const known = lines.slice(0, lines.length - grown);
    return endsAlike(known, this.last, Math.min(known.length, this.last.length));
  }

  /** The smallest number of new lines with which the rest is what was taken last. */
  private newByText(lines: string[]): number {
    for (let news = 0; news < lines.length; news++) {
      const known = lines.slice(0, lines.length - news);
      if (endsAlike(known, this.last, Math.min(known.length, this.last.length)) && this.last.length > 0)
        return news;
    }
    return lines.length;
  }
}

function endsAlike(a: string[], b: string[], count: number): boolean {
  for (let back = 1; back <= count; back++) if (a.at(-back) !== b.at(-back)) return false;
  return true;
}
