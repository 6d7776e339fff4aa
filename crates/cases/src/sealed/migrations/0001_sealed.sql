-- The narrative of a confidential or anonymous case, sealed with the case's key.
CREATE TABLE sealed_content (
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    part TEXT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT, WITHOUT ROWID;

-- Files of a case, sealed with the case's key; the bytes are in the vault.
CREATE TABLE sealed_file (
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    number BYTEA NOT NULL,
    details BYTEA NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_file_name ON sealed_file (sha256);

-- Who opened what is sealed, and when.
CREATE TABLE sealed_opening (
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT, WITHOUT ROWID;

-- Holds, readers and the end of a case's key; a row only where one of them was decided.
CREATE TABLE sealed_state (
    case_id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    readers TEXT,
    held_at BIGINT,
    held_because TEXT,
    destroyed_at BIGINT,
    destroyed_by TEXT
) STRICT, WITHOUT ROWID;

-- The keys of cases, wrapped for their holders. Not part of the record: what is destroyed here is gone.
CREATE TABLE case_key (
    case_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    organisation TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    PRIMARY KEY (case_id, holder)
) STRICT, WITHOUT ROWID;
