-- The balance after each entry, so that a statement shows running sums; payments of a payment service, each taken once.
ALTER TABLE ledger_entry ADD COLUMN balance @int NOT NULL DEFAULT 0;
UPDATE ledger_entry SET balance = CAST(coalesce((SELECT sum(l.amount) FROM ledger_line l
	WHERE l.account = ledger_entry.account AND l.book = 0 AND l.entry <= ledger_entry.id), 0) AS BIGINT);

CREATE TABLE payment (
	id @pk,
	reference @text NOT NULL UNIQUE,
	account @id NOT NULL REFERENCES account (id),
	amount @int NOT NULL,
	currency @text NOT NULL,
	created_ms @int NOT NULL
) STRICT;

-- The newest row is the secret that callbacks are signed with.
CREATE TABLE payment_secret (
	id @pk,
	account @id NOT NULL,
	seal_id @blob NOT NULL UNIQUE,
	sealed @blob NOT NULL,
	created_ms @int NOT NULL
) STRICT;
