-- One row for each case with promises: when the next rung is due, and by when the next promise.
CREATE TABLE clock_case (
    case_id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    policy BIGINT NOT NULL,
    next_at BIGINT,
    deadline_at BIGINT,
    promises TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_case_next ON clock_case (next_at);

-- Promises that were kept, broken or replaced, for figures.
CREATE TABLE clock_outcome (
    case_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    clock TEXT NOT NULL,
    severity TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    stopped_at BIGINT,
    superseded_at BIGINT,
    PRIMARY KEY (case_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_outcome_clock ON clock_outcome (organisation, clock, due_at);

-- Rungs that were climbed.
CREATE TABLE clock_rung (
    case_id TEXT NOT NULL,
    rung_key TEXT NOT NULL,
    organisation TEXT NOT NULL,
    planned_at BIGINT NOT NULL,
    executed_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (case_id, rung_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_rung_executed ON clock_rung (organisation, executed_at);

CREATE TABLE clock_absence (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    person TEXT NOT NULL,
    deputy TEXT,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL
) STRICT;
CREATE INDEX clock_absence_person ON clock_absence (organisation, person);

CREATE TABLE clock_watch (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX clock_watch_at ON clock_watch (organisation, at);
