-- What the service tells accounts by itself, to whom it goes, and what has been told about what time does.

CREATE TABLE notice (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	kind @int NOT NULL,
	object_id @id NOT NULL,
	mark @int NOT NULL,
	name @text NOT NULL,
	code @text NOT NULL,
	detail @text NOT NULL,
	due_ms @int NOT NULL,
	created_ms @int NOT NULL,
	read_ms @int NOT NULL,
	digest @id NOT NULL
) STRICT;
CREATE UNIQUE INDEX notice_once ON notice (kind, object_id, account, mark);
CREATE INDEX notice_account ON notice (account, id);
CREATE INDEX notice_unread ON notice (account, id) WHERE read_ms = 0;
CREATE INDEX notice_gather ON notice (account, created_ms) WHERE digest = 0;
CREATE INDEX notice_in_digest ON notice (digest) WHERE digest > 0;
CREATE INDEX notice_age ON notice (created_ms);

CREATE TABLE notice_digest (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	created_ms @int NOT NULL
) STRICT;
CREATE INDEX notice_digest_age ON notice_digest (created_ms);

ALTER TABLE contact ADD COLUMN email_confirmed_ms @int NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN notice_mail @int NOT NULL DEFAULT 1;
ALTER TABLE contact ADD COLUMN notice_language @int NOT NULL DEFAULT -1;
ALTER TABLE contact ADD COLUMN notice_off @int NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN notice_mail @int NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN notice_language @int NOT NULL DEFAULT -1;
ALTER TABLE users ADD COLUMN notice_off @int NOT NULL DEFAULT 0;

-- how many of the warnings before its end a certificate has had
ALTER TABLE certificate ADD COLUMN notice_stage @int NOT NULL DEFAULT 0;
ALTER TABLE certificate ADD COLUMN notice_quiet @int NOT NULL DEFAULT 0;
CREATE INDEX certificate_notice ON certificate (notice_stage, not_after_ms) WHERE deleted_ms = 0 AND role < 2 AND (state = 1 OR state = 5);

-- 1: the warning before the end of its window; 2: and before that of its period
ALTER TABLE subscription ADD COLUMN notice_stage @int NOT NULL DEFAULT 0;
CREATE INDEX subscription_notice_window ON subscription (state, window_end_ms) WHERE notice_stage = 0;
CREATE INDEX subscription_notice_period ON subscription (state, paid_until_ms) WHERE notice_stage < 2;
CREATE INDEX certificate_waiting ON certificate (id) WHERE state = 2 OR state = 3;
