-- Schema epoch 1: the data of a new server.

CREATE TABLE parameters (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Facts about the data that nobody sets by hand.
CREATE TABLE state (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE connectors (
    id TEXT PRIMARY KEY NOT NULL,
    position INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('ad', 'cloud'))
) WITHOUT ROWID;

CREATE TABLE connector_settings (
    connector TEXT NOT NULL REFERENCES connectors (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (connector, name)
) WITHOUT ROWID;

-- How far each partition of a connector was imported.
CREATE TABLE watermarks (
    connector TEXT NOT NULL REFERENCES connectors (id),
    partition TEXT NOT NULL,
    watermark INTEGER NOT NULL,
    PRIMARY KEY (connector, partition)
) WITHOUT ROWID;

-- What the next cycle has to do beyond its policy; a row vanishes when it was done.
CREATE TABLE scheduler_overrides (
    connector TEXT NOT NULL REFERENCES connectors (id),
    kind TEXT NOT NULL CHECK (kind IN ('full-import', 'full-synchronization')),
    reason TEXT NOT NULL,
    PRIMARY KEY (connector, kind)
) WITHOUT ROWID;

CREATE TABLE rules (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('standard', 'custom')),
    precedence INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    digest TEXT NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;

-- Names of attributes in the order of their numbers: what the objects' encoding refers to.
CREATE TABLE attribute_names (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
);

CREATE TABLE connector_space (
    id INTEGER PRIMARY KEY NOT NULL,
    connector TEXT NOT NULL REFERENCES connectors (id),
    type TEXT NOT NULL,
    dn TEXT NOT NULL,
    imported BLOB,
    staged BLOB,
    metaverse INTEGER,
    inbound_rule TEXT,
    outbound_rule TEXT,
    flags INTEGER NOT NULL DEFAULT 0
);

-- What no synchronization has seen yet (flags 1 and 8): mostly nothing.
CREATE INDEX connector_space_waiting ON connector_space (connector) WHERE flags & 9 <> 0;

CREATE TABLE metaverse (
    id INTEGER PRIMARY KEY NOT NULL,
    type TEXT NOT NULL,
    content BLOB NOT NULL
);

-- What the next export has to send, and how the last one failed.
CREATE TABLE pending_exports (
    object INTEGER PRIMARY KEY NOT NULL,
    connector TEXT NOT NULL REFERENCES connectors (id),
    operation TEXT NOT NULL CHECK (operation IN ('add', 'update', 'delete')),
    type TEXT NOT NULL,
    dn TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE cycles (
    number INTEGER PRIMARY KEY NOT NULL,
    policy TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT NOT NULL,
    result TEXT NOT NULL
);

CREATE TABLE run_history (
    id INTEGER PRIMARY KEY NOT NULL,
    cycle INTEGER NOT NULL,
    connector TEXT NOT NULL,
    profile TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT NOT NULL,
    status TEXT NOT NULL,
    counts TEXT NOT NULL,
    messages TEXT NOT NULL
);
