-- Files that people send: pictures of licences, papers of tickets. Until something refers to it (object_id 0), a file belongs
-- to the user who sent it.

CREATE TABLE attachment (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	user_id @id NOT NULL,
	object @text NOT NULL,
	object_id @id NOT NULL,
	name @text NOT NULL,
	media @int NOT NULL,
	size @int NOT NULL,
	sha256 @blob NOT NULL,
	content @blob NOT NULL,
	created_ms @int NOT NULL
) STRICT;
CREATE INDEX attachment_account ON attachment (account, id);
CREATE INDEX attachment_object ON attachment (account, object, object_id, id);
CREATE INDEX attachment_unused ON attachment (created_ms) WHERE object_id = 0;
