-- The firm's procedures: one row for each, as it stands.
CREATE TABLE inq_procedure (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    plan TEXT NOT NULL,
    state TEXT NOT NULL,
    appointment TEXT,
    conclusion TEXT,
    planned_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX inq_procedure_file ON inq_procedure (engagement, firm);

-- What was answered, seen, left to do and found elsewhere, in the order of recording.
CREATE TABLE inq_entry (
    procedure_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    outcome TEXT,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (procedure_id, number)
) STRICT;

-- The organisation's own: its appointments with the firm.
CREATE TABLE inq_appointment (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    content TEXT NOT NULL,
    person TEXT NOT NULL,
    at_time BIGINT NOT NULL,
    state TEXT NOT NULL,
    reply TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX inq_appointment_of ON inq_appointment (organisation, at_time);

-- The organisation's own: what it consented to, for one engagement.
CREATE TABLE inq_consent (
    organisation TEXT NOT NULL,
    engagement TEXT NOT NULL,
    what TEXT NOT NULL,
    words TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (organisation, engagement, what)
) STRICT;
