-- row mail (id @id, account @id, kind @int, object_id @id, recipient @text, language @int, state @int, attempts @int, error_code @text, error_text @text, created_ms @int, sent_ms @int)
-- name mail_get :one mail
-- in account @id, id @id
SELECT id, account, kind, object_id, recipient, language, state, attempts, error_code, error_text, created_ms, sent_ms
FROM mail WHERE account = :account AND id = :id;

-- name mail_list :many mail
-- in account @id, before @id, n @int
SELECT id, account, kind, object_id, recipient, language, state, attempts, error_code, error_text, created_ms, sent_ms
FROM mail WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- name mail_insert :int
-- in account @id, kind @int, object_id @id, recipient @text, language @int, now @int
INSERT INTO mail (account, kind, object_id, recipient, language, state, attempts, error_code, error_text, created_ms, sent_ms)
VALUES (:account, :kind, :object_id, :recipient, :language, 0, 0, '', '', :now, 0)
RETURNING id;

-- name mail_begin :exec
-- in account @id, id @id
UPDATE mail SET attempts = attempts + 1 WHERE account = :account AND id = :id AND state = 0;

-- it still waits; the fault says for what
-- name mail_trouble :exec
-- in account @id, id @id, error_code @text, error_text @text
UPDATE mail SET error_code = :error_code, error_text = :error_text WHERE account = :account AND id = :id AND state = 0;

-- name mail_end :exec
-- in account @id, id @id, state @int, error_code @text, error_text @text, sent_ms @int
UPDATE mail SET state = :state, error_code = :error_code, error_text = :error_text, sent_ms = :sent_ms
WHERE account = :account AND id = :id AND state = 0;

-- name mail_sweep :exec
-- in before @int
DELETE FROM mail WHERE created_ms < :before AND state <> 0;

-- row link (id @id, account @id, purpose @int, object_id @id, recipient @text, language @int, state @int, created_ms @int, expires_ms @int, used_ms @int)
-- name link_get :one link
-- in account @id, id @id
SELECT id, account, purpose, object_id, recipient, language, state, created_ms, expires_ms, used_ms
FROM link WHERE account = :account AND id = :id;

-- whoever holds the token may look
-- name link_by_token :one link
-- in token_sha256 @blob
SELECT id, account, purpose, object_id, recipient, language, state, created_ms, expires_ms, used_ms
FROM link WHERE token_sha256 = :token_sha256;

-- name link_list :many link
-- in account @id, purpose @int, object_id @id
SELECT id, account, purpose, object_id, recipient, language, state, created_ms, expires_ms, used_ms
FROM link WHERE account = :account AND purpose = :purpose AND object_id = :object_id ORDER BY id;

-- name link_insert :int
-- in account @id, purpose @int, object_id @id, recipient @text, language @int, now @int, expires_ms @int
INSERT INTO link (account, purpose, object_id, recipient, language, state, token_sha256, created_ms, expires_ms, used_ms)
VALUES (:account, :purpose, :object_id, :recipient, :language, 0, NULL, :now, :expires_ms, 0)
RETURNING id;

-- name link_set_token :exec
-- in account @id, id @id, token_sha256 @blob, now @int
UPDATE link SET token_sha256 = :token_sha256 WHERE account = :account AND id = :id AND state = 0 AND expires_ms > :now;

-- name link_use :exec
-- in account @id, id @id, token_sha256 @blob, now @int
UPDATE link SET state = 1, used_ms = :now
WHERE account = :account AND id = :id AND state = 0 AND token_sha256 = :token_sha256 AND expires_ms > :now;

-- name link_kill :exec
-- in account @id, purpose @int, object_id @id
UPDATE link SET state = 2 WHERE account = :account AND purpose = :purpose AND object_id = :object_id AND state = 0;

-- an earlier one to the same address
-- name link_replace :exec
-- in account @id, purpose @int, object_id @id, recipient @text
UPDATE link SET state = 2
WHERE account = :account AND purpose = :purpose AND object_id = :object_id AND recipient = :recipient AND state = 0;

-- when the last mail with a link of this object went, or shall go, to this address; 0: none
-- name link_last_mail :int
-- in account @id, purpose @int, object_id @id, recipient @text
SELECT coalesce(max(m.created_ms), 0) FROM link l CROSS JOIN mail m
WHERE m.kind = 0 AND m.object_id = l.id AND +l.account = :account AND l.purpose = :purpose AND l.object_id = :object_id AND l.recipient = :recipient;

-- name link_sweep :exec
-- in before @int
DELETE FROM link WHERE expires_ms < :before;

-- name users_confirm_email :exec
-- in account @id, id @id, email @text, now @int
UPDATE users SET email_confirmed_ms = :now WHERE account = :account AND id = :id AND email = :email;
