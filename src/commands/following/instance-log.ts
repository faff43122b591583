import { LogCursor, type LogNews } from '../../core/log-cursor.ts';
import type { EasApi } from '../../core/service/api.ts';
import { requestTime } from '../../core/wait/moment.ts';

/** One look takes so many lines, and up to the second number when more have come. */
const PAGE_SIZE = 500;
const MOST_LINES = 5_000;
/** The anchor moves along after so many lines, so that the server has not to count an ever longer log. */
const ANCHOR_LINES = 2_000;
/** How far before now a new anchor lies: clocks differ. */
const ANCHOR_BEFORE_MS = 60_000;

export interface LogFilter {
  keyword?: string;
  /** Milliseconds since the epoch; undefined is the whole log. */
  sinceMs?: number;
}

/** The log of one instance, look by look. */
export class InstanceLogReader {
  private readonly cursor = new LogCursor();
  private anchorMs: number | undefined;
  private isFirst = true;

  constructor(
    private readonly api: EasApi,
    private readonly service: string,
    private readonly instanceName: string,
    private readonly filter: LogFilter,
    private readonly now: () => number,
  ) {
    this.anchorMs = filter.sinceMs;
  }

  /** What has come since the last look; of the first look the last `tail` lines. */
  async next(tail: number): Promise<string[]> {
    const sight = await this.look(this.isFirst ? Math.max(tail, 1) : PAGE_SIZE);
    const news = this.cursor.next(await this.enough(sight));
    if (this.isFirst) {
      this.isFirst = false;
      return tail === 0 ? [] : news.lines.slice(-tail);
    }
    const lines = linesOf(news);
    if (sight.total > ANCHOR_LINES) lines.push(...(await this.moveAnchor()));
    return lines;
  }

  /** All that is new, even when it is more than a page. */
  private async enough(sight: Sight): Promise<Sight> {
    const grown = sight.total - this.lastTotal;
    this.lastTotal = sight.total;
    if (this.isFirst || grown < sight.lines.length || sight.total === sight.lines.length) return sight;
    const larger = await this.look(MOST_LINES);
    this.lastTotal = larger.total;
    return larger;
  }
  private lastTotal = 0;

  private async moveAnchor(): Promise<string[]> {
    const anchorMs = this.now() - ANCHOR_BEFORE_MS;
    if (this.anchorMs !== undefined && anchorMs <= this.anchorMs) return [];
    this.anchorMs = anchorMs;
    const sight = await this.look(MOST_LINES);
    this.lastTotal = sight.total;
    return linesOf(this.cursor.moved(sight));
  }

  private async look(pageSize: number): Promise<Sight> {
    const reply = await this.api.describeServiceLog(this.service, {
      instanceName: this.instanceName,
      startTime: this.anchorMs === undefined ? undefined : requestTime(this.anchorMs),
      keyword: this.filter.keyword,
      pageNum: 1,
      pageSize,
    });
    return { total: reply.TotalCount, lines: reply.Logs };
  }
}

interface Sight {
  total: number;
  lines: string[];
}

function linesOf({ lines, missed }: LogNews): string[] {
  return missed > 0
    ? [`[${missed} lines left out: they came faster than they could be read]`, ...lines]
    : lines;
}
