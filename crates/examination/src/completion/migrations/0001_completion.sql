-- Completion of a firm's file. Every row names the firm, and every query asks for it.
CREATE TABLE completion_procedure (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    performed_by TEXT NOT NULL,
    reviewed_by TEXT,
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
) STRICT;
CREATE INDEX completion_procedure_file ON completion_procedure (engagement, firm);

CREATE TABLE completion_signature (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    step TEXT NOT NULL,
    signer TEXT NOT NULL,
    report_date TEXT NOT NULL,
    statement TEXT NOT NULL,
    inputs TEXT NOT NULL,
    inputs_sha256 TEXT NOT NULL,
    event TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm, step)
) STRICT;

CREATE TABLE completion_letter (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL,
    written_by TEXT NOT NULL,
    released_by TEXT,
    released_at BIGINT,
    acknowledged_by TEXT,
    acknowledged_at BIGINT,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX completion_letter_file ON completion_letter (engagement, firm);

CREATE TABLE completion_lock (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    report_date TEXT NOT NULL,
    due TEXT NOT NULL,
    keep_until TEXT NOT NULL,
    late_reason TEXT NOT NULL,
    locked_by TEXT NOT NULL,
    locked_at BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;

CREATE TABLE completion_addendum (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    about TEXT NOT NULL,
    text TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX completion_addendum_file ON completion_addendum (engagement, firm);

CREATE TABLE completion_carried (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    from_engagement TEXT NOT NULL,
    recipes TEXT NOT NULL,
    risks TEXT NOT NULL,
    left_behind TEXT NOT NULL,
    carried_by TEXT NOT NULL,
    event TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;
