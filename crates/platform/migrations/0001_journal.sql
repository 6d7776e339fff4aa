-- The record: one log of events per party. Everything else is a projection of it.
CREATE TABLE journal_log (
    log TEXT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    checkpoint TEXT NOT NULL
) STRICT;

CREATE TABLE journal_entry (
    seq SERIAL,
    id TEXT NOT NULL UNIQUE,
    log TEXT NOT NULL,
    leaf BIGINT,
    subject TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    entry BYTEA NOT NULL,
    salt BYTEA,
    payload BYTEA
) STRICT;
CREATE INDEX journal_entry_leaf ON journal_entry (log, leaf);
CREATE UNIQUE INDEX journal_entry_subject ON journal_entry (subject, version);

CREATE TABLE journal_subject (
    subject TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT, WITHOUT ROWID;

-- Full tiles of the tree (256 hashes each); the open right edge is made from the entries themselves.
CREATE TABLE journal_tile (
    log TEXT NOT NULL,
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    root BYTEA NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (log, level, number)
) STRICT, WITHOUT ROWID;

-- Answers to commands that came with an idempotency key.
CREATE TABLE journal_idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    input BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
