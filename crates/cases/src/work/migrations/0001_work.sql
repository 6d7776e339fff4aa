CREATE TABLE work_task (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    organisation TEXT NOT NULL,
    title TEXT NOT NULL,
    owner TEXT,
    due TEXT NOT NULL,
    done TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX work_task_case ON work_task (case_id);

CREATE TABLE work_action (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    owner TEXT,
    due TEXT NOT NULL,
    control TEXT,
    done TEXT,
    effective_on TEXT,
    effective BIGINT,
    checked TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX work_action_case ON work_action (case_id);
CREATE INDEX work_action_organisation ON work_action (organisation, effective_on);

CREATE TABLE work_notice (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    sent TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX work_notice_case ON work_notice (case_id);

CREATE TABLE work_link (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    other TEXT NOT NULL,
    organisation TEXT NOT NULL,
    relation TEXT NOT NULL,
    reason TEXT NOT NULL,
    removed TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX work_link_case ON work_link (case_id);
CREATE INDEX work_link_other ON work_link (other);

CREATE TABLE work_privileged (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    organisation TEXT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX work_privileged_case ON work_privileged (case_id);

-- What a case opened or changed in the room of controls.
CREATE TABLE work_finding (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    reason TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX work_finding_case ON work_finding (case_id);
CREATE INDEX work_finding_reference ON work_finding (organisation, reference);
