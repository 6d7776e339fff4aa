-- Planning. Every row names the firm, and every query asks for it.
CREATE TABLE plan_understanding (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    stated_by TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;

CREATE TABLE plan_risk (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    about TEXT NOT NULL,
    body TEXT NOT NULL,
    assessed_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm, about)
) STRICT;

CREATE TABLE plan_materiality (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    considered_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;

CREATE TABLE plan_size (
    test TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX plan_size_file ON plan_size (engagement, firm);

CREATE TABLE plan_timeline (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;

CREATE TABLE plan_budget (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;

CREATE TABLE plan_time (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    person TEXT NOT NULL,
    body TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    withdrawn TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX plan_time_file ON plan_time (engagement, firm);
