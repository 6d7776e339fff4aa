-- Second signatures under the judgement that a misstatement of the description, or a limit on the scope, is not
-- material. A signature is of the statement as it was signed, by its digest; another statement needs another one.
CREATE TABLE exam_matter_second (
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    remark TEXT NOT NULL,
    signer TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (engagement, firm, sha256)
) STRICT;
