-- row bill (id @id, account @id, state @int, product @id, quantity @int, months @int, n_common @int, n_wildcard @int, amount @int, refunded @int, currency @text, names @text, created_ms @int, due_ms @int, paid_ms @int, allowance_ms @int, predecessor @id)
-- name bill_get :one bill
-- in account @id, id @id
SELECT id, account, state, product, quantity, months, n_common, n_wildcard, amount, refunded, currency, names, created_ms, due_ms, paid_ms, allowance_ms, predecessor
FROM bill WHERE account = :account AND id = :id;

-- name bill_list :many bill
-- in account @id, before @id, n @int
SELECT id, account, state, product, quantity, months, n_common, n_wildcard, amount, refunded, currency, names, created_ms, due_ms, paid_ms, allowance_ms, predecessor
FROM bill WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- name bill_insert :int
-- in account @id, product @id, quantity @int, months @int, n_common @int, n_wildcard @int, amount @int, currency @text, names @text, now @int, due_ms @int, allowance_ms @int, predecessor @id
INSERT INTO bill (account, state, product, quantity, months, n_common, n_wildcard, amount, refunded, currency, names, created_ms, due_ms, paid_ms, allowance_ms, predecessor)
VALUES (:account, 0, :product, :quantity, :months, :n_common, :n_wildcard, :amount, 0, :currency, :names, :now, :due_ms, 0, :allowance_ms, :predecessor)
RETURNING id;

-- name bill_move :exec
-- in account @id, id @id, old @int, new @int, paid_ms @int
UPDATE bill SET state = :new, paid_ms = CASE WHEN :paid_ms > 0 THEN :paid_ms ELSE paid_ms END
WHERE account = :account AND id = :id AND state = :old;

-- whoever gives some of it back has it to himself until the end of the transaction
-- name bill_hold :exec
-- in account @id, id @id
UPDATE bill SET refunded = refunded WHERE account = :account AND id = :id;

-- name bill_refund :exec
-- in account @id, id @id, old @int, new @int, amount @int
UPDATE bill SET state = :new, refunded = refunded + :amount
WHERE account = :account AND id = :id AND state = :old AND refunded + :amount <= amount;

-- name bill_overdue :many (account @id, id @id, state @int, product @id, quantity @int, allowance_ms @int)
-- in now @int, n @int
SELECT account, id, state, product, quantity, allowance_ms FROM bill WHERE state = 0 AND due_ms < :now ORDER BY due_ms LIMIT :n;

-- row ledger (id @id, account @id, kind @int, bill @id, note @text, by_user @id, created_ms @int, amount @int, balance @int)
-- name ledger_list :many ledger
-- in account @id, before @id, n @int
SELECT e.id, e.account, e.kind, e.bill, e.note, e.by_user, e.created_ms, l.amount, e.balance
FROM ledger_entry e JOIN ledger_line l ON l.entry = e.id AND l.book = 0
WHERE e.account = :account AND e.id < :before ORDER BY e.id DESC LIMIT :n;

-- name ledger_entry_insert :int
-- in account @id, kind @int, bill @id, note @text, by_user @id, balance @int, now @int
INSERT INTO ledger_entry (account, kind, bill, note, by_user, balance, created_ms)
VALUES (:account, :kind, :bill, :note, :by_user, :balance, :now) RETURNING id;

-- name ledger_line_insert :exec
-- in entry @id, account @id, book @int, amount @int
INSERT INTO ledger_line (entry, account, book, amount) VALUES (:entry, :account, :book, :amount);

-- the sums that must be zero: every entry's lines, and each wallet against its balance
-- whole: an audit of all books
-- name ledger_check :int
SELECT (SELECT count(*) FROM (SELECT entry FROM ledger_line GROUP BY entry HAVING sum(amount) <> 0) AS uneven)
	+ (SELECT count(*) FROM account a WHERE a.balance <> CAST(coalesce((SELECT sum(l.amount) FROM ledger_line l WHERE l.account = a.id AND l.book = 0), 0) AS BIGINT));

-- paid_ms: of its bill; submitted: applications that went to the CA; successor: the one that follows it
-- row subscription (id @id, account @id, instance_id @text, product @id, bill @id, state @int, state_before @int, months @int, n_common @int, n_wildcard @int, price @int, predecessor @id, window_end_ms @int, first_issued_ms @int, paid_until_ms @int, created_ms @int, changed_ms @int, merged_into @id, n_merged @int, paid_ms @int, submitted @int, activates_ms @int, successor @id)
-- name subscription_get :one subscription
-- in account @id, id @id
SELECT s.id, s.account, s.instance_id, s.product, s.bill, s.state, s.state_before, s.months, s.n_common, s.n_wildcard, s.price, s.predecessor, s.window_end_ms, s.first_issued_ms, s.paid_until_ms, s.created_ms, s.changed_ms, s.merged_into, s.n_merged,
	coalesce((SELECT b.paid_ms FROM bill b WHERE b.id = s.bill), 0),
	(SELECT count(*) FROM application a WHERE a.subscription = s.id AND +a.account = s.account AND a.submitted_ms > 0),
	s.activates_ms, coalesce((SELECT x.id FROM subscription x WHERE x.predecessor = s.id AND x.predecessor > 0 AND x.state > 0 AND x.state < 4), 0)
