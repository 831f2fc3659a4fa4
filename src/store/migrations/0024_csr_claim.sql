-- One row for each key that came in a signing request: whoever claims the key holds the row until his transaction ends, so
-- that of two accounts that claim it at the same moment the second one sees the first (SPEC 3.3).
CREATE TABLE csr_claim (
	spki_sha256 @blob NOT NULL PRIMARY KEY,
	claims @int NOT NULL
) STRICT;
