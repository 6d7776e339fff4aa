-- Test sheets. Every row names the firm, and every query asks for it.
CREATE TABLE sheet_legend (
    firm TEXT NOT NULL,
    version BIGINT NOT NULL,
    marks TEXT NOT NULL,
    reason TEXT NOT NULL,
    stated_by TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (firm, version)
) STRICT;

CREATE TABLE sheet_mark (
    sample TEXT NOT NULL,
    item TEXT NOT NULL,
    attribute TEXT NOT NULL,
    firm TEXT NOT NULL,
    mark TEXT NOT NULL,
    legend BIGINT NOT NULL,
    PRIMARY KEY (sample, item, attribute)
) STRICT;

CREATE TABLE sheet_match (
    sample TEXT NOT NULL,
    item TEXT NOT NULL,
    evidence TEXT NOT NULL,
    firm TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (sample, item, evidence)
) STRICT;

CREATE TABLE sheet_annotation (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    evidence TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    page BIGINT NOT NULL,
    region TEXT NOT NULL,
    note TEXT NOT NULL,
    sample TEXT,
    item TEXT,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    struck TEXT,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX sheet_annotation_file ON sheet_annotation (engagement, firm, evidence);

CREATE TABLE sheet_note (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    sample TEXT NOT NULL,
    item TEXT,
    body TEXT NOT NULL,
    raised_by TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    answer TEXT,
    answered_by TEXT,
    cleared TEXT,
    cleared_by TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX sheet_note_file ON sheet_note (engagement, firm, sample);

CREATE TABLE sheet_signature (
    sample TEXT NOT NULL,
    part TEXT NOT NULL,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    signer TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    digest TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (sample, part)
) STRICT;
