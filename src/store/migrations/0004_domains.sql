-- Domains that an account looks after, and the zones that are managed here (SPEC 1, 3.4).

CREATE TABLE zone (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	name @text NOT NULL,
	servers @text NOT NULL,
	key_name @text NOT NULL,
	key_alg @int NOT NULL,
	seal_id @blob NOT NULL,
	sealed @blob NOT NULL,
	checked_ms @int NOT NULL,
	check_code @text NOT NULL,
	check_text @text NOT NULL,
	created_ms @int NOT NULL,
	changed_ms @int NOT NULL,
	version @int NOT NULL,
	UNIQUE (account, name)
) STRICT;

CREATE TABLE domain (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	name @text NOT NULL,
	unicode @text NOT NULL,
	holder @text NOT NULL,
	holder_state @int NOT NULL,
	holder_note @text NOT NULL,
	expires_ms @int NOT NULL,
	zone @id NOT NULL,
	created_ms @int NOT NULL,
	changed_ms @int NOT NULL,
	version @int NOT NULL,
	UNIQUE (account, name)
) STRICT;
CREATE INDEX domain_zone ON domain (account, zone);
CREATE INDEX domain_review ON domain (id) WHERE holder_state = 1;
