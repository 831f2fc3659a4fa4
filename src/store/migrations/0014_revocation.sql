-- Revocations that wait for their confirmation by mail: a row stands here while its certificate is `confirming`.

CREATE TABLE revocation (
	certificate @id PRIMARY KEY REFERENCES certificate (id),
	account @id NOT NULL REFERENCES account (id),
	reason @int NOT NULL,
	replace_wanted @int NOT NULL,
	by_user @id NOT NULL,
	recipient @text NOT NULL,
	created_ms @int NOT NULL,
	ends_ms @int NOT NULL
) STRICT;
CREATE INDEX revocation_due ON revocation (ends_ms);
