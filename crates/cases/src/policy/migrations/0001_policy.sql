CREATE TABLE policy_version (
    organisation TEXT NOT NULL,
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    change_note TEXT NOT NULL,
    drafted_by TEXT NOT NULL,
    drafted_at BIGINT NOT NULL,
    approved_by TEXT,
    approved_at BIGINT,
    reviewed_at BIGINT,
    review_due BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation, number)
) STRICT;
CREATE INDEX policy_version_state ON policy_version (organisation, state);
