-- OV and EV (SPEC 3.3, 3.4): what an application says of its company, and the word of its contact.

-- A copy of the company, taken anew at each submission; until then of the moment when the draft named it.
CREATE TABLE application_company (
	application @id PRIMARY KEY REFERENCES application (id),
	account @id NOT NULL REFERENCES account (id),
	company @id NOT NULL,
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
	jurisdiction_locality @text NOT NULL
) STRICT;
CREATE INDEX application_company_licence ON application_company (account, licence) WHERE licence > 0;

-- What the contact was asked to confirm (a digest of names, contact, company and key), and when he did: 0 until then.
CREATE TABLE confirmation (
	application @id PRIMARY KEY REFERENCES application (id),
	account @id NOT NULL REFERENCES account (id),
	recipient @text NOT NULL,
	data_sha256 @blob NOT NULL,
	asked_ms @int NOT NULL,
	expires_ms @int NOT NULL,
	confirmed_ms @int NOT NULL
) STRICT;
CREATE INDEX confirmation_open ON confirmation (expires_ms) WHERE confirmed_ms = 0;
