-- What the contract suite works on.
CREATE TABLE thing (
	id @pk,
	num @int NOT NULL,
	name @text, -- may be NULL
	data @blob
) STRICT;
CREATE INDEX thing_name ON thing (name, id);
CREATE TABLE thing_key (
	key @text NOT NULL PRIMARY KEY,
	val @int NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counter (
	key @int NOT NULL PRIMARY KEY,
	n @int NOT NULL
) STRICT;
CREATE TABLE child (
	id @pk,
	parent @id REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
