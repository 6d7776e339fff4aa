CREATE TABLE canary_settings (
    organisation TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;

CREATE TABLE canary (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    way TEXT NOT NULL,
    channel TEXT NOT NULL,
    month TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    -- A digest: who reads the table cannot recognise the report.
    mark TEXT NOT NULL,
    sent_at BIGINT,
    unsent TEXT NOT NULL,
    case_id TEXT,
    received_at BIGINT,
    acknowledged_at BIGINT,
    escalated_at BIGINT,
    alarms TEXT NOT NULL,
    retired_at BIGINT,
    verdict TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX canary_mark ON canary (organisation, mark);
CREATE INDEX canary_month ON canary (organisation, month, way);
CREATE INDEX canary_due ON canary (organisation, retired_at, due_at);
