-- Proofs are found again by the name that they prove, for later applications (SPEC 3.4: reuse windows).
-- A record whose view was good proves nothing by itself: the perspectives may have seen something else.
ALTER TABLE validation_record ADD COLUMN proves @int NOT NULL DEFAULT 0;
UPDATE validation_record SET proves = 1 WHERE id IN (SELECT proof FROM authz WHERE state = 1);
CREATE INDEX validation_record_proven ON validation_record (account, name_proven, at_ms) WHERE proves = 1;