FROM subscription s WHERE s.id = :id AND +s.account = :account;

-- name subscription_list :many subscription
-- in account @id, before @id, n @int
SELECT s.id, s.account, s.instance_id, s.product, s.bill, s.state, s.state_before, s.months, s.n_common, s.n_wildcard, s.price, s.predecessor, s.window_end_ms, s.first_issued_ms, s.paid_until_ms, s.created_ms, s.changed_ms, s.merged_into, s.n_merged,
	coalesce((SELECT b.paid_ms FROM bill b WHERE b.id = s.bill), 0),
	(SELECT count(*) FROM application a WHERE a.subscription = s.id AND +a.account = s.account AND a.submitted_ms > 0),
	s.activates_ms, coalesce((SELECT x.id FROM subscription x WHERE x.predecessor = s.id AND x.predecessor > 0 AND x.state > 0 AND x.state < 4), 0)
FROM subscription s WHERE s.account = :account + 0 AND s.id < :before ORDER BY s.id DESC LIMIT :n;

-- name subscription_list_state :many subscription
-- in account @id, state @int, before @id, n @int
SELECT s.id, s.account, s.instance_id, s.product, s.bill, s.state, s.state_before, s.months, s.n_common, s.n_wildcard, s.price, s.predecessor, s.window_end_ms, s.first_issued_ms, s.paid_until_ms, s.created_ms, s.changed_ms, s.merged_into, s.n_merged,
	coalesce((SELECT b.paid_ms FROM bill b WHERE b.id = s.bill), 0),
	(SELECT count(*) FROM application a WHERE a.subscription = s.id AND +a.account = s.account AND a.submitted_ms > 0),
	s.activates_ms, coalesce((SELECT x.id FROM subscription x WHERE x.predecessor = s.id AND x.predecessor > 0 AND x.state > 0 AND x.state < 4), 0)
FROM subscription s WHERE s.account = :account + 0 AND s.state = :state + 0 AND s.id < :before ORDER BY s.id DESC LIMIT :n;

-- name subscription_of_bill :many subscription
-- in account @id, bill @id
SELECT s.id, s.account, s.instance_id, s.product, s.bill, s.state, s.state_before, s.months, s.n_common, s.n_wildcard, s.price, s.predecessor, s.window_end_ms, s.first_issued_ms, s.paid_until_ms, s.created_ms, s.changed_ms, s.merged_into, s.n_merged,
	coalesce((SELECT b.paid_ms FROM bill b WHERE b.id = s.bill), 0),
	(SELECT count(*) FROM application a WHERE a.subscription = s.id AND +a.account = s.account AND a.submitted_ms > 0),
	s.activates_ms, coalesce((SELECT x.id FROM subscription x WHERE x.predecessor = s.id AND x.predecessor > 0 AND x.state > 0 AND x.state < 4), 0)
FROM subscription s WHERE +s.account = :account AND s.bill = :bill ORDER BY s.id;

-- the smallest right that covers so many names; of equal ones the oldest
-- name subscription_quota :int
-- in account @id, product @id, common @int, wildcard @int, now @int
SELECT id FROM subscription WHERE account = :account AND product = :product AND state = 0 AND +window_end_ms > :now
AND n_common >= :common AND n_wildcard >= :wildcard ORDER BY n_common + n_wildcard, id LIMIT 1;

-- name subscription_insert :int
-- in account @id, instance_id @text, product @id, bill @id, months @int, n_common @int, n_wildcard @int, price @int, predecessor @id, activates_ms @int, window_end_ms @int, now @int
INSERT INTO subscription (account, instance_id, product, bill, state, state_before, months, n_common, n_wildcard, price, predecessor, merged_into, window_end_ms, first_issued_ms, paid_until_ms, created_ms, changed_ms, activates_ms)
VALUES (:account, :instance_id, :product, :bill, 0, 0, :months, :n_common, :n_wildcard, :price, :predecessor, 0, :window_end_ms, 0, 0, :now, :now, :activates_ms)
RETURNING id;

-- name subscription_move :exec
-- in account @id, id @id, old @int, new @int, now @int
UPDATE subscription SET state_before = state, state = :new, changed_ms = :now
WHERE id = :id AND +account = :account AND +state = :old;

