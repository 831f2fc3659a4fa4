-- Mails that wait to be sent, one-time links, and which addresses of users are confirmed.

CREATE TABLE mail (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	kind @int NOT NULL,
	object_id @id NOT NULL,
	recipient @text NOT NULL,
	language @int NOT NULL,
	state @int NOT NULL,
	attempts @int NOT NULL,
	error_code @text NOT NULL,
	error_text @text NOT NULL,
	created_ms @int NOT NULL,
	sent_ms @int NOT NULL
) STRICT;
CREATE INDEX mail_account ON mail (account, id);
CREATE INDEX mail_object ON mail (kind, object_id);
CREATE INDEX mail_age ON mail (created_ms);

CREATE TABLE link (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	purpose @int NOT NULL,
	object_id @id NOT NULL,
	recipient @text NOT NULL,
	language @int NOT NULL,
	state @int NOT NULL,
	token_sha256 @blob,
	created_ms @int NOT NULL,
	expires_ms @int NOT NULL,
	used_ms @int NOT NULL
) STRICT;
CREATE UNIQUE INDEX link_token ON link (token_sha256);
CREATE INDEX link_object ON link (purpose, object_id, state);
CREATE INDEX link_expiry ON link (expires_ms);

ALTER TABLE users ADD COLUMN email_confirmed_ms @int NOT NULL DEFAULT 0;
