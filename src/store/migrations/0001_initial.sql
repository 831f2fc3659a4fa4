-- The first schema. States are the numbers of the enums in src/model; times are UTC milliseconds; 0 stands for "not yet"
-- and for "none". Fields that later doors need (site, owner, node, pair role, profile version) stand from the beginning.

CREATE TABLE meta (
	name @text PRIMARY KEY,
	value @text NOT NULL
) STRICT;

CREATE TABLE node (
	id @pk,
	name @text NOT NULL UNIQUE,
	heartbeat_ms @int NOT NULL,
	clock_ms @int NOT NULL
) STRICT;

CREATE TABLE account (
	id @pk,
	site @text NOT NULL,
	name @text NOT NULL,
	operator @int NOT NULL,
	owner_kind @int NOT NULL,
	owner_name @text NOT NULL,
	owner_number @text NOT NULL,
	owner_number_norm @text NOT NULL,
	owner_state @int NOT NULL,
	currency @text NOT NULL,
	balance @int NOT NULL CHECK (balance >= 0),
	created_ms @int NOT NULL,
	version @int NOT NULL,
	UNIQUE (site, name)
) STRICT;

CREATE TABLE users (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	name @text NOT NULL,
	role @int NOT NULL,
	email @text NOT NULL,
	password_hash @text NOT NULL,
	disabled @int NOT NULL,
	created_ms @int NOT NULL,
	changed_ms @int NOT NULL,
	version @int NOT NULL,
	UNIQUE (account, name)
) STRICT;

CREATE TABLE access_key (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	user_id @id NOT NULL REFERENCES users (id),
	key_id @text NOT NULL UNIQUE,
	secret_sha256 @blob NOT NULL,
	seal_id @blob NOT NULL,
	sealed @blob NOT NULL,
	disabled @int NOT NULL,
	created_ms @int NOT NULL
) STRICT;
CREATE INDEX access_key_user ON access_key (account, user_id);

CREATE TABLE session (
	token_sha256 @blob PRIMARY KEY,
	account @id NOT NULL REFERENCES account (id),
	user_id @id NOT NULL REFERENCES users (id),
	created_ms @int NOT NULL,
	expires_ms @int NOT NULL
) STRICT;
CREATE INDEX session_expiry ON session (expires_ms);
CREATE INDEX session_of_user ON session (account, user_id);

CREATE TABLE throttle (
	name @text PRIMARY KEY,
	failures @int NOT NULL,
	last_ms @int NOT NULL,
	until_ms @int NOT NULL
) STRICT;

CREATE TABLE product (
	id @pk,
	code @text NOT NULL UNIQUE,
	brand @text NOT NULL,
	type @int NOT NULL,
	kind @int NOT NULL,
	algorithms @text NOT NULL,
	price_year @int NOT NULL,
	currency @text NOT NULL,
	names_max @int NOT NULL,
	months @text NOT NULL,
	rank @int NOT NULL,
	test @int NOT NULL,
	ip @int NOT NULL,
	professional @int NOT NULL,
	internal @int NOT NULL,
	profile @text NOT NULL,
	guidance @text NOT NULL,
	active @int NOT NULL
) STRICT;

CREATE TABLE bill (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	state @int NOT NULL,
	product @id NOT NULL REFERENCES product (id),
	quantity @int NOT NULL,
	months @int NOT NULL,
	n_common @int NOT NULL,
	n_wildcard @int NOT NULL,
	amount @int NOT NULL,
	refunded @int NOT NULL,
	currency @text NOT NULL,
	names @text NOT NULL,
	created_ms @int NOT NULL,
	due_ms @int NOT NULL,
	paid_ms @int NOT NULL
) STRICT;
CREATE INDEX bill_account ON bill (account, id);
CREATE INDEX bill_due ON bill (state, due_ms);

CREATE TABLE ledger_entry (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	kind @int NOT NULL,
	bill @id NOT NULL,
	note @text NOT NULL,
	by_user @id NOT NULL,
	created_ms @int NOT NULL
) STRICT;
CREATE INDEX ledger_entry_account ON ledger_entry (account, id);

CREATE TABLE ledger_line (
	entry @id NOT NULL REFERENCES ledger_entry (id),
	account @id NOT NULL,
	book @int NOT NULL,
	amount @int NOT NULL,
	PRIMARY KEY (entry, book)
) STRICT;

CREATE TABLE allowance (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	product @id NOT NULL REFERENCES product (id),
	names_max @int NOT NULL,
	certificates @int NOT NULL,
	used @int NOT NULL,
	months @int NOT NULL,
	period_ms @int NOT NULL,
	period_start_ms @int NOT NULL,
	CHECK (used <= certificates),
	UNIQUE (account, product)
) STRICT;

