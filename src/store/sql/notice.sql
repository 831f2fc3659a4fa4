-- row notice (id @id, account @id, kind @int, object_id @id, name @text, code @text, detail @text, due_ms @int, created_ms @int, read_ms @int)
-- name notice_get :one notice
-- in account @id, id @id
SELECT id, account, kind, object_id, name, code, detail, due_ms, created_ms, read_ms
FROM notice WHERE account = :account AND id = :id;

-- name notice_list :many notice
-- in account @id, before @id, n @int
SELECT id, account, kind, object_id, name, code, detail, due_ms, created_ms, read_ms
FROM notice WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- name notice_list_unread :many notice
-- in account @id, before @id, n @int
SELECT id, account, kind, object_id, name, code, detail, due_ms, created_ms, read_ms
FROM notice WHERE account = :account AND read_ms = 0 AND id < :before ORDER BY id DESC LIMIT :n;

-- name notice_list_read :many notice
-- in account @id, before @id, n @int
SELECT id, account, kind, object_id, name, code, detail, due_ms, created_ms, read_ms
FROM notice WHERE account = :account AND read_ms > 0 AND id < :before ORDER BY id DESC LIMIT :n;

-- whole: counted in the index, of what the account left unread
-- name notice_count_unread :int
-- in account @id
SELECT count(*) FROM notice WHERE account = :account AND read_ms = 0;

-- what one daily mail gathers; oldest first
-- name notice_list_digest :many notice
-- in account @id, digest @id, n @int
SELECT id, account, kind, object_id, name, code, detail, due_ms, created_ms, read_ms
FROM notice WHERE account = :account AND digest = :digest AND read_ms = 0 ORDER BY id LIMIT :n;

-- the same notice once only. digest: 0 waits for the daily mail, -1 does not. mails, webhooks: whether anybody may want it
-- whole: an account has a handful of users, contacts and webhooks
-- row notice_new (id @id, mails @int, webhooks @int)
-- name notice_insert :one notice_new
-- in account @id, kind @int, object_id @id, mark @int, name @text, code @text, detail @text, due_ms @int, digest @id, now @int
INSERT INTO notice (account, kind, object_id, mark, name, code, detail, due_ms, created_ms, read_ms, digest)
VALUES (:account, :kind, :object_id, :mark, :name, :code, :detail, :due_ms, :now, 0, :digest)
ON CONFLICT (kind, object_id, account, mark) DO NOTHING
RETURNING id,
	CAST(EXISTS (SELECT 1 FROM users u WHERE u.account = :account AND u.disabled = 0 AND u.email_confirmed_ms > 0 AND u.notice_mail = 1)
		OR EXISTS (SELECT 1 FROM contact c WHERE c.account = :account AND c.email_confirmed_ms > 0 AND c.notice_mail = 1) AS INTEGER),
	CAST(EXISTS (SELECT 1 FROM webhook w WHERE w.account = :account AND w.active = 1) AS INTEGER);

-- name notice_read :exec
-- in account @id, id @id, now @int
UPDATE notice SET read_ms = :now WHERE account = :account AND id = :id AND read_ms = 0;

-- name notice_read_earlier :exec
-- in account @id, id @id, now @int
UPDATE notice SET read_ms = :now WHERE account = :account AND id <= :id AND read_ms = 0;

-- name notice_sweep :exec
-- in before @int
DELETE FROM notice WHERE created_ms < :before;

-- -- the daily mail

-- name notice_digest_due :many (account @id)
-- in before @int, n @int
SELECT DISTINCT account FROM notice WHERE digest = 0 AND created_ms < :before LIMIT :n;

-- name notice_digest_insert :int
-- in account @id, now @int
INSERT INTO notice_digest (account, created_ms) VALUES (:account, :now) RETURNING id;

-- name notice_digest_gather :exec
-- in account @id, digest @id, before @int
UPDATE notice SET digest = :digest WHERE account = :account AND digest = 0 AND created_ms < :before;

