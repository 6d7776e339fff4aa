-- Second signatures and links to statements belong to the firm.
CREATE TABLE deviation_second (
    deviation TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    nature TEXT NOT NULL,
    reason TEXT NOT NULL,
    signer TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;

CREATE TABLE deviation_statement (
    statement TEXT NOT NULL PRIMARY KEY,
    deviation TEXT NOT NULL,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL
) STRICT;

-- A statement is the organisation's: what was released to it, and what it said.
CREATE TABLE statement (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    organisation TEXT NOT NULL,
    control TEXT NOT NULL,
    released TEXT NOT NULL,
    due TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    answer TEXT,
    given_by TEXT,
    given_at BIGINT,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX statement_engagement ON statement (engagement, organisation);
