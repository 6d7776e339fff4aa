-- The last count of each day and book.
CREATE TABLE total_day (
    organisation TEXT NOT NULL,
    day TEXT NOT NULL,
    book TEXT NOT NULL,
    accepted BIGINT NOT NULL,
    parts TEXT NOT NULL,
    counted_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, day, book)
) STRICT;

-- What somebody outside counted: the mail server, the telephone exchange, the other system.
CREATE TABLE total_figure (
    organisation TEXT NOT NULL,
    day TEXT NOT NULL,
    book TEXT NOT NULL,
    figure BIGINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (organisation, day, book)
) STRICT;

CREATE TABLE total_exception (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    day TEXT NOT NULL,
    book TEXT NOT NULL,
    expected BIGINT NOT NULL,
    found BIGINT NOT NULL,
    against TEXT NOT NULL,
    owner TEXT,
    opened_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolution TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX total_exception_open ON total_exception (organisation, resolved_at, day);
