CREATE TABLE risk (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL,
    origin TEXT NOT NULL,
    closed TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX risk_organisation ON risk (organisation, id);

CREATE TABLE deficiency (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    control TEXT NOT NULL,
    body TEXT NOT NULL,
    origin TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    reported TEXT,
    closed TEXT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX deficiency_organisation ON deficiency (organisation, opened_at);
CREATE INDEX deficiency_control ON deficiency (control);
