-- Which version of a gap somebody saw. Until now a gap was opened and closed, and nothing else.
ALTER TABLE gap ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
UPDATE gap SET version = 2 WHERE closed IS NOT NULL;
