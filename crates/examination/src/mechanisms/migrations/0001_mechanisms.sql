-- Papers of the firm's evaluation of reporting mechanisms: one row for each, as it stands.
CREATE TABLE mech_paper (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    kind TEXT NOT NULL,
    paper_key TEXT NOT NULL,
    content TEXT NOT NULL,
    withdrawn TEXT,
    actor TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (engagement, firm, kind, paper_key)
) STRICT;
