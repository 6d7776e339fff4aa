-- What is known of the completeness and accuracy of a frozen population, beside the file itself.
CREATE TABLE exam_ipe (
    population TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX exam_ipe_file ON exam_ipe (engagement, firm);
