-- Domains whose certificate Signet itself creates, applies for, validates and issues (SPEC 3.4). application 0: not yet.

CREATE TABLE domain_auto (
	domain @id PRIMARY KEY REFERENCES domain (id),
	account @id NOT NULL REFERENCES account (id),
	product @id NOT NULL REFERENCES product (id),
	application @id NOT NULL,
	error_code @text NOT NULL,
	error_text @text NOT NULL,
	looked_ms @int NOT NULL,
	since_ms @int NOT NULL
) STRICT;
CREATE INDEX domain_auto_waiting ON domain_auto (looked_ms) WHERE application = 0;
CREATE INDEX domain_auto_account ON domain_auto (account, domain);
