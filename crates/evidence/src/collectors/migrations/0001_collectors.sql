CREATE TABLE collector (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    engagement TEXT,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    owner TEXT,
    has_secret BIGINT NOT NULL,
    stopped_at BIGINT,
    stopped_because TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation, name)
) STRICT;

-- What was asked, version by version; never changed.
CREATE TABLE collector_version (
    collector TEXT NOT NULL,
    number BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL,
    stated_by TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    PRIMARY KEY (collector, number)
) STRICT;

-- Not part of the record: sealed, and lost secrets are entered again.
CREATE TABLE collector_secret (
    collector TEXT NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL
) STRICT;

CREATE TABLE collector_run (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    collector TEXT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    started_by TEXT NOT NULL,
    planned_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    ended_at BIGINT,
    why TEXT NOT NULL,
    record TEXT,
    evidence TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX collector_run_collector ON collector_run (organisation, collector, planned_at, id);
CREATE INDEX collector_run_evidence ON collector_run (organisation, evidence);
