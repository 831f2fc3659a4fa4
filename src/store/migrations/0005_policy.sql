-- An operator's own values beside the compiled schedule (policy/schedule.def).

CREATE TABLE operator_policy (
	id @pk,
	name @text NOT NULL,
	from_ms @int NOT NULL,
	value @int NOT NULL,
	by_user @id NOT NULL,
	since_ms @int NOT NULL,
	UNIQUE (name, from_ms)
) STRICT;
