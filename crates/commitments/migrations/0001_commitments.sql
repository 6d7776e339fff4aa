CREATE TABLE commitment (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    code TEXT NOT NULL,
    category TEXT NOT NULL,
    statement TEXT NOT NULL,
    principal BIGINT NOT NULL,
    sources TEXT NOT NULL,
    owner TEXT,
    version BIGINT NOT NULL,
    UNIQUE (organisation, code)
) STRICT;

CREATE TABLE requirement (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    statement TEXT NOT NULL,
    commitments TEXT NOT NULL,
    criteria TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation, code)
) STRICT;

CREATE TABLE commitment_kept (
    commitment TEXT NOT NULL,
    window_name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    value TEXT NOT NULL,
    met BIGINT NOT NULL,
    source TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (commitment, window_name)
) STRICT;
