-- row csr (id @id, account @id, name @text, cn @text, names @text, alg @int, bits @int, der @blob, spki_sha256 @blob, key_id @blob, made_here @int, created_ms @int)
-- name csr_get :one csr
-- in account @id, id @id
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr WHERE account = :account AND id = :id;

-- name csr_by_key :one csr
-- in account @id, spki_sha256 @blob
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr WHERE account = :account AND spki_sha256 = :spki_sha256;

-- Lists, newest first. held: 1 their key is here, 0 it is not, -1 either; unused: 1 only those that no application and no
-- certificate has come of.
-- name csr_list :many csr
-- in account @id, before @id, unused @int, n @int
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr r WHERE account = :account + 0 AND id < :before AND (:unused = 0
	OR (NOT EXISTS (SELECT 1 FROM csr_use u JOIN application a ON a.id = u.application WHERE u.spki_sha256 = r.spki_sha256 AND +a.account = r.account AND a.state <> 9)
	AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.spki_sha256 = r.spki_sha256 AND +c.account = r.account AND c.deleted_ms = 0 AND c.state NOT IN (0, 6))))
ORDER BY id DESC LIMIT :n;

-- name csr_list_here :many csr
-- in account @id, before @id, unused @int, n @int
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr r WHERE account = :account AND key_id IS NOT NULL AND id < :before AND (:unused = 0
	OR (NOT EXISTS (SELECT 1 FROM csr_use u JOIN application a ON a.id = u.application WHERE u.spki_sha256 = r.spki_sha256 AND +a.account = r.account AND a.state <> 9)
	AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.spki_sha256 = r.spki_sha256 AND +c.account = r.account AND c.deleted_ms = 0 AND c.state NOT IN (0, 6))))
ORDER BY id DESC LIMIT :n;

-- name csr_list_elsewhere :many csr
-- in account @id, before @id, unused @int, n @int
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr r WHERE account = :account AND key_id IS NULL AND id < :before AND (:unused = 0
	OR (NOT EXISTS (SELECT 1 FROM csr_use u JOIN application a ON a.id = u.application WHERE u.spki_sha256 = r.spki_sha256 AND +a.account = r.account AND a.state <> 9)
	AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.spki_sha256 = r.spki_sha256 AND +c.account = r.account AND c.deleted_ms = 0 AND c.state NOT IN (0, 6))))
ORDER BY id DESC LIMIT :n;

-- name csr_list_alg :many csr
-- in account @id, alg @int, held @int, before @id, unused @int, n @int
SELECT id, account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms
FROM csr r WHERE account = :account AND alg = :alg AND (:held < 0 OR CASE WHEN key_id IS NULL THEN 0 ELSE 1 END = :held) AND id < :before AND (:unused = 0
	OR (NOT EXISTS (SELECT 1 FROM csr_use u JOIN application a ON a.id = u.application WHERE u.spki_sha256 = r.spki_sha256 AND +a.account = r.account AND a.state <> 9)
	AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.spki_sha256 = r.spki_sha256 AND +c.account = r.account AND c.deleted_ms = 0 AND c.state NOT IN (0, 6))))
ORDER BY id DESC LIMIT :n;

-- of words, the first thousand count; alg 0: any
-- name csr_list_words :many csr
-- in account @id, from_word @text, to_word @text, alg @int, held @int, before @id, unused @int, n @int
SELECT r.id, r.account, r.name, r.cn, r.names, r.alg, r.bits, r.der, r.spki_sha256, r.key_id, r.made_here, r.created_ms
FROM (SELECT DISTINCT h.csr FROM (SELECT w.csr FROM csr_word w WHERE w.account = :account AND w.word >= :from_word AND w.word <= :to_word ORDER BY w.word, w.csr LIMIT 1000) h) g
JOIN csr r ON r.id = g.csr WHERE +r.account = :account AND +r.id < :before AND (:alg = 0 OR r.alg = :alg) AND (:held < 0 OR CASE WHEN r.key_id IS NULL THEN 0 ELSE 1 END = :held) AND (:unused = 0
	OR (NOT EXISTS (SELECT 1 FROM csr_use u JOIN application a ON a.id = u.application WHERE u.spki_sha256 = r.spki_sha256 AND +a.account = r.account AND a.state <> 9)
	AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.spki_sha256 = r.spki_sha256 AND +c.account = r.account AND c.deleted_ms = 0 AND c.state NOT IN (0, 6))))
