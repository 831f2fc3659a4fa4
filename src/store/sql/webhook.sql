-- row webhook (id @id, account @id, type @int, name @text, host @text, is_signed @int, seal_id @blob, sealed @blob, active @int, language @int, off @int, created_ms @int, version @int, waiting @int, last_error @text)
-- name webhook_get :one webhook
-- in account @id, id @id
SELECT w.id, w.account, w.type, w.name, w.host, w.is_signed, w.seal_id, w.sealed, w.active, w.language, w.off, w.created_ms, w.version,
	(SELECT count(*) FROM webhook_delivery d WHERE d.webhook = w.id AND d.state = 0),
	coalesce((SELECT d.error_text FROM webhook_delivery d WHERE d.webhook = w.id AND d.state = 0 ORDER BY d.id LIMIT 1), '')
FROM webhook w WHERE w.account = :account AND w.id = :id;

-- name webhook_list :many webhook
-- in account @id, before @id, n @int
SELECT w.id, w.account, w.type, w.name, w.host, w.is_signed, w.seal_id, w.sealed, w.active, w.language, w.off, w.created_ms, w.version,
	(SELECT count(*) FROM webhook_delivery d WHERE d.webhook = w.id AND d.state = 0),
	coalesce((SELECT d.error_text FROM webhook_delivery d WHERE d.webhook = w.id AND d.state = 0 ORDER BY d.id LIMIT 1), '')
FROM webhook w WHERE w.account = :account AND w.id < :before ORDER BY w.id DESC LIMIT :n;

-- whole: an account has a handful of webhooks
-- name webhook_count :int
-- in account @id
SELECT count(*) FROM webhook WHERE account = :account;

-- whole: an account has a handful of webhooks
-- name webhook_active :many (id @id, off @int)
-- in account @id
SELECT id, off FROM webhook WHERE account = :account AND active = 1 ORDER BY id;

-- name webhook_insert :int
-- in account @id, type @int, name @text, host @text, is_signed @int, seal_id @blob, sealed @blob, language @int, off @int, now @int
INSERT INTO webhook (account, type, name, host, is_signed, seal_id, sealed, active, language, off, created_ms, version)
VALUES (:account, :type, :name, :host, :is_signed, :seal_id, :sealed, 1, :language, :off, :now, 1)
RETURNING id;

-- name webhook_update :exec
-- in account @id, id @id, version @int, name @text, active @int, language @int, off @int
UPDATE webhook SET name = :name, active = :active, language = :language, off = :off, version = version + 1
WHERE account = :account AND id = :id AND version = :version;

-- name webhook_delete :exec
-- in account @id, id @id
DELETE FROM webhook WHERE account = :account AND id = :id;

-- name webhook_delivery_delete :exec
-- in account @id, webhook @id
DELETE FROM webhook_delivery WHERE account = :account AND webhook = :webhook;

-- row webhook_delivery (id @id, webhook @id, notice @id, state @int, attempts @int, status @int, error_code @text, error_text @text, created_ms @int, done_ms @int)
-- name webhook_delivery_get :one webhook_delivery
-- in account @id, id @id
SELECT id, webhook, notice, state, attempts, status, error_code, error_text, created_ms, done_ms
FROM webhook_delivery WHERE account = :account AND id = :id;

-- the one whose turn it is
-- name webhook_delivery_next :one webhook_delivery
-- in account @id, webhook @id
SELECT id, webhook, notice, state, attempts, status, error_code, error_text, created_ms, done_ms
FROM webhook_delivery WHERE account = :account AND webhook = :webhook AND state = 0 ORDER BY id LIMIT 1;

-- name webhook_delivery_test :one webhook_delivery
-- in account @id, webhook @id
SELECT id, webhook, notice, state, attempts, status, error_code, error_text, created_ms, done_ms
FROM webhook_delivery WHERE account = :account AND webhook = :webhook AND notice = 0 ORDER BY id DESC LIMIT 1;

-- name webhook_delivery_list :many webhook_delivery
-- in account @id, webhook @id, before @id, n @int
SELECT id, webhook, notice, state, attempts, status, error_code, error_text, created_ms, done_ms
FROM webhook_delivery WHERE account = :account AND webhook = :webhook AND id < :before ORDER BY id DESC LIMIT :n;

-- name webhook_delivery_insert :int
-- in account @id, webhook @id, notice @id, state @int, now @int
INSERT INTO webhook_delivery (account, webhook, notice, state, attempts, status, error_code, error_text, created_ms, done_ms)
VALUES (:account, :webhook, :notice, :state, 0, 0, '', '', :now, 0)
RETURNING id;

-- name webhook_delivery_put :exec
-- in account @id, id @id, old @int, state @int, status @int, error_code @text, error_text @text, done_ms @int
UPDATE webhook_delivery SET state = :state, attempts = attempts + 1, status = :status, error_code = :error_code, error_text = :error_text, done_ms = :done_ms
WHERE account = :account AND id = :id AND state = :old;

-- name webhook_delivery_end :exec
-- in account @id, id @id, state @int, now @int
UPDATE webhook_delivery SET state = :state, done_ms = :now WHERE account = :account AND id = :id AND state = 0;

-- name webhook_delivery_sweep :exec
-- in before @int
DELETE FROM webhook_delivery WHERE created_ms < :before AND state <> 0;
