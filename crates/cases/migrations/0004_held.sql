-- Reports that came in a flood without proof of work: kept, and held until a person has looked.
ALTER TABLE case_record ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
CREATE INDEX case_record_held ON case_record (organisation, reported_at, id) WHERE held = 1;
