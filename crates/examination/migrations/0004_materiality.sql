-- Second signatures under the judgement that the failure of a criterion is not material. A signature is of
-- the reason and the factors as they were signed; when they change, it counts no longer.
CREATE TABLE exam_materiality_second (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    criterion TEXT NOT NULL,
    reason TEXT NOT NULL,
    factors TEXT NOT NULL,
    remark TEXT NOT NULL,
    signer TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (engagement, firm, criterion)
) STRICT;

-- By which version of the rule on what a conclusion rests on its digest was made.
ALTER TABLE exam_conclusion ADD COLUMN rule BIGINT NOT NULL DEFAULT 1;
