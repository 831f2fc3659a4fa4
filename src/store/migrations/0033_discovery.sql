-- Servers out there: scans that look for them, the inventory of what was found, and which are watched.

-- done is also how far the row of targets was walked; slot: which scanner has it in hand, 0: none
CREATE TABLE scan (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	name @text NOT NULL,
	targets @text NOT NULL,
	ports @text NOT NULL,
	starttls @int NOT NULL,
	rate @int NOT NULL,
	state @int NOT NULL,
	slot @int NOT NULL,
	total @int NOT NULL,
	done @int NOT NULL,
	found @int NOT NULL,
	failed @int NOT NULL,
	next_ms @int NOT NULL,
	served_ms @int NOT NULL,
	created_ms @int NOT NULL,
	started_ms @int NOT NULL,
	finished_ms @int NOT NULL
) STRICT;
CREATE INDEX scan_account ON scan (account, id);
CREATE INDEX scan_open ON scan (served_ms, id) WHERE state < 2;
CREATE INDEX scan_line ON scan (account, id) WHERE state < 2;
CREATE INDEX scan_age ON scan (finished_ms) WHERE state > 1;

CREATE TABLE scan_fault (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	scan @id NOT NULL,
	target @text NOT NULL,
	code @text NOT NULL,
	message @text NOT NULL
) STRICT;
CREATE INDEX scan_fault_scan ON scan_fault (scan, id);

-- what servers show, each certificate once in an account
CREATE TABLE host_cert (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	sha256 @blob NOT NULL,
	spki_sha256 @blob NOT NULL,
	der @blob NOT NULL,
	subject @text NOT NULL,
	issuer @text NOT NULL,
	serial @blob NOT NULL,
	names @text NOT NULL,
	key_alg @text NOT NULL,
	not_before_ms @int NOT NULL,
	not_after_ms @int NOT NULL
) STRICT;
CREATE UNIQUE INDEX host_cert_once ON host_cert (account, sha256);

-- a server, by what it was asked for as; verdict: enum host_status without what time does to it
CREATE TABLE host (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	name @text NOT NULL,
	reversed @text NOT NULL,
	port @int NOT NULL,
	starttls @int NOT NULL,
	address @text NOT NULL,
	cert @id NOT NULL,
	not_after_ms @int NOT NULL,
	verdict @int NOT NULL,
	trusted @int NOT NULL,
	errors @int NOT NULL,
	warnings @int NOT NULL,
	notes @int NOT NULL,
	protocol @text NOT NULL,
	suite @text NOT NULL,
	findings @text NOT NULL,
	first_seen_ms @int NOT NULL,
	last_seen_ms @int NOT NULL
) STRICT;
CREATE UNIQUE INDEX host_once ON host (account, name, port);
CREATE INDEX host_account ON host (account, id);
CREATE INDEX host_verdict ON host (account, verdict, id);
CREATE INDEX host_end ON host (account, not_after_ms, id) WHERE cert > 0;
CREATE INDEX host_reversed ON host (account, reversed, id);
CREATE INDEX host_by_cert ON host (cert);

CREATE TABLE scan_host (
	scan @id NOT NULL,
	host @id NOT NULL,
	account @id NOT NULL REFERENCES account (id),
	PRIMARY KEY (scan, host)
) STRICT;
CREATE INDEX scan_host_host ON scan_host (host);

-- what the last look saw stands here, too: scans change the host's row in between
CREATE TABLE monitor (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	host @id NOT NULL,
	interval_ms @int NOT NULL,
	next_ms @int NOT NULL,
	looked_ms @int NOT NULL,
	seen_sha256 @blob,
	status @int NOT NULL,
	failures @int NOT NULL,
	code @text NOT NULL,
	message @text NOT NULL,
	created_ms @int NOT NULL,
	version @int NOT NULL
) STRICT;
CREATE UNIQUE INDEX monitor_host ON monitor (host);
CREATE INDEX monitor_account ON monitor (account, id);
CREATE INDEX monitor_due ON monitor (next_ms);

CREATE TABLE monitor_event (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	monitor @id NOT NULL,
	kind @int NOT NULL,
	at_ms @int NOT NULL,
	sha256 @blob,
	not_after_ms @int NOT NULL,
	status @int NOT NULL,
	detail @text NOT NULL
) STRICT;
CREATE INDEX monitor_event_monitor ON monitor_event (monitor, id);
