-- What the organisation is shown of the populations that were frozen from what it supplied.
CREATE TABLE supplied_population (
    id TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    organisation TEXT NOT NULL,
    body TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX supplied_population_engagement ON supplied_population (organisation, engagement);
