-- What accounts have said about their owners, and what staff decided (states are those of the owner).

CREATE TABLE owner_submission (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	kind @int NOT NULL,
	name @text NOT NULL,
	number @text NOT NULL,
	state @int NOT NULL,
	note @text NOT NULL,
	by_user @id NOT NULL,
	submitted_ms @int NOT NULL,
	decided_by @id NOT NULL,
	decided_ms @int NOT NULL
) STRICT;
CREATE INDEX owner_submission_account ON owner_submission (account, id);
CREATE UNIQUE INDEX owner_submission_open ON owner_submission (account) WHERE state = 1;
CREATE INDEX owner_submission_queue ON owner_submission (id) WHERE state = 1;
