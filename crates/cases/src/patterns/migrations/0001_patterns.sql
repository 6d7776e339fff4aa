-- What people have decided about two cases: whether they are the same matter.
CREATE TABLE case_link_decided (
    organisation TEXT NOT NULL,
    earlier TEXT NOT NULL,
    later TEXT NOT NULL,
    same BIGINT NOT NULL,
    method TEXT NOT NULL,
    likeness BIGINT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, earlier, later)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_link_decided_later ON case_link_decided (organisation, later);
