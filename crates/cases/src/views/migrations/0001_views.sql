-- Sets of filters under a name, private or for everybody of the organisation.
CREATE TABLE case_view (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    shared BIGINT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX case_view_organisation ON case_view (organisation, name, id);

CREATE TABLE case_tag (
    organisation TEXT NOT NULL,
    case_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (organisation, case_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_tag_tag ON case_tag (organisation, tag, case_id);

-- Which words stand in which case. Made from the record behind its writers, and made again from nothing
-- when it is thrown away: no part of the record, so no part of a replay. Words are bytes, so that both
-- databases order them alike.
CREATE TABLE case_word (
    organisation TEXT NOT NULL,
    word BYTEA NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (organisation, word, case_id)
) STRICT, WITHOUT ROWID;

-- The words of a case as they were indexed, each followed by a line break: what must go when it changes.
CREATE TABLE case_indexed (
    organisation TEXT NOT NULL,
    case_id TEXT NOT NULL,
    words BYTEA NOT NULL,
    PRIMARY KEY (organisation, case_id)
) STRICT, WITHOUT ROWID;

-- Up to which place of its log an organisation's cases are indexed.
CREATE TABLE case_index_place (
    organisation TEXT NOT NULL PRIMARY KEY,
    place BIGINT NOT NULL
) STRICT, WITHOUT ROWID;

-- The figures that need every case, as last counted.
CREATE TABLE case_figures (
    organisation TEXT NOT NULL PRIMARY KEY,
    place BIGINT NOT NULL,
    counted_at BIGINT NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE INDEX case_record_private ON case_record (organisation, channel, kind, severity, state, reported_at) WHERE privacy <> 'open';
CREATE INDEX case_record_canary ON case_record (organisation, reported_at) WHERE canary = 1;

-- A case has an owner at last: who asks for the cases of one person reads those alone.
CREATE INDEX case_record_owner ON case_record (organisation, owner, reported_at, id) WHERE owner IS NOT NULL;
