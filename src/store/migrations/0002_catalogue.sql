-- Products that exist but are not for sale (hybrids come from merging), and a version for who edits one.
ALTER TABLE product ADD COLUMN sold @int NOT NULL DEFAULT 1;
ALTER TABLE product ADD COLUMN version @int NOT NULL DEFAULT 1;
-- accounts of one verified owner
CREATE INDEX account_owner ON account (owner_kind, owner_number_norm);
