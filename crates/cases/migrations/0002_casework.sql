-- The decision at triage, as it stands.
CREATE TABLE case_judged (
    case_id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    incident BIGINT NOT NULL,
    reason TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    changes BIGINT NOT NULL
) STRICT;

-- Milestones, each as stated last.
CREATE TABLE case_fact (
    case_id TEXT NOT NULL,
    what TEXT NOT NULL,
    organisation TEXT NOT NULL,
    at BIGINT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (case_id, what)
) STRICT;

CREATE TABLE case_impact (
    case_id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- The same by what was touched: which cases bear on a control, a component, a criterion.
CREATE TABLE case_touch (
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (organisation, kind, reference, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_touch_case ON case_touch (case_id);

CREATE TABLE case_cause (
    case_id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    code TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX case_cause_code ON case_cause (organisation, code);

CREATE TABLE case_review (
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT;

ALTER TABLE case_message ADD COLUMN purpose TEXT NOT NULL DEFAULT 'answer';
