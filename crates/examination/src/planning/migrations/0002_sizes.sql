-- Whoever approved a size below the firm's policy; taken away when the size is stated anew.
CREATE TABLE plan_size_approval (
    test TEXT NOT NULL PRIMARY KEY,
    engagement TEXT NOT NULL,
    firm TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    approved_at BIGINT NOT NULL
) STRICT;
CREATE INDEX plan_size_approval_file ON plan_size_approval (engagement, firm);

-- Who stated a size, so that somebody else approves it; empty for sizes from before.
ALTER TABLE plan_size ADD COLUMN stated_by TEXT NOT NULL DEFAULT '';
