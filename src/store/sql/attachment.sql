-- row attachment (id @id, account @id, user_id @id, object @text, object_id @id, name @text, media @int, size @int, sha256 @blob, created_ms @int)
-- name attachment_get :one attachment
-- in account @id, id @id
SELECT id, account, user_id, object, object_id, name, media, size, sha256, created_ms
FROM attachment WHERE account = :account AND id = :id;

-- name attachment_list :many attachment
-- in account @id, before @id, n @int
SELECT id, account, user_id, object, object_id, name, media, size, sha256, created_ms
FROM attachment WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- name attachment_list_object :many attachment
-- in account @id, object @text, object_id @id, n @int
SELECT id, account, user_id, object, object_id, name, media, size, sha256, created_ms
FROM attachment WHERE account = :account AND object = :object AND object_id = :object_id ORDER BY id LIMIT :n;

-- name attachment_count_object :int
-- in account @id, object @text, object_id @id
SELECT count(*) FROM attachment WHERE account = :account AND object = :object AND object_id = :object_id;

-- name attachment_content :one (content @blob)
-- in account @id, id @id
SELECT content FROM attachment WHERE account = :account AND id = :id;

-- name attachment_insert :int
-- in account @id, user_id @id, name @text, media @int, size @int, sha256 @blob, content @blob, now @int
INSERT INTO attachment (account, user_id, object, object_id, name, media, size, sha256, content, created_ms)
VALUES (:account, :user_id, '', 0, :name, :media, :size, :sha256, :content, :now)
RETURNING id;

-- what the user has sent and not used yet
-- name attachment_unused :int
-- in account @id, user_id @id
SELECT count(*) FROM attachment WHERE account = :account AND user_id = :user_id AND object = '' AND object_id = 0;

-- name attachment_bind :exec
-- in account @id, user_id @id, id @id, to_account @id, object @text, object_id @id
UPDATE attachment SET account = :to_account, object = :object, object_id = :object_id
WHERE account = :account AND user_id = :user_id AND id = :id AND object_id = 0;

-- name attachment_delete_unused :exec
-- in account @id, user_id @id, id @id
DELETE FROM attachment WHERE account = :account AND user_id = :user_id AND id = :id AND object_id = 0;

-- name attachment_sweep :exec
-- in before @int
DELETE FROM attachment WHERE object_id = 0 AND created_ms < :before;