CREATE TABLE subscription (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	instance_id @text NOT NULL UNIQUE,
	product @id NOT NULL REFERENCES product (id),
	bill @id NOT NULL,
	state @int NOT NULL,
	state_before @int NOT NULL,
	months @int NOT NULL,
	n_common @int NOT NULL,
	n_wildcard @int NOT NULL,
	price @int NOT NULL,
	predecessor @id NOT NULL,
	merged_into @id NOT NULL,
	window_end_ms @int NOT NULL,
	first_issued_ms @int NOT NULL,
	paid_until_ms @int NOT NULL,
	created_ms @int NOT NULL,
	changed_ms @int NOT NULL
) STRICT;
CREATE INDEX subscription_account ON subscription (account, state, id);
CREATE INDEX subscription_quota ON subscription (account, product, state, id);
CREATE INDEX subscription_bill ON subscription (bill);
CREATE INDEX subscription_window ON subscription (state, window_end_ms);
CREATE INDEX subscription_paid ON subscription (state, paid_until_ms);

CREATE TABLE subscriber_key (
	id @blob PRIMARY KEY,
	account @id NOT NULL,
	class @int NOT NULL,
	alg @int NOT NULL,
	sealed @blob NOT NULL,
	spki @blob NOT NULL,
	created_ms @int NOT NULL
) STRICT;

CREATE TABLE application (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	subscription @id NOT NULL REFERENCES subscription (id),
	product @id NOT NULL REFERENCES product (id),
	state @int NOT NULL,
	state_before @int NOT NULL,
	failure_code @text NOT NULL,
	failure_text @text NOT NULL,
	name @text NOT NULL,
	method @int NOT NULL,
	key_source @int NOT NULL,
	key_alg @int NOT NULL,
	key_id @blob,
	enc_key_id @blob,
	spki @blob,
	csr @blob,
	cn @text NOT NULL,
	contact_name @text NOT NULL,
	contact_email @text NOT NULL,
	contact_phone @text NOT NULL,
	company @text NOT NULL,
	profile @text NOT NULL,
	profile_version @int NOT NULL,
	must_staple @int NOT NULL,
	n_names @int NOT NULL,
	certificate @id NOT NULL,
	created_ms @int NOT NULL,
	changed_ms @int NOT NULL,
	submitted_ms @int NOT NULL,
	issued_ms @int NOT NULL,
	deadline_ms @int NOT NULL,
	version @int NOT NULL
) STRICT;
CREATE INDEX application_account ON application (account, id);
CREATE INDEX application_state ON application (account, state, id);
CREATE INDEX application_deadline ON application (state, deadline_ms);
CREATE UNIQUE INDEX application_open ON application (subscription) WHERE state < 5;

CREATE TABLE application_name (
	application @id NOT NULL REFERENCES application (id),
	account @id NOT NULL,
	ord @int NOT NULL,
	kind @int NOT NULL,
	ascii @text NOT NULL,
	unicode @text NOT NULL,
	base @text NOT NULL,
	registered @text NOT NULL,
	companion @int NOT NULL,
	PRIMARY KEY (application, ord)
) STRICT;

CREATE TABLE csr_use (
	spki_sha256 @blob NOT NULL,
	application @id NOT NULL,
	account @id NOT NULL,
	PRIMARY KEY (spki_sha256, application)
) STRICT;

CREATE TABLE authz (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	application @id NOT NULL REFERENCES application (id),
	name @text NOT NULL,
	base @text NOT NULL,
	registered @text NOT NULL,
	kind @int NOT NULL,
	state @int NOT NULL,
	dns_value @text NOT NULL,
	file_value @text NOT NULL,
	token_expires_ms @int NOT NULL,
	proof @id NOT NULL,
	proof_until_ms @int NOT NULL,
	created_ms @int NOT NULL,
	UNIQUE (application, name)
) STRICT;
CREATE INDEX authz_file ON authz (base, state);
CREATE INDEX authz_token ON authz (state, token_expires_ms);

CREATE TABLE validation_record (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	application @id NOT NULL,
	authz @id NOT NULL,
	purpose @int NOT NULL,
	name_asked @text NOT NULL,
	name_proven @text NOT NULL,
	method @int NOT NULL,
	perspective @text NOT NULL,
	ok @int NOT NULL,
	error_code @text NOT NULL,
	error_text @text NOT NULL,
	seen @text NOT NULL,
	at_ms @int NOT NULL
) STRICT;
CREATE INDEX validation_record_application ON validation_record (account, application, id);

CREATE TABLE issuer (
	id @pk,
	node @id NOT NULL,
	name @text NOT NULL UNIQUE,
	hierarchy @text NOT NULL,
	alg @int NOT NULL,
	parent @id NOT NULL,
	state @int NOT NULL,
	serial @blob NOT NULL,
	spki @blob NOT NULL,
	tbs @blob NOT NULL,
	cert @blob,
	shards @int NOT NULL,
	status_url @text NOT NULL,
	revocation_number @int NOT NULL,
	crl_number @int NOT NULL,
	not_after_ms @int NOT NULL,
	created_ms @int NOT NULL
) STRICT;

