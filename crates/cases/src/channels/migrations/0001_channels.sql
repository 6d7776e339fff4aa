CREATE TABLE channel (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL,
    address TEXT NOT NULL,
    instructions TEXT NOT NULL,
    hours TEXT NOT NULL,
    languages TEXT NOT NULL,
    anonymous BIGINT NOT NULL,
    owner TEXT,
    since BIGINT NOT NULL,
    retired_at BIGINT,
    retired_because TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation, name)
) STRICT;

-- Where a channel is made known: a policy, a clause of an agreement, a page, a training.
CREATE TABLE channel_publication (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    title TEXT NOT NULL,
    link TEXT NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT
) STRICT;
CREATE INDEX channel_publication_channel ON channel_publication (organisation, channel, from_date);

CREATE TABLE channel_test (
    channel TEXT NOT NULL,
    version BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    on_date TEXT NOT NULL,
    passed BIGINT NOT NULL,
    evidence TEXT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (channel, version)
) STRICT;