-- quota is used: as what it was read, because a merge makes another product of it
-- name subscription_take :exec
-- in account @id, id @id, product @id, now @int
UPDATE subscription SET state_before = state, state = 2, changed_ms = :now
WHERE id = :id AND +account = :account AND +state = 0 AND +product = :product;

-- the survivor of a merge
-- name subscription_grow :exec
-- in account @id, id @id, product @id, n_common @int, n_wildcard @int, price @int, window_end_ms @int, n_merged @int, now @int
UPDATE subscription SET product = :product, n_common = :n_common, n_wildcard = :n_wildcard, price = :price, window_end_ms = :window_end_ms, n_merged = :n_merged, changed_ms = :now
WHERE id = :id AND +account = :account AND +state = 0 AND n_merged = 0;

-- name subscription_merged :must
-- in account @id, id @id, merged_into @id
UPDATE subscription SET merged_into = :merged_into WHERE id = :id AND +account = :account AND +state = 5;

-- the first issue starts the period; a later one leaves it alone. Settles the order too (order_settle), for a row that a
-- transaction changes twice has its foreign keys checked again by PostgreSQL.
-- name subscription_activate :must
-- in account @id, id @id, paid_until_ms @int, now @int
UPDATE subscription SET state_before = state, state = 3, first_issued_ms = :now, paid_until_ms = :paid_until_ms, changed_ms = :now,
	application = coalesce((SELECT max(a.id) FROM application a WHERE a.subscription = subscription.id AND a.state <> 9), 0),
	status = coalesce((SELECT CASE WHEN a.state IN (1, 2) THEN 3 WHEN a.state IN (3, 4) THEN 4 WHEN a.state = 6 THEN 5 ELSE 6 END
		FROM application a WHERE a.subscription = subscription.id AND a.state <> 9 ORDER BY a.id DESC LIMIT 1), 6)
WHERE id = :id AND +account = :account AND +state = 2;

-- one whose application is on its way was used in time
-- name subscription_window_over :many (account @id, id @id, state @int)
-- in state @int, now @int, n @int
SELECT s.account, s.id, s.state FROM subscription s WHERE s.state = :state AND s.state < 3 AND s.window_end_ms < :now
	AND NOT EXISTS (SELECT 1 FROM application a WHERE +a.account = s.account AND a.subscription = s.id AND a.state > 0 AND a.state < 5)
ORDER BY s.window_end_ms LIMIT :n;

-- name subscription_period_over :many (account @id, id @id, state @int)
-- in now @int, n @int
SELECT account, id, state FROM subscription WHERE state = 3 AND paid_until_ms < :now ORDER BY paid_until_ms LIMIT :n;

-- name subscription_bill_states :many (id @id, state @int)
-- in account @id, bill @id
SELECT id, state FROM subscription WHERE +account = :account AND bill = :bill ORDER BY id;

-- row allowance (id @id, product @id, certificates @int, used @int, months @int, names_max @int, period_start_ms @int)
-- name allowance_get :one allowance
-- in account @id, product @id
SELECT id, product, certificates, used, months, names_max, period_start_ms FROM allowance WHERE account = :account AND product = :product;

-- whole: an account has an allowance per product
-- name allowance_list :many allowance
-- in account @id, after @id, n @int
SELECT id, product, certificates, used, months, names_max, period_start_ms FROM allowance
WHERE account = :account AND id > :after ORDER BY id LIMIT :n;

-- the begin of the period that it was taken from: another one may have begun it meanwhile
-- name allowance_take :int
-- in account @id, product @id, want @int
UPDATE allowance SET used = used + :want WHERE account = :account AND product = :product AND used + :want <= certificates RETURNING period_start_ms;

-- what was taken in a period comes back to that period only
-- name allowance_back :exec
-- in account @id, product @id, period_start_ms @int, n @int
UPDATE allowance SET used = used - :n WHERE account = :account AND product = :product AND period_start_ms = :period_start_ms AND used >= :n;

-- name allowance_roll :exec
-- in account @id, product @id, old_ms @int, new_ms @int
UPDATE allowance SET used = 0, period_start_ms = :new_ms WHERE account = :account AND product = :product AND period_start_ms = :old_ms;

-- name allowance_put :exec
-- in account @id, product @id, names_max @int, certificates @int, months @int, now @int
INSERT INTO allowance (account, product, names_max, certificates, used, months, period_ms, period_start_ms)
VALUES (:account, :product, :names_max, :certificates, 0, :months, 0, :now)
ON CONFLICT (account, product) DO UPDATE SET names_max = excluded.names_max, certificates = excluded.certificates, months = excluded.months;
