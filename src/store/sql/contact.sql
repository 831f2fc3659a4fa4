-- row contact (id @id, account @id, name @text, email @text, phone @text, created_ms @int, recent_ms @int, version @int, email_confirmed_ms @int, is_default @int)
-- name contact_get :one contact
-- in account @id, id @id
SELECT id, account, name, email, phone, created_ms, recent_ms, version, email_confirmed_ms,
CASE WHEN id = (SELECT d.id FROM contact d WHERE d.account = :account ORDER BY d.recent_ms DESC, d.id DESC LIMIT 1) THEN 1 ELSE 0 END
FROM contact WHERE account = :account AND id = :id;

-- name contact_list :many contact
-- in account @id, before @id, n @int
SELECT id, account, name, email, phone, created_ms, recent_ms, version, email_confirmed_ms,
CASE WHEN id = (SELECT d.id FROM contact d WHERE d.account = :account ORDER BY d.recent_ms DESC, d.id DESC LIMIT 1) THEN 1 ELSE 0 END
FROM contact WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- the most recent one
-- name contact_default :int
-- in account @id
SELECT id FROM contact WHERE account = :account ORDER BY recent_ms DESC, id DESC LIMIT 1;

-- name contact_insert :int
-- in account @id, name @text, email @text, phone @text, now @int
INSERT INTO contact (account, name, email, phone, created_ms, recent_ms, version)
VALUES (:account, :name, :email, :phone, :now, :now, 1)
RETURNING id;

-- name contact_update :exec
-- in account @id, id @id, version @int, name @text, email @text, phone @text, now @int
UPDATE contact SET email_confirmed_ms = CASE WHEN email = :email THEN email_confirmed_ms ELSE 0 END, name = :name, email = :email, phone = :phone, recent_ms = :now, version = version + 1
WHERE account = :account AND id = :id AND version = :version;

-- name contact_delete :exec
-- in account @id, id @id
DELETE FROM contact WHERE account = :account AND id = :id;

-- name contact_confirm_email :exec
-- in account @id, id @id, email @text, now @int
UPDATE contact SET email_confirmed_ms = :now WHERE account = :account AND id = :id AND email = :email;
