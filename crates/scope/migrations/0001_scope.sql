CREATE TABLE engagement (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    firm TEXT,
    name TEXT NOT NULL,
    system_name TEXT NOT NULL,
    report_type TEXT NOT NULL,
    period TEXT NOT NULL,
    categories TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    opened_at BIGINT NOT NULL
) STRICT;
CREATE INDEX engagement_organisation ON engagement (organisation);
CREATE INDEX engagement_firm ON engagement (firm);

CREATE TABLE system_component (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    owner TEXT,
    location TEXT NOT NULL
) STRICT;
CREATE INDEX system_component_organisation ON system_component (organisation);

CREATE TABLE subservice (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    name TEXT NOT NULL,
    service TEXT NOT NULL,
    method TEXT NOT NULL,
    assumed_controls TEXT NOT NULL
) STRICT;
CREATE INDEX subservice_organisation ON subservice (organisation);

CREATE TABLE user_entity_control (
    organisation TEXT NOT NULL,
    position BIGINT NOT NULL,
    statement TEXT NOT NULL,
    criteria TEXT NOT NULL,
    PRIMARY KEY (organisation, position)
) STRICT;
