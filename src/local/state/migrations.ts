/** Each entry takes the database from version N to N+1 (PRAGMA user_version); entries are never changed, only added. */
export const migrations: string[] = [
  `
  CREATE TABLE services (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    desired TEXT NOT NULL CHECK (desired IN ('running', 'stopped', 'deleted')),
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    token TEXT NOT NULL,
    config TEXT NOT NULL,
    labels TEXT NOT NULL,
    safety_lock TEXT NOT NULL,
    instances INTEGER NOT NULL,
    current_version INTEGER NOT NULL,
    latest_version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  );
  CREATE INDEX services_by_creation ON services (created_at);
  CREATE INDEX services_to_run ON services (desired) WHERE desired <> 'stopped';
  CREATE TABLE versions (
    service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    config TEXT NOT NULL,
    image TEXT NOT NULL,
    package_state TEXT NOT NULL CHECK (package_state IN ('wanted', 'ready', 'failed')),
    message TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (service_id, version)
  ) WITHOUT ROWID;
  CREATE TABLE instances (
    name TEXT PRIMARY KEY,
    service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    is_draining INTEGER NOT NULL,
    restarts INTEGER NOT NULL,
    last_state TEXT,
    created_at TEXT NOT NULL
  );
  CREATE INDEX instances_by_service ON instances (service_id);
  CREATE TABLE processes (
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (pid, started)
  ) WITHOUT ROWID;
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    reason TEXT NOT NULL,
    resource TEXT NOT NULL,
    instance TEXT,
    message TEXT NOT NULL
  );
  CREATE INDEX events_by_service ON events (service_id, id);
  `,
  `
  CREATE TABLE entrances (
    name TEXT PRIMARY KEY,
    token TEXT NOT NULL
  ) WITHOUT ROWID;
  ALTER TABLE services ADD COLUMN entrance TEXT;
  ALTER TABLE services ADD COLUMN has_own_endpoint INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE services ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX services_by_entrance ON services (entrance) WHERE entrance IS NOT NULL;
  CREATE TABLE scalers (
    service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('auto', 'cron')),
    settings TEXT NOT NULL,
    PRIMARY KEY (service_id, kind)
  ) WITHOUT ROWID;
  CREATE TABLE links (
    resource_id TEXT PRIMARY KEY,
    settings TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE benchmarks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    reason TEXT NOT NULL,
    config TEXT NOT NULL,
    run INTEGER NOT NULL,
    agents INTEGER NOT NULL,
    report TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    ended_at TEXT
  );
  `,
];
