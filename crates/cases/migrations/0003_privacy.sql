-- How much of a case is open: `open`, `confidential` or `anonymous`.
ALTER TABLE case_record ADD COLUMN privacy TEXT NOT NULL DEFAULT 'open';

-- People whom a report concerns: they neither read the case nor are asked to work on it.
CREATE TABLE case_kept_out (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    organisation TEXT NOT NULL,
    PRIMARY KEY (case_id, person)
) STRICT, WITHOUT ROWID;
