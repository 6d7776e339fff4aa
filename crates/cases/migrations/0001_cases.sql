CREATE TABLE case_record (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    title_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    occurred_at BIGINT,
    acknowledged_at BIGINT,
    resolved_at BIGINT,
    closed_at BIGINT,
    owner TEXT,
    contact TEXT,
    language TEXT NOT NULL,
    intake TEXT NOT NULL,
    snapshot TEXT,
    canary BIGINT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_record_tracking ON case_record (organisation, tracking_number);
CREATE INDEX case_record_reported ON case_record (organisation, reported_at, id);
CREATE INDEX case_record_state ON case_record (organisation, state, reported_at, id);

-- Kept by apply, so that a dashboard counts without reading every case.
CREATE TABLE case_count (
    organisation TEXT NOT NULL,
    month TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (organisation, month, kind, severity, channel, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_message (
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    at BIGINT NOT NULL,
    from_reporter BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT;

-- The only way back to an anonymous report. Not part of the record: losing the code loses the way.
CREATE TABLE case_return (
    code BYTEA NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    organisation TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which rows of other registers have been taken over, so that a second run changes nothing. By case
-- first: ids of neighbouring cases lie beside each other, digests anywhere.
CREATE TABLE case_import_row (
    organisation TEXT NOT NULL,
    case_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (organisation, case_id, digest)
) STRICT, WITHOUT ROWID;
