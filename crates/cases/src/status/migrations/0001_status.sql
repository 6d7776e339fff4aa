CREATE TABLE status_component (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    name TEXT NOT NULL,
    public_name TEXT NOT NULL,
    description TEXT NOT NULL,
    place BIGINT NOT NULL,
    retired BIGINT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX status_component_place ON status_component (organisation, place, id);

CREATE TABLE status_notice (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    affected TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    ends_at BIGINT,
    ended_at BIGINT,
    linked TEXT,
    published_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX status_notice_reference ON status_notice (organisation, reference);
CREATE INDEX status_notice_begun ON status_notice (organisation, begins_at, id);

-- Everything that was ever published, word for word.
CREATE TABLE status_update (
    notice TEXT NOT NULL,
    version BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    corrects BIGINT,
    corrected_by BIGINT,
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (notice, version)
) STRICT;
CREATE INDEX status_update_at ON status_update (organisation, at, notice, version);

-- Who asked to be told, without who they are.
CREATE TABLE status_subscriber (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    ended_at BIGINT
) STRICT;
CREATE INDEX status_subscriber_state ON status_subscriber (organisation, state, id);

-- Not part of the record: forgotten when the subscription ends.
CREATE TABLE status_address (
    subscriber TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    email TEXT NOT NULL,
    confirm_digest BYTEA,
    leave_token TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    UNIQUE (organisation, email)
) STRICT;
CREATE UNIQUE INDEX status_address_leave ON status_address (leave_token);
CREATE INDEX status_address_confirm ON status_address (confirm_digest);
