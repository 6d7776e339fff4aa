-- One row for each message that was accepted; the message itself is a file.
CREATE TABLE mail_in (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    via TEXT NOT NULL,
    accepted_at BIGINT NOT NULL,
    sorted_at BIGINT,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    case_id TEXT,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT NOT NULL,
    auth TEXT NOT NULL,
    attachments TEXT NOT NULL,
    decided_at BIGINT,
    decision TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX mail_in_content ON mail_in (organisation, sha256);
CREATE INDEX mail_in_accepted ON mail_in (organisation, accepted_at, id);
CREATE INDEX mail_in_sender ON mail_in (organisation, sender, accepted_at);
CREATE INDEX mail_in_case ON mail_in (organisation, case_id);
