-- The way back to a report, by the report: its tracking number follows from its return code, so the number's
-- index finds it, and keys of neighbouring reports lie beside each other. `case_return` keeps the ways of
-- reports whose numbers were drawn apart from their codes.
CREATE TABLE case_way (
    case_id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    code BYTEA NOT NULL
) STRICT, WITHOUT ROWID;
