-- People and companies that stand behind applications, stored for use again.

CREATE TABLE contact (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	name @text NOT NULL,
	email @text NOT NULL,
	phone @text NOT NULL,
	created_ms @int NOT NULL,
	recent_ms @int NOT NULL,
	version @int NOT NULL
) STRICT;
CREATE INDEX contact_account ON contact (account, id);
CREATE INDEX contact_recent ON contact (account, recent_ms, id);

CREATE TABLE company (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	name @text NOT NULL,
	number @text NOT NULL,
	type @int NOT NULL,
	phone @text NOT NULL,
	country @text NOT NULL,
	province @text NOT NULL,
	city @text NOT NULL,
	address @text NOT NULL,
	postcode @text NOT NULL,
	department @text NOT NULL,
	licence @id NOT NULL,
	business_category @int NOT NULL,
	jurisdiction_country @text NOT NULL,
	jurisdiction_province @text NOT NULL,
	jurisdiction_locality @text NOT NULL,
	created_ms @int NOT NULL,
	recent_ms @int NOT NULL,
	version @int NOT NULL
) STRICT;
CREATE INDEX company_account ON company (account, id);
CREATE INDEX company_recent ON company (account, recent_ms, id);
CREATE INDEX company_licence ON company (account, licence) WHERE licence > 0;
