-- An answer that was none, kept to be read: its digest and length.
ALTER TABLE collector_run ADD COLUMN answer TEXT;
