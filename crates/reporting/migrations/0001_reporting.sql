CREATE TABLE description_section (
    engagement TEXT NOT NULL,
    criterion TEXT NOT NULL,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    edited_by TEXT NOT NULL,
    edited_at BIGINT NOT NULL,
    PRIMARY KEY (engagement, criterion)
) STRICT;

CREATE TABLE report_assertion (
    engagement TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL,
    signed_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;

-- What follows is the firm's; a firm that joins later never reads its predecessor's.
CREATE TABLE report_terms (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;

CREATE TABLE report_letter (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (engagement, firm)
) STRICT;

CREATE TABLE report_build (
    event TEXT NOT NULL PRIMARY KEY,
    report TEXT NOT NULL,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    kind TEXT NOT NULL,
    data_sha256 TEXT NOT NULL,
    template_sha256 TEXT NOT NULL,
    to_mend BIGINT NOT NULL,
    findings TEXT NOT NULL,
    built_at BIGINT NOT NULL,
    built_by TEXT NOT NULL,
    number BIGINT NOT NULL
) STRICT;
CREATE INDEX report_build_engagement ON report_build (engagement, firm, number);

CREATE TABLE report_issue (
    engagement TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    firm TEXT NOT NULL,
    report TEXT NOT NULL,
    build TEXT NOT NULL,
    pdf TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    issued_by TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;

-- The file typeset from a build. Not a projection: the file's proof is made after the build's entry has
-- its place in the tree, and is kept so that the same build is always the same file.
CREATE TABLE report_file (
    build TEXT NOT NULL PRIMARY KEY,
    firm TEXT NOT NULL,
    pdf TEXT NOT NULL
) STRICT;
