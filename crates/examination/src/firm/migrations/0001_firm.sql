-- The firm and its file. Every row names the firm, and every query asks for it.
CREATE TABLE firm_profile (
    firm TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;

CREATE TABLE firm_policy (
    id TEXT NOT NULL PRIMARY KEY,
    firm TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    drafted_by TEXT NOT NULL,
    drafted_at BIGINT NOT NULL,
    approved_by TEXT,
    approved_at BIGINT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX firm_policy_firm ON firm_policy (firm, kind);

CREATE TABLE firm_member (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    person TEXT NOT NULL,
    body TEXT NOT NULL,
    released TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm, person)
) STRICT;
CREATE INDEX firm_member_person ON firm_member (firm, person);

CREATE TABLE firm_independence (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    person TEXT NOT NULL,
    threats TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    judgement TEXT,
    judged_by TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm, person)
) STRICT;

CREATE TABLE firm_service (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX firm_service_file ON firm_service (engagement, firm);

CREATE TABLE firm_acceptance (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    prepared_by TEXT NOT NULL,
    prepared_at BIGINT NOT NULL,
    decision TEXT,
    decided_by TEXT,
    decided_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;
