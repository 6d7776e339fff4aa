-- The version of a subject is that of its last entry, which `journal_entry_subject` finds: a table that
-- repeats it was one tree more for every command to write.
DROP TABLE journal_subject;
