-- Work that follows from what was recorded: planned in the transaction of its cause, done afterwards.
-- Not part of the record: no projection, never replayed. `party` is '' for the deployment's own work.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The same key twice is one job.
    key TEXT NOT NULL,
    -- SHA-256 of kind and payload as they came in; the payload itself goes once it is no longer needed.
    input BYTEA NOT NULL,
    payload TEXT,
    -- What it concerns, for people; never a secret.
    about TEXT NOT NULL,
    -- waiting, leased, done, dead, cancelled
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- When it was planned for.
    run_at BIGINT NOT NULL,
    -- When a runner may take it next: the time of the next attempt, or the end of a lease. None: ended.
    due_at BIGINT,
    -- After this it is of no use to anybody and is not attempted again.
    expires_at BIGINT,
    attempts BIGINT NOT NULL,
    attempts_max BIGINT NOT NULL,
    -- Who holds the lease, and the number of the lease. A number never comes back.
    owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    cancel_asked BIGINT NOT NULL,
    progress_done BIGINT NOT NULL,
    progress_of BIGINT NOT NULL,
    error TEXT NOT NULL,
    ended_at BIGINT,
    UNIQUE (party, key)
) STRICT;
CREATE INDEX job_due ON job (kind, due_at);
CREATE INDEX job_party ON job (party, state, id);
CREATE INDEX job_ended ON job (ended_at);

CREATE TABLE job_schedule (
    party TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    recurrence TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    fired_at BIGINT,
    PRIMARY KEY (party, name)
) STRICT;
CREATE INDEX job_schedule_next ON job_schedule (next_at);

-- Where signed webhooks of a party go.
CREATE TABLE webhook_endpoint (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- Why nothing is sent any more; none while it is in use.
    disabled TEXT
) STRICT;
CREATE INDEX webhook_endpoint_party ON webhook_endpoint (party);
