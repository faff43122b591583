import type { Database } from 'bun:sqlite';
import { Benchmarks } from './benchmarks.ts';
import { openDatabase } from './database.ts';
import { Entrances } from './entrances.ts';
import { Events } from './events.ts';
import { Instances } from './instances.ts';
import { Links } from './links.ts';
import { Processes } from './processes.ts';
import { Scalers } from './scalers.ts';
import { Services } from './services.ts';
import { Versions } from './versions.ts';

/** All that Local EAS remembers. Every acknowledged change is one committed transaction. */
export class State {
  private readonly database: Database;
  readonly services: Services;
  readonly versions: Versions;
  readonly instances: Instances;
  readonly processes: Processes;
  readonly events: Events;
  readonly entrances: Entrances;
  readonly scalers: Scalers;
  readonly links: Links;
  readonly benchmarks: Benchmarks;

  constructor(path: string) {
    this.database = openDatabase(path);
    this.services = new Services(this.database);
    this.versions = new Versions(this.database);
    this.instances = new Instances(this.database);
    this.processes = new Processes(this.database);
    this.events = new Events(this.database);
    this.entrances = new Entrances(this.database);
    this.scalers = new Scalers(this.database);
    this.links = new Links(this.database);
    this.benchmarks = new Benchmarks(this.database);
  }

  transaction<T>(work: () => T): T {
    return this.database.transaction(work).immediate() as T;
  }

  close(): void {
    this.database.close();
  }
}
