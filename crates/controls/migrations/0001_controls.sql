CREATE TABLE control (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    code TEXT NOT NULL,
    body TEXT NOT NULL,
    active BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation, code)
) STRICT;

CREATE TABLE gap (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    criterion TEXT NOT NULL,
    finding TEXT NOT NULL,
    action TEXT NOT NULL,
    owner TEXT,
    due TEXT NOT NULL,
    closed TEXT
) STRICT;
CREATE INDEX gap_organisation ON gap (organisation);
