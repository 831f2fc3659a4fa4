-- Foreign certificates (SPEC 3.8). They are rows like the others, with issuer 0: other people's serials need not differ.
DROP INDEX certificate_serial;
CREATE UNIQUE INDEX certificate_serial ON certificate (issuer, serial) WHERE issuer > 0;
-- The other half of an SM2 pair that no application made.
ALTER TABLE certificate ADD COLUMN pair @id NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX certificate_upload_name ON certificate (account, name) WHERE source = 2 AND deleted_ms = 0 AND role <> 2;
CREATE INDEX certificate_source ON certificate (account, source, not_after_ms, id) WHERE deleted_ms = 0 AND source <> 0;

-- What stands above a foreign certificate. An account keeps each of them once, and takes them to complete other chains.
CREATE TABLE chain_certificate (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	sha256 @blob NOT NULL,
	subject_sha256 @blob NOT NULL,
	der @blob NOT NULL,
	UNIQUE (account, sha256)
) STRICT;
CREATE INDEX chain_certificate_subject ON chain_certificate (account, subject_sha256);
CREATE TABLE certificate_chain (
	certificate @id NOT NULL,
	place @int NOT NULL,
	account @id NOT NULL,
	link @id NOT NULL,
	PRIMARY KEY (certificate, place)
) STRICT;
CREATE INDEX certificate_chain_link ON certificate_chain (link);
