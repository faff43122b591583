import { type FSWatcher, watch } from 'node:fs';
import type { Io } from '../../ui/io.ts';
import { type Survey, survey } from './survey.ts';

/** A save is several steps (write, rename); what follows within this time belongs to it. */
const SETTLE_MS = 25;
/** File systems of other machines and of virtual ones tell nothing; there we look by ourselves. */
const LOOK_MS = 1_000;
/** The same where the system gives no more watches. */
const LOOK_OFTEN_MS = 250;

/**
 * What changes in a project's folder. Each folder is watched by itself rather than the whole tree, which would
 * take thousands of watches for an ENV; the system's word only makes us look, so no save that renames is missed.
 */
export class Changes implements Disposable {
  private files: Survey['files'];
  private readonly watchers = new Map<string, FSWatcher>();
  private isStirred = false;
  private lacksWatches = false;
  private wake = () => {};

  constructor(
    private readonly folder: string,
    private readonly io: Io,
    private readonly signal: AbortSignal,
  ) {
    const now = survey(folder);
    this.files = now.files;
    this.follow(now.folders);
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  /** Paths of what was written, added or removed since the last call; waits for some. None after a signal. */
  async next(): Promise<string[]> {
    while (!this.signal.aborted) {
      const round = new AbortController();
      this.wake = () => round.abort();
      if (!this.isStirred) await this.io.sleep(this.lacksWatches ? LOOK_OFTEN_MS : LOOK_MS, round.signal);
      this.isStirred = false;
      const before = this.files;
      while (this.look() && !this.signal.aborted) await this.io.sleep(SETTLE_MS, this.signal);
      const changed = difference(before, this.files);
      if (changed.length > 0 && !this.signal.aborted) return changed;
    }
    return [];
  }

  [Symbol.dispose](): void {
    this.follow([]);
  }

  /** Whether anything is different from the last look. */
  private look(): boolean {
    const before = this.files;
    const now = survey(this.folder);
    this.files = now.files;
    this.follow(now.folders);
    return difference(before, now.files).length > 0;
  }

  private follow(folders: string[]): void {
    const wanted = new Set(folders);
    for (const [folder, watcher] of this.watchers) if (!wanted.has(folder)) this.leave(folder, watcher);
    this.lacksWatches = false;
    for (const folder of wanted) if (!this.watchers.has(folder)) this.enter(folder);
  }

  private enter(folder: string): void {
    try {
      const watcher = watch(folder, () => {
        this.isStirred = true;
        this.wake();
      });
      watcher.on('error', () => this.leave(folder, watcher));
      this.watchers.set(folder, watcher);
    } catch {
      this.lacksWatches = true;
    }
  }

  private leave(folder: string, watcher: FSWatcher): void {
    this.watchers.delete(folder);
    watcher.close();
  }
}

function difference(before: Survey['files'], now: Survey['files']): string[] {
  const paths = new Set([...before.keys(), ...now.keys()]);
  return [...paths].filter((path) => before.get(path) !== now.get(path)).sort();
}
