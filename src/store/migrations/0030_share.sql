-- Certificates that an account shares with another one of the same owner (SPEC 3.12). What the receiver sees is a row of
-- certificate of its own (copy; source 3), whose state repeats that of the shared one until the share ends.
CREATE TABLE share (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	certificate @id NOT NULL,
	receiver @id NOT NULL REFERENCES account (id),
	copy @id NOT NULL,
	copy_state @int NOT NULL,
	name @text NOT NULL,
	grade @int NOT NULL,
	ends_ms @int NOT NULL,
	state @int NOT NULL,
	ended_by @int NOT NULL,
	created_ms @int NOT NULL,
	ended_ms @int NOT NULL,
	taken_ms @int NOT NULL,
	version @int NOT NULL
) STRICT;
CREATE UNIQUE INDEX share_active ON share (certificate, receiver) WHERE state = 0;
CREATE UNIQUE INDEX share_copy ON share (copy);
CREATE INDEX share_certificate ON share (certificate, id);
CREATE INDEX share_given ON share (account, id);
CREATE INDEX share_received ON share (receiver, id);
CREATE INDEX share_due ON share (ends_ms) WHERE state = 0 AND ends_ms > 0;