-- name notice_digest_sweep :exec
-- in before @int
DELETE FROM notice_digest WHERE created_ms < :before;

-- -- to whom

-- whole: an account has a handful of users and contacts
-- row notice_recipient (who @int, id @id, email @text, language @int, off @int)
-- name notice_recipients :many notice_recipient
-- in account @id
SELECT 0, id, email, notice_language, notice_off FROM users
WHERE account = :account AND disabled = 0 AND email_confirmed_ms > 0 AND notice_mail = 1
UNION ALL
SELECT 1, id, email, notice_language, notice_off FROM contact
WHERE account = :account AND email_confirmed_ms > 0 AND notice_mail = 1
ORDER BY 1, 2;

-- row notice_settings (id @id, name @text, email @text, confirmed_ms @int, mail @int, language @int, off @int)
-- name notice_settings_user :one notice_settings
-- in account @id, id @id
SELECT id, name, email, email_confirmed_ms, notice_mail, notice_language, notice_off FROM users WHERE account = :account AND id = :id;

-- name notice_settings_contact :one notice_settings
-- in account @id, id @id
SELECT id, name, email, email_confirmed_ms, notice_mail, notice_language, notice_off FROM contact WHERE account = :account AND id = :id;

-- name notice_settings_user_set :exec
-- in account @id, id @id, mail @int, language @int, off @int
UPDATE users SET notice_mail = :mail, notice_language = :language, notice_off = :off WHERE account = :account AND id = :id;

-- name notice_settings_contact_set :exec
-- in account @id, id @id, mail @int, language @int, off @int
UPDATE contact SET notice_mail = :mail, notice_language = :language, notice_off = :off WHERE account = :account AND id = :id;

-- row notice_switch (id @id, quiet @int)
-- name notice_switch_get :one notice_switch
-- in account @id, id @id
SELECT id, notice_quiet FROM certificate WHERE id = :id AND +account = :account AND state <> 0 AND state <> 6 AND deleted_ms = 0;

-- name notice_switch_set :exec
-- in account @id, id @id, quiet @int
UPDATE certificate SET notice_quiet = :quiet WHERE id = :id AND +account = :account AND state <> 0 AND state <> 6 AND deleted_ms = 0;

-- -- what a notice is about, in its words

-- name notice_name_application :one (name @text)
-- in account @id, id @id
SELECT ascii FROM application_name WHERE application = :id AND +account = :account AND ord = 0;

-- name notice_name_certificate :one (name @text)
-- in account @id, id @id
SELECT name FROM certificate WHERE id = :id AND +account = :account;

-- name notice_name_subscription :one (name @text)
-- in account @id, id @id
SELECT s.instance_id || ' (' || p.code || ')' FROM subscription s JOIN product p ON p.id = s.product
WHERE s.id = :id AND +s.account = :account;

-- name notice_name_bill :one (name @text)
-- in account @id, id @id
SELECT p.code FROM bill b JOIN product p ON p.id = b.product WHERE b.account = :account AND b.id = :id;

-- -- what time does: rows that want a notice

-- row notice_end (account @id, id @id, name @text, begin_ms @int, end_ms @int, subscription @id, quiet @int)
-- name notice_certificates :many notice_end
-- in stage @int, until @int, n @int
SELECT account, id, name, not_before_ms, not_after_ms, subscription, notice_quiet FROM certificate
WHERE notice_stage = :stage AND not_after_ms <= :until AND deleted_ms = 0 AND role < 2 AND (state = 1 OR state = 5)
ORDER BY not_after_ms LIMIT :n;

-- name notice_certificate_told :exec
-- in account @id, id @id, old @int, new @int
UPDATE certificate SET notice_stage = :new WHERE id = :id AND +account = :account AND notice_stage = :old;

