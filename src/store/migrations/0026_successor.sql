-- A subscription that follows another one (SPEC 3.14): from when on it can be used, and the bill that orders it. Of one
-- subscription one follows at a time.
ALTER TABLE subscription ADD COLUMN activates_ms @int NOT NULL DEFAULT 0;
ALTER TABLE bill ADD COLUMN predecessor @id NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX subscription_successor ON subscription (predecessor) WHERE predecessor > 0 AND state > 0 AND state < 4;
CREATE INDEX subscription_activates ON subscription (state, activates_ms) WHERE state = 1;
