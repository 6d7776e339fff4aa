-- Since when the engagement stands where it stands; empty before it first moved on.
ALTER TABLE engagement ADD COLUMN moved_at BIGINT;
