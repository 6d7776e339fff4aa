-- What is rare in a register is found without reading the register: each index holds only the few, and
-- begins with everything that is asked of them by equality, or the plan takes an index of all.
DROP INDEX case_record_held;
CREATE INDEX case_record_held ON case_record (organisation, state, reported_at, id) WHERE held = 1;
DROP INDEX case_record_private;
CREATE INDEX case_record_private ON case_record (organisation, canary, channel, kind, severity, state, reported_at) WHERE privacy <> 'open';
