-- Where notices go over HTTPS, and what became of each message.

CREATE TABLE webhook (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	type @int NOT NULL,
	name @text NOT NULL,
	host @text NOT NULL,
	is_signed @int NOT NULL,
	seal_id @blob NOT NULL,
	sealed @blob NOT NULL,
	active @int NOT NULL,
	language @int NOT NULL,
	off @int NOT NULL,
	created_ms @int NOT NULL,
	version @int NOT NULL
) STRICT;
CREATE INDEX webhook_account ON webhook (account, id);

CREATE TABLE webhook_delivery (
	id @pk,
	account @id NOT NULL REFERENCES account (id),
	webhook @id NOT NULL,
	notice @id NOT NULL,
	state @int NOT NULL,
	attempts @int NOT NULL,
	status @int NOT NULL,
	error_code @text NOT NULL,
	error_text @text NOT NULL,
	created_ms @int NOT NULL,
	done_ms @int NOT NULL
) STRICT;
CREATE INDEX webhook_delivery_list ON webhook_delivery (webhook, id);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook, id) WHERE state = 0;
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_ms);
