-- What the service changes in zones: planned before anything is sent, kept until it is known to be gone (SPEC 3.4).

CREATE TABLE dns_change (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	application @id NOT NULL,
	zone @id NOT NULL REFERENCES zone (id),
	name @text NOT NULL,
	value @text NOT NULL,
	state @int NOT NULL,
	attempts @int NOT NULL,
	retry_ms @int NOT NULL,
	error_code @text NOT NULL,
	error_text @text NOT NULL,
	created_ms @int NOT NULL,
	changed_ms @int NOT NULL,
	UNIQUE (zone, name, value)
) STRICT;
CREATE INDEX dns_change_application ON dns_change (account, application);
CREATE INDEX dns_change_open ON dns_change (retry_ms) WHERE state < 4;