CREATE TABLE certificate (
	id @pk,
	account @id NOT NULL,
	application @id NOT NULL,
	subscription @id NOT NULL,
	product @id NOT NULL,
	role @int NOT NULL,
	state @int NOT NULL,
	source @int NOT NULL,
	name @text NOT NULL,
	cn @text NOT NULL,
	issuer @id NOT NULL,
	serial @blob NOT NULL,
	profile @text NOT NULL,
	profile_version @int NOT NULL,
	tbs @blob,
	der @blob,
	envelope @blob,
	spki_sha256 @blob NOT NULL,
	sha256 @blob,
	alg @int NOT NULL,
	key_id @blob,
	not_before_ms @int NOT NULL,
	not_after_ms @int NOT NULL,
	reserved_ms @int NOT NULL,
	issued_ms @int NOT NULL,
	revoked_ms @int NOT NULL,
	reason @int NOT NULL,
	revocation_number @int NOT NULL,
	replace_wanted @int NOT NULL,
	hosted @int NOT NULL,
	deployed @int NOT NULL,
	deleted_ms @int NOT NULL,
	shard @int NOT NULL
) STRICT;
CREATE UNIQUE INDEX certificate_serial ON certificate (issuer, serial);
CREATE UNIQUE INDEX certificate_once ON certificate (application, role) WHERE state <> 6 AND application > 0;
CREATE INDEX certificate_list ON certificate (account, id) WHERE deleted_ms = 0;
CREATE INDEX certificate_state ON certificate (account, state, not_after_ms, id) WHERE deleted_ms = 0;
CREATE INDEX certificate_open ON certificate (reserved_ms) WHERE state = 0;
CREATE INDEX certificate_revoked ON certificate (issuer, shard, revocation_number) WHERE revocation_number > 0;
CREATE INDEX certificate_spki ON certificate (spki_sha256);
CREATE INDEX certificate_subscription ON certificate (subscription);

CREATE TABLE certificate_name (
	account @id NOT NULL,
	name @text NOT NULL,
	reversed @text NOT NULL,
	certificate @id NOT NULL,
	PRIMARY KEY (account, name, certificate)
) STRICT;
CREATE INDEX certificate_name_reversed ON certificate_name (account, reversed, certificate);
CREATE INDEX certificate_name_certificate ON certificate_name (certificate);

CREATE TABLE blocked_key (
	spki_sha256 @blob PRIMARY KEY,
	since_ms @int NOT NULL,
	why @text NOT NULL
) STRICT;

CREATE TABLE job (
	id @pk,
	node @id NOT NULL,
	account @id NOT NULL,
	kind @int NOT NULL,
	object @id NOT NULL,
	state @int NOT NULL,
	run_at_ms @int NOT NULL,
	attempts @int NOT NULL,
	lease_until_ms @int NOT NULL,
	again @int NOT NULL,
	error_code @text NOT NULL,
	error_text @text NOT NULL,
	created_ms @int NOT NULL,
	done_ms @int NOT NULL
) STRICT;
CREATE INDEX job_due ON job (state, run_at_ms);
CREATE UNIQUE INDEX job_once ON job (kind, object) WHERE state < 2;
CREATE INDEX job_account ON job (account, id);

CREATE TABLE audit (
	node @id NOT NULL,
	lane @int NOT NULL,
	seq @int NOT NULL,
	at_ms @int NOT NULL,
	account @id NOT NULL,
	user_id @id NOT NULL,
	act @text NOT NULL,
	object @text NOT NULL,
	object_id @id NOT NULL,
	detail @text NOT NULL,
	hash @blob NOT NULL,
	PRIMARY KEY (node, lane, seq)
) STRICT;
CREATE INDEX audit_account ON audit (account, at_ms);

CREATE TABLE audit_checkpoint (
	id @pk,
	node @id NOT NULL,
	at_ms @int NOT NULL,
	body @text NOT NULL,
	signature @blob NOT NULL
) STRICT;

CREATE TABLE idempotency (
	account @id NOT NULL,
	user_id @id NOT NULL,
	key @text NOT NULL,
	request_sha256 @blob NOT NULL,
	object @text NOT NULL,
	object_id @id NOT NULL,
	claim @int NOT NULL,
	created_ms @int NOT NULL,
	PRIMARY KEY (account, user_id, key)
) STRICT;
CREATE INDEX idempotency_age ON idempotency (created_ms);

CREATE TABLE counter (
	account @id NOT NULL,
	name @text NOT NULL,
	lane @int NOT NULL,
	value @int NOT NULL,
	PRIMARY KEY (account, name, lane)
) STRICT;

CREATE TABLE expiry_day (
	account @id NOT NULL,
	state @int NOT NULL,
	day @int NOT NULL,
	lane @int NOT NULL,
	value @int NOT NULL,
	PRIMARY KEY (account, state, day, lane)
) STRICT;
