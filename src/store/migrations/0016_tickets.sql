-- What accounts ask staff for: the ticket, its thread, and what staff did about it. queue orders the tickets of a state: the
-- number of the message that brought it there, and above all urgent ones (2^52 more) those that are not.
CREATE TABLE ticket (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	user_id @id NOT NULL,
	kind @int NOT NULL,
	urgent @int NOT NULL,
	subject @text NOT NULL,
	state @int NOT NULL,
	object @int NOT NULL,
	object_id @id NOT NULL,
	queue @int NOT NULL,
	created_ms @int NOT NULL,
	since_ms @int NOT NULL
) STRICT;
CREATE INDEX ticket_account ON ticket (account, id);
CREATE INDEX ticket_state ON ticket (account, state, id);
CREATE INDEX ticket_queue ON ticket (state, queue);

CREATE TABLE ticket_message (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	ticket @id NOT NULL REFERENCES ticket (id),
	staff @int NOT NULL,
	user_id @id NOT NULL,
	body @text NOT NULL,
	at_ms @int NOT NULL
) STRICT;
CREATE INDEX ticket_message_ticket ON ticket_message (account, ticket, id);

CREATE TABLE ticket_act (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	ticket @id NOT NULL REFERENCES ticket (id),
	user_id @id NOT NULL,
	act @int NOT NULL,
	object @int NOT NULL,
	object_id @id NOT NULL,
	note @text NOT NULL,
	at_ms @int NOT NULL
) STRICT;
CREATE INDEX ticket_act_ticket ON ticket_act (account, ticket, id);
