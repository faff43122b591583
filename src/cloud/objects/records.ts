import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const DAY_MS = 86_400_000;
/** An upload that nobody took up again for this long is forgotten. */
const UNFINISHED_DAYS = 7;
/** A finished one is remembered this long. */
const FINISHED_DAYS = 90;

/** What is kept of one file's upload to one object, in `~/.eas/uploads/`. No secrets, no data. */
export interface UploadRecord {
  path: string;
  /** Address of the object: store and `oss://` URL. */
  target: string;
  /** The file as it was then, see UploadFile.identity. */
  identity: string;
  /** Of an upload in progress. Which parts the store has is the store's to say. */
  uploadId?: string;
  partBytes?: number;
  /** Of a finished upload: the checksum of the file. */
  crc64?: string;
}

/**
 * The records of one folder (mode 0700, files 0600, replaced atomically). Without a folder, or with one that can't be
 * written, nothing is remembered: uploads work, but can't be resumed.
 */
export class UploadRecords {
  constructor(private readonly dir: string | undefined) {}

  get areKept(): boolean {
    return this.dir !== undefined;
  }

  async find(path: string, target: string): Promise<UploadRecord | undefined> {
    const file = this.file(path, target);
    const text = file && (await readFile(file, 'utf8').catch(() => undefined));
    try {
      const record = JSON.parse(text ?? 'null') as UploadRecord | null;
      return record?.path === path && record.target === target ? record : undefined;
    } catch {
      return undefined;
    }
  }

  async save(record: UploadRecord): Promise<void> {
    const file = this.file(record.path, record.target);
    if (!this.dir || !file) return;
    const temporary = `${file}.${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(this.dir, { recursive: true, mode: 0o700 });
      await using handle = await open(temporary, 'wx', 0o600);
      await handle.writeFile(`${JSON.stringify(record, null, 1)}\n`);
      await handle.sync();
      await rename(temporary, file);
    } catch {
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  async forget(path: string, target: string): Promise<void> {
    const file = this.file(path, target);
    if (file) await rm(file, { force: true }).catch(() => {});
  }

  /** Removes what has grown old. */
  async prune(nowMs: number): Promise<void> {
    if (!this.dir) return;
    for (const name of await readdir(this.dir).catch(() => [])) {
      const file = join(this.dir, name);
      const ageDays = (nowMs - ((await stat(file).catch(() => undefined))?.mtimeMs ?? nowMs)) / DAY_MS;
      if (ageDays < UNFINISHED_DAYS) continue;
      const isFinished = /"crc64"/.test(await readFile(file, 'utf8').catch(() => ''));
      if (!isFinished || ageDays >= FINISHED_DAYS) await rm(file, { force: true }).catch(() => {});
    }
  }

  private file(path: string, target: string): string | undefined {
    const name = createHash('sha256').update(`${target}\n${path}`).digest('hex').slice(0, 32);
    return this.dir && join(this.dir, `${name}.json`);
  }
}
