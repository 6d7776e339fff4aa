-- Controls that changed in the period: their stretches, and what is concluded on each.
CREATE TABLE exam_spans (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    control TEXT NOT NULL,
    spans TEXT NOT NULL,
    reason TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (engagement, firm, control)
) STRICT;

ALTER TABLE exam_conclusion ADD COLUMN spans TEXT NOT NULL DEFAULT '[]';
