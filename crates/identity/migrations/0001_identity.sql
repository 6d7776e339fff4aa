-- Parties, people and what they are trusted with: projections of the log.
CREATE TABLE identity_party (
    id TEXT NOT NULL PRIMARY KEY,
    side TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;

-- `organisation` is the party that first knew the person; in its log the account's facts stand.
CREATE TABLE identity_person (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    password_set_at BIGINT,
    factor_added_at BIGINT,
    signed_in_at BIGINT
) STRICT;

CREATE TABLE identity_membership (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    person TEXT NOT NULL,
    roles TEXT NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation, person)
) STRICT;
CREATE INDEX identity_membership_person ON identity_membership (person);

CREATE TABLE identity_invitation (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    email TEXT NOT NULL,
    roles TEXT NOT NULL,
    person TEXT,
    state TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) STRICT;
CREATE INDEX identity_invitation_organisation ON identity_invitation (organisation, email);

CREATE TABLE identity_token (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
) STRICT;
CREATE INDEX identity_token_person ON identity_token (person, organisation);

-- Secrets. Not part of the record and never in the log: a replay does not bring them back.
CREATE TABLE identity_credential (
    person TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    password TEXT,
    factor_secret BYTEA,
    factor_pending BYTEA,
    factor_step BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0,
    failures_since BIGINT NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE identity_recovery_code (
    person TEXT NOT NULL,
    organisation TEXT NOT NULL,
    digest BYTEA NOT NULL,
    PRIMARY KEY (person, digest)
) STRICT;

CREATE TABLE identity_invitation_code (
    invitation TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    digest BYTEA NOT NULL UNIQUE
) STRICT;

CREATE TABLE identity_token_digest (
    token TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    digest BYTEA NOT NULL UNIQUE,
    used_at BIGINT
) STRICT;
