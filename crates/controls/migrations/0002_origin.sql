-- What opened a gap: something in a later room, or nothing.
ALTER TABLE gap ADD COLUMN origin TEXT NOT NULL DEFAULT '{"reference":"","label":""}';