-- one with its names that ends later is there already, of its subscription or of the one that follows; account + 0: by the few
-- of the subscription, not by the account's many
-- name notice_certificate_later :int
-- in account @id, id @id, subscription @id, end_ms @int
SELECT count(*) FROM certificate c
WHERE c.subscription IN (SELECT s.id FROM subscription s WHERE s.id = :subscription
		UNION ALL SELECT x.id FROM subscription x WHERE x.predecessor = :subscription AND x.predecessor > 0 AND x.state > 0 AND x.state < 4)
	AND c.account + 0 = :account AND c.not_after_ms > :end_ms AND c.state = 1 AND c.deleted_ms = 0
	AND NOT EXISTS (SELECT 1 FROM certificate_name o WHERE o.certificate = :id
		AND NOT EXISTS (SELECT 1 FROM certificate_name n WHERE n.certificate = c.id AND n.name = o.name));

-- name notice_windows :many (account @id, id @id, end_ms @int)
-- in state @int, now @int, until @int, n @int
SELECT account, id, window_end_ms FROM subscription
WHERE state = :state AND state < 3 AND notice_stage = 0 AND window_end_ms <= :until AND window_end_ms > :now ORDER BY window_end_ms LIMIT :n;

-- those that nothing follows yet
-- name notice_periods :many (account @id, id @id, end_ms @int)
-- in now @int, until @int, n @int
SELECT s.account, s.id, s.paid_until_ms FROM subscription s
WHERE s.state = 3 AND s.notice_stage < 2 AND s.paid_until_ms <= :until AND s.paid_until_ms > :now
	AND NOT EXISTS (SELECT 1 FROM subscription x WHERE x.predecessor = s.id AND x.predecessor > 0 AND x.state > 0 AND x.state < 4)
ORDER BY s.paid_until_ms LIMIT :n;

-- name notice_subscription_told :exec
-- in account @id, id @id, stage @int
UPDATE subscription SET notice_stage = :stage WHERE id = :id AND +account = :account AND notice_stage < :stage;

-- name notice_bills :many (account @id, id @id, end_ms @int)
-- in kind @int, until @int, n @int
SELECT b.account, b.id, b.due_ms FROM bill b
WHERE b.state = 0 AND b.due_ms <= :until
	AND NOT EXISTS (SELECT 1 FROM notice x WHERE x.kind = :kind AND x.object_id = b.id AND x.account = b.account AND x.mark = b.due_ms)
ORDER BY b.due_ms LIMIT :n;

-- values of applications that still wait
-- name notice_values :many (account @id, id @id, end_ms @int)
-- in kind @int, now @int, until @int, n @int
SELECT z.account, z.application, min(z.token_expires_ms) FROM authz z JOIN application a ON a.id = z.application AND +a.account = z.account
WHERE z.state = 0 AND z.token_expires_ms > :now AND z.token_expires_ms <= :until AND a.state = 1
	AND NOT EXISTS (SELECT 1 FROM notice x WHERE x.kind = :kind AND x.object_id = z.application AND x.account = z.account AND x.mark = z.token_expires_ms)
GROUP BY z.account, z.application LIMIT :n;

-- revocations that wait while the time for a full refund runs out; begin: first issues whose time ends by then. state + 0: from the few
-- certificates, not from the many subscriptions
-- name notice_refunds :many (account @id, id @id, subscription @id, first_issued_ms @int)
-- in kind @int, after @int, begin @int, n @int
SELECT c.account, c.id, s.id, s.first_issued_ms FROM certificate c JOIN subscription s ON s.id = c.subscription AND +s.account = c.account
WHERE (c.state = 2 OR c.state = 3) AND c.role < 2 AND c.replace_wanted = 0 AND s.state + 0 = 3 AND s.n_merged = 0 AND s.first_issued_ms > :after AND s.first_issued_ms <= :begin
	AND NOT EXISTS (SELECT 1 FROM notice x WHERE x.kind = :kind AND x.object_id = c.id AND x.account = c.account AND x.mark = s.first_issued_ms)
LIMIT :n;
