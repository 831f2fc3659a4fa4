-- Proofs by e-mail: what the link of a mail proves, and for which value of its authorization it was made.

CREATE TABLE email_proof (
	link @id PRIMARY KEY,
	account @id NOT NULL REFERENCES account (id),
	application @id NOT NULL,
	authz @id NOT NULL,
	source @int NOT NULL,
	proves @text NOT NULL,
	token @text NOT NULL
) STRICT;
CREATE INDEX email_proof_application ON email_proof (application);