ORDER BY r.id DESC LIMIT :n;

-- name csr_word_insert :later
-- in account @id, word @text, csr @id
INSERT INTO csr_word (account, word, csr) VALUES (:account, :word, :csr) ON CONFLICT DO NOTHING;

-- name csr_words_delete :exec
-- in account @id, csr @id
DELETE FROM csr_word WHERE csr = :csr AND +account = :account;

-- none when a request with this key is stored already
-- name csr_insert :int
-- in account @id, name @text, cn @text, names @text, alg @int, bits @int, der @blob, spki_sha256 @blob, key_id @blob, made_here @int, now @int
INSERT INTO csr (account, name, cn, names, alg, bits, der, spki_sha256, key_id, made_here, created_ms)
VALUES (:account, :name, :cn, :names, :alg, :bits, :der, :spki_sha256, :key_id, :made_here, :now)
ON CONFLICT (account, spki_sha256) DO NOTHING
RETURNING id;

-- it stays until this transaction ends: who deletes it then sees what came to need its key
-- name csr_hold :exec
-- in account @id, id @id
UPDATE csr SET name = name WHERE account = :account AND id = :id;

-- the same, named by its key
-- name csr_hold_key :int
-- in account @id, spki_sha256 @blob
UPDATE csr SET name = name WHERE account = :account AND spki_sha256 = :spki_sha256 RETURNING id;

-- name csr_delete :exec
-- in account @id, id @id
DELETE FROM csr WHERE account = :account AND id = :id;

-- the account's applications with this key, newest first
-- row csr_use (application @id, state @int, created_ms @int, submitted_ms @int, issued_ms @int)
-- name csr_uses :many csr_use
-- in account @id, spki_sha256 @blob, before @id, n @int
SELECT a.id, a.state, a.created_ms, a.submitted_ms, a.issued_ms FROM csr_use u JOIN application a ON a.id = u.application
WHERE u.spki_sha256 = :spki_sha256 AND u.application < :before AND +a.account = :account AND a.state <> 9 ORDER BY u.application DESC LIMIT :n;

-- its certificates with this key, issued and uploaded, newest first
-- row csr_certificate (id @id, name @text, role @int, state @int, source @int, not_after_ms @int, issued_ms @int)
-- name csr_certificates :many csr_certificate
-- in account @id, spki_sha256 @blob, before @id, n @int
SELECT c.id, c.name, c.role, c.state, c.source, c.not_after_ms, c.issued_ms FROM certificate c
WHERE c.spki_sha256 = :spki_sha256 AND c.id < :before AND +c.account = :account AND c.deleted_ms = 0 AND c.state NOT IN (0, 6) ORDER BY c.id DESC LIMIT :n;

-- how many of both there are, but for one application
-- name csr_use_counts :one (applications @int, certificates @int)
-- in account @id, spki_sha256 @blob, but @id
SELECT (SELECT count(*) FROM csr_use u JOIN application a ON a.id = u.application WHERE u.spki_sha256 = :spki_sha256 AND +a.account = :account AND a.state <> 9 AND a.id <> :but),
	(SELECT count(*) FROM certificate c WHERE c.spki_sha256 = :spki_sha256 AND +c.account = :account AND c.deleted_ms = 0 AND c.state NOT IN (0, 6));

-- a key that came later: once
-- name csr_set_key :exec
-- in account @id, id @id, key_id @blob
UPDATE csr SET key_id = :key_id WHERE id = :id AND +account = :account AND key_id IS NULL;

-- certificates that were issued from the request before its key came
-- name csr_certificates_set_key :exec
-- in account @id, spki_sha256 @blob, key_id @blob
UPDATE certificate SET key_id = :key_id
WHERE spki_sha256 = :spki_sha256 AND +account = :account AND key_id IS NULL AND source < 2 AND deleted_ms = 0;

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
