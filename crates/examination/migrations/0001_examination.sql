-- The firm's file. Every row names the firm, and every query asks for it.
CREATE TABLE exam_test (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    control TEXT NOT NULL,
    code TEXT NOT NULL,
    plan TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    UNIQUE (engagement, firm, code)
) STRICT;

CREATE TABLE exam_population (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    judgement TEXT,
    recorded_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX exam_population_file ON exam_population (engagement, firm);

CREATE TABLE exam_sample (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    test TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX exam_sample_file ON exam_sample (engagement, firm, test);

CREATE TABLE exam_item (
    sample TEXT NOT NULL,
    item TEXT NOT NULL,
    firm TEXT NOT NULL,
    position BIGINT NOT NULL,
    facts TEXT NOT NULL,
    evidence TEXT NOT NULL,
    note TEXT NOT NULL,
    tested_by TEXT,
    reviewed_by TEXT,
    event TEXT NOT NULL,
    PRIMARY KEY (sample, item)
) STRICT;

CREATE TABLE exam_census (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    test TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX exam_census_file ON exam_census (engagement, firm, test);

CREATE TABLE exam_census_row (
    census TEXT NOT NULL,
    position BIGINT NOT NULL,
    firm TEXT NOT NULL,
    row_key TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    disposition TEXT,
    reason TEXT,
    deviation TEXT,
    PRIMARY KEY (census, position)
) STRICT;
CREATE INDEX exam_census_row_key ON exam_census_row (census, row_key);

CREATE TABLE exam_deviation (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    control TEXT NOT NULL,
    test TEXT NOT NULL,
    source TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX exam_deviation_file ON exam_deviation (engagement, firm, control);

CREATE TABLE exam_matters (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    matters TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;

CREATE TABLE exam_conclusion (
    subject TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    about TEXT NOT NULL,
    proposed TEXT NOT NULL,
    concluded TEXT NOT NULL,
    reason TEXT NOT NULL,
    proof TEXT,
    signer TEXT NOT NULL,
    second_signer TEXT,
    awaits_second BIGINT NOT NULL,
    inputs_sha256 TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
) STRICT;
CREATE INDEX exam_conclusion_file ON exam_conclusion (engagement, firm);
