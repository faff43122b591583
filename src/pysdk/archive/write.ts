import { closeSync, openSync, readSync } from 'node:fs';
import { EasError } from '../../core/errors.ts';
import type { Relocation } from '../relocate/relocation.ts';
import type { ParallelGzip } from './gzip.ts';
import { paddingBytes, TAR_END, tarHeader } from './tar.ts';
import { type TreeEntry, unreadable } from './tree.ts';

/** Writes the entries as a tar stream into `gzip`; `onRead` is told the bytes read so far. */
export class ArchiveWriter {
  private readBytes = 0;

  constructor(
    private readonly gzip: ParallelGzip,
    private readonly relocation: Relocation,
    private readonly onRead: (bytes: number) => void,
  ) {}

  async entry(entry: TreeEntry): Promise<void> {
    if (entry.kind !== 'file') return this.gzip.write(tarHeader(entry));
    const handle = opened(entry);
    try {
      if (this.relocation.wantsWhole(entry)) await this.whole(entry, handle);
      else await this.streamed(entry, handle);
    } finally {
      closeSync(handle);
    }
  }

  async end(): Promise<void> {
    await this.gzip.write(TAR_END);
    await this.gzip.end();
  }

  private async whole(entry: TreeEntry, handle: number): Promise<void> {
    const bytes = Buffer.allocUnsafe(entry.sizeBytes);
    if (readAt(entry, handle, bytes, 0) < bytes.length) throw changed(entry);
    const content = this.relocation.content(entry, bytes);
    if (content) {
      await this.gzip.write(tarHeader({ ...entry, sizeBytes: content.length }));
      await this.gzip.write(content);
      await this.pad(content.length);
    }
    this.advance(entry.sizeBytes);
  }

  private async streamed(entry: TreeEntry, handle: number): Promise<void> {
    const patches = this.relocation.patches(entry, (offset, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readAt(entry, handle, bytes, offset));
    });
    await this.gzip.write(tarHeader(entry));
    for (let at = 0; at < entry.sizeBytes; ) {
      const space = this.gzip.space().subarray(0, entry.sizeBytes - at);
      const count = readAt(entry, handle, space, at);
      if (count < space.length) throw changed(entry);
      for (const { offset, bytes } of patches) overlay(space, at, offset, bytes);
      at += count;
      await this.gzip.filledBy(count);
      this.advance(count);
    }
    await this.pad(entry.sizeBytes);
  }

  private async pad(sizeBytes: number): Promise<void> {
    await this.gzip.write(new Uint8Array(paddingBytes(sizeBytes)));
  }

  private advance(bytes: number): void {
    this.readBytes += bytes;
    this.onRead(this.readBytes);
  }
}

/** Reading is synchronous: the threads are busy with compression, and the pages are mostly in memory. */
function readAt(entry: TreeEntry, handle: number, into: Buffer, offset: number): number {
  try {
    let filled = 0;
    while (filled < into.length) {
      const count = readSync(handle, into, filled, into.length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  } catch (cause) {
    throw unreadable(entry.path, cause);
  }
}

function opened(entry: TreeEntry): number {
  try {
    return openSync(entry.file, 'r');
  } catch (cause) {
    throw unreadable(entry.path, cause);
  }
}

function changed(entry: TreeEntry): EasError {
  return new EasError({
    code: 'FileChanged',
    message: `${entry.path} became shorter while it was packed`,
    hint: 'stop what writes to it, then pack again',
  });
}

/** Copies the part of a patch that falls into `space`, which holds the file's bytes from `at` on. */
function overlay(space: Buffer, at: number, offset: number, bytes: Buffer): void {
  const from = Math.max(offset, at);
  const until = Math.min(offset + bytes.length, at + space.length);
  if (from < until) bytes.copy(space, from - at, from - offset, until - offset);
}
