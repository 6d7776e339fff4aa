CREATE TABLE hook_source (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    places TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    stopped_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (organisation, name)
) STRICT;

-- Not part of the record: a secret that is lost is made anew.
CREATE TABLE hook_secret (
    source TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL
) STRICT;

-- One row for each message that was signed and new.
CREATE TABLE hook_delivery (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    message TEXT NOT NULL,
    body TEXT NOT NULL,
    signature TEXT NOT NULL,
    reference TEXT NOT NULL,
    at BIGINT NOT NULL,
    case_id TEXT,
    kept TEXT NOT NULL,
    fault TEXT NOT NULL,
    decided_at BIGINT,
    decision TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation, source, message)
) STRICT;
CREATE INDEX hook_delivery_at ON hook_delivery (organisation, at, id);
CREATE INDEX hook_delivery_reference ON hook_delivery (organisation, source, reference);

-- How often what happened on which day, also to messages that leave no other trace. Not of the record:
-- a stranger must not be able to make the log grow. The daily control totals put the sums on record.
CREATE TABLE hook_tally (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    what TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (organisation, source, day, what)
) STRICT, WITHOUT ROWID;
