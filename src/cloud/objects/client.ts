import type { NetworkOptions } from '../../core/network.ts';
import type { Clock, RetryPolicy } from '../../core/retry.ts';
import type { Credentials, Target } from '../../core/target.ts';
import { systemClock } from '../transport/clock.ts';
import { OssConnection } from './connection.ts';
import { Download, type Downloaded, type DownloadOptions } from './download.ts';
import { UploadFile } from './file.ts';
import { type BucketList, type ListOptions, listBuckets, listObjects, type ObjectList } from './listing.ts';
import { UploadRecords } from './records.ts';
import { Upload, type Uploaded, type UploadOptions } from './upload.ts';

export type { Downloaded, DownloadOptions } from './download.ts';
export type { BucketList, ListOptions, ObjectList } from './listing.ts';
export type { Uploaded, UploadOptions } from './upload.ts';

export interface ObjectStoreOptions {
  network?: NetworkOptions;
  /** Used instead of the target's, for `upload --inner`. */
  objectStoreUrl?: string;
  /** Folder of what is remembered of uploads (`~/.eas/uploads`); without one they can't be resumed. */
  recordsDir?: string;
  /** Reads the credentials again, for a store that refuses a token that does not renew itself. */
  renewCredentials?: () => Promise<Credentials>;
  clock?: Clock;
  retry?: RetryPolicy;
}

export interface ObjectStoreClient {
  /**
   * Uploads a file whole or not at all, checked end to end with CRC-64, in one request when the same file is there
   * already, from where an earlier try stopped when there was one. EasError: 2 when the file is absent, 1 when it changes
   * meanwhile or the store refuses, 4 on credentials; rejects with the signal's reason on abort.
   */
  upload(path: string, options: UploadOptions): Promise<Uploaded>;
  /** Downloads an object whole or not at all, checked with CRC-64; an interrupted download goes on. Errors as above. */
  download(options: DownloadOptions): Promise<Downloaded>;
  list(options: ListOptions): Promise<ObjectList>;
  buckets(signal?: AbortSignal): Promise<BucketList>;
  /** Releases sockets. */
  close(): void;
}

/** OSS through ali-oss. Memory is a few parts, whatever the size of the file. */
export function createObjectStoreClient(
  target: Target,
  credentials: Credentials,
  options: ObjectStoreOptions = {},
): ObjectStoreClient {
  return new OssStore(target, credentials, options);
}

class OssStore implements ObjectStoreClient {
  /** By bucket; '' for the service itself. */
  private readonly connections = new Map<string, Promise<OssConnection>>();
  private readonly records: UploadRecords;
  private pruned: Promise<void> | undefined;

  constructor(
    private readonly target: Target,
    private readonly credentials: Credentials,
    private readonly options: ObjectStoreOptions,
  ) {
    this.records = new UploadRecords(options.recordsDir);
  }

  async upload(path: string, options: UploadOptions): Promise<Uploaded> {
    options.signal?.throwIfAborted();
    await using file = await UploadFile.open(path);
    this.pruned ??= this.records.prune(Date.now());
    await this.pruned;
    const connection = await this.connect(options.bucket);
    return await new Upload(file, connection, this.records, options).run();
  }

  async download(options: DownloadOptions): Promise<Downloaded> {
    return new Download(await this.connect(options.bucket), options).run();
  }

  async list(options: ListOptions): Promise<ObjectList> {
    return listObjects(await this.connect(options.bucket), options);
  }

  async buckets(signal?: AbortSignal): Promise<BucketList> {
    return listBuckets(await this.connect(''), signal);
  }

  close(): void {
    for (const connection of this.connections.values())
      connection.then(
        (open) => open.close(),
        () => {},
      );
  }

  private connect(bucket: string): Promise<OssConnection> {
    const known = this.connections.get(bucket);
    if (known) return known;
    const { network = {}, clock = systemClock, objectStoreUrl, retry, renewCredentials } = this.options;
    const connection = OssConnection.open({
      url: objectStoreUrl ?? this.target.objectStoreUrl,
      region: this.target.region,
      bucket: bucket || undefined,
      credentials: this.credentials,
      renewCredentials,
      network,
      clock,
      retry,
    });
    this.connections.set(bucket, connection);
    return connection;
  }
}
