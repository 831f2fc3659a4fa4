-- row csr (id @id, account @id, name @text, cn @text, names @text, alg @int, bits @int, der @blob, spki_sha256 @blob, key_id @blob, made_here @int, created_ms @int)
-- name csr_get :one csr
-- in account @id, id @id
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr WHERE account = :account AND id = :id;

-- name csr_by_key :one csr
-- in account @id, spki_sha256 @blob
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr WHERE account = :account AND spki_sha256 = :spki_sha256;

-- name csr_list :many csr
-- in account @id, before @id, n @int
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- none when a request with this key is stored already
-- name csr_insert :int
-- in account @id, name @text, cn @text, names @text, alg @int, bits @int, der @blob, spki_sha256 @blob, key_id @blob, made_here @int, now @int
INSERT INTO csr (account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms)
VALUES (:account, :name, :cn, :names, :alg, :bits, :der, :spki_sha256, :key_id, :made_here, :now)
ON CONFLICT (account, spki_sha256) DO NOTHING
RETURNING id;

-- name csr_delete :exec
-- in account @id, id @id
DELETE FROM csr WHERE account = :account AND id = :id;

-- the account's applications with this key
-- row csr_use (application @id, state @int)
-- name csr_uses :many csr_use
-- in account @id, spki_sha256 @blob, n @int
SELECT a.id, a.state FROM csr_use u JOIN application a ON a.id = u.application
WHERE u.spki_sha256 = :spki_sha256 AND +a.account = :account AND a.state <> 9 ORDER BY a.id DESC LIMIT :n;

-- one that may yet be issued
-- name csr_needed_by :int
-- in account @id, spki_sha256 @blob
SELECT a.id FROM csr_use u JOIN application a ON a.id = u.application
WHERE u.spki_sha256 = :spki_sha256 AND +a.account = :account AND a.state NOT IN (5, 8, 9) ORDER BY a.id LIMIT 1;

-- a private key that no certificate and no application names
-- name csr_key_delete :exec
-- in account @id, id @blob, spki_sha256 @blob
DELETE FROM subscriber_key WHERE id = :id AND +account = :account
AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.spki_sha256 = :spki_sha256 AND c.account = :account AND c.key_id = :id AND c.state <> 7);
