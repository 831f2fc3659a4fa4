-- Review by people: one row for each time that an application waits for a reviewer, the thread with the applicant, and the calls
-- that reviewers made. state: waiting, approved, rejected, returned (a proof had expired), withdrawn.
CREATE TABLE review (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	application @id NOT NULL REFERENCES application (id),
	state @int NOT NULL,
	held @text NOT NULL,
	since_ms @int NOT NULL,
	reminded_ms @int NOT NULL,
	claimed_by @id NOT NULL,
	claimed_ms @int NOT NULL,
	approved_by @id NOT NULL,
	approved_ms @int NOT NULL,
	decided_by @id NOT NULL,
	decided_ms @int NOT NULL,
	reason @text NOT NULL,
	note @text NOT NULL
) STRICT;
CREATE UNIQUE INDEX review_open ON review (application) WHERE state = 0;
CREATE INDEX review_queue ON review (state, id);
CREATE INDEX review_decided ON review (decided_ms) WHERE decided_by > 0;
CREATE INDEX review_application ON review (account, application, id);

CREATE TABLE review_message (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	application @id NOT NULL REFERENCES application (id),
	staff @int NOT NULL,
	user_id @id NOT NULL,
	body @text NOT NULL,
	at_ms @int NOT NULL
) STRICT;
CREATE INDEX review_message_application ON review_message (account, application, id);

CREATE TABLE review_call (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	application @id NOT NULL REFERENCES application (id),
	user_id @id NOT NULL,
	callee @text NOT NULL,
	number @text NOT NULL,
	source @text NOT NULL,
	result @int NOT NULL,
	note @text NOT NULL,
	called_ms @int NOT NULL,
	at_ms @int NOT NULL
) STRICT;
CREATE INDEX review_call_application ON review_call (account, application, id);
