-- Signing requests that an account keeps. key_id: the private key held here; null for those whose key is elsewhere.

CREATE TABLE csr (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	name @text NOT NULL,
	cn @text NOT NULL,
	names @text NOT NULL,
	alg @int NOT NULL,
	bits @int NOT NULL,
	der @blob NOT NULL,
	spki_sha256 @blob NOT NULL,
	key_id @blob,
	made_here @int NOT NULL,
	created_ms @int NOT NULL,
	UNIQUE (account, spki_sha256)
) STRICT;
CREATE INDEX csr_account ON csr (account, id);
CREATE INDEX csr_key ON csr (key_id);
