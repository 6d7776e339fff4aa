CREATE TABLE evidence_item (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    engagement TEXT,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    speaks_from BIGINT NOT NULL,
    speaks_to BIGINT NOT NULL,
    source TEXT NOT NULL,
    extracted_at BIGINT NOT NULL,
    controls TEXT NOT NULL,
    supplied_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX evidence_item_organisation ON evidence_item (organisation, recorded_at);

CREATE TABLE request (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    organisation TEXT NOT NULL,
    code TEXT NOT NULL,
    body TEXT NOT NULL,
    control TEXT,
    owner TEXT,
    due TEXT NOT NULL,
    state TEXT NOT NULL,
    items TEXT NOT NULL,
    remark TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX request_engagement ON request (engagement, code);
