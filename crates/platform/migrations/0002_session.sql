-- Who is signed in. Not part of the record: a session is a convenience, signing in is an event.
CREATE TABLE session (
    token BYTEA NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    party TEXT NOT NULL,
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    engagement TEXT,
    flash TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires_at);
