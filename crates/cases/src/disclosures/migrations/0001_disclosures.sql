CREATE TABLE disclosure (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    engagement TEXT NOT NULL,
    -- Empty for the statement about the whole period.
    case_id TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    prepared_by TEXT NOT NULL,
    prepared_at BIGINT NOT NULL,
    judged_by TEXT,
    judged_at BIGINT,
    remark TEXT,
    version BIGINT NOT NULL,
    UNIQUE (engagement, case_id)
) STRICT;
