-- row zone (id @id, account @id, name @text, servers @text, key_name @text, key_alg @int, seal_id @blob, sealed @blob, checked_ms @int, check_code @text, check_text @text, created_ms @int, changed_ms @int, version @int)
-- name zone_get :one zone
-- in account @id, id @id
SELECT id, account, name, servers, key_name, key_alg, seal_id, sealed, checked_ms, check_code, check_text, created_ms, changed_ms, version
FROM zone WHERE account = :account AND id = :id;

-- whole: an account has a handful of zones
-- name zone_list :many zone
-- in account @id, after @id, n @int
SELECT id, account, name, servers, key_name, key_alg, seal_id, sealed, checked_ms, check_code, check_text, created_ms, changed_ms, version
FROM zone WHERE account = :account AND id > :after ORDER BY id LIMIT :n;

-- none when the name is taken
-- name zone_insert :int
-- in account @id, name @text, servers @text, key_name @text, key_alg @int, seal_id @blob, sealed @blob, now @int
INSERT INTO zone (account, name, servers, key_name, key_alg, seal_id, sealed, checked_ms, check_code, check_text, created_ms, changed_ms, version)
VALUES (:account, :name, :servers, :key_name, :key_alg, :seal_id, :sealed, 0, '', '', :now, :now, 1)
ON CONFLICT (account, name) DO NOTHING
RETURNING id;

-- it stays until this transaction ends: who deletes it then sees which domain has come to name it (read committed)
-- name zone_hold :exec
-- in account @id, id @id
UPDATE zone SET key_alg = key_alg WHERE account = :account AND id = :id;

-- what was checked before says nothing about the new data
-- name zone_update :exec
-- in account @id, id @id, version @int, servers @text, key_name @text, key_alg @int, seal_id @blob, sealed @blob, now @int
UPDATE zone SET servers = :servers, key_name = :key_name, key_alg = :key_alg, seal_id = :seal_id, sealed = :sealed, checked_ms = 0, check_code = '', check_text = '', changed_ms = :now, version = version + 1
WHERE account = :account AND id = :id AND version = :version;

-- name zone_checked :exec
-- in account @id, id @id, version @int, check_code @text, check_text @text, now @int
UPDATE zone SET checked_ms = :now, check_code = :check_code, check_text = :check_text
WHERE account = :account AND id = :id AND version = :version;

-- name zone_delete :exec
-- in account @id, id @id
DELETE FROM zone WHERE account = :account AND id = :id;

-- row domain (id @id, account @id, name @text, unicode @text, holder @text, holder_state @int, holder_note @text, expires_ms @int, zone @id, zone_name @text, created_ms @int, changed_ms @int, version @int)
-- name domain_get :one domain
-- in account @id, id @id
SELECT d.id, d.account, d.name, d.unicode, d.holder, d.holder_state, d.holder_note, d.expires_ms, coalesce(z.id, 0), coalesce(z.name, ''), d.created_ms, d.changed_ms, d.version
FROM domain d LEFT JOIN zone z ON z.id = d.zone AND z.account = d.account
WHERE d.account = :account AND d.id = :id;

-- name domain_by_name :one domain
-- in account @id, name @text
SELECT d.id, d.account, d.name, d.unicode, d.holder, d.holder_state, d.holder_note, d.expires_ms, coalesce(z.id, 0), coalesce(z.name, ''), d.created_ms, d.changed_ms, d.version
FROM domain d LEFT JOIN zone z ON z.id = d.zone AND z.account = d.account
WHERE d.account = :account AND d.name = :name;

-- name domain_list :many domain
-- in account @id, after @id, n @int
SELECT d.id, d.account, d.name, d.unicode, d.holder, d.holder_state, d.holder_note, d.expires_ms, coalesce(z.id, 0), coalesce(z.name, ''), d.created_ms, d.changed_ms, d.version
FROM domain d LEFT JOIN zone z ON z.id = d.zone AND z.account = d.account
WHERE d.account = :account AND d.id > :after ORDER BY d.id LIMIT :n;

-- staff: holders of all accounts that wait for a decision
-- name domain_review_list :many domain
-- in after @id, n @int
SELECT d.id, d.account, d.name, d.unicode, d.holder, d.holder_state, d.holder_note, d.expires_ms, coalesce(z.id, 0), coalesce(z.name, ''), d.created_ms, d.changed_ms, d.version
FROM domain d LEFT JOIN zone z ON z.id = d.zone AND z.account = d.account
WHERE d.holder_state = 1 AND d.id > :after ORDER BY d.id LIMIT :n;

-- staff: whose domain it is
-- name domain_account :int
-- in id @id
SELECT account FROM domain WHERE id = :id;

-- none when the name is taken
-- name domain_insert :int
-- in account @id, name @text, unicode @text, holder @text, expires_ms @int, zone @id, now @int
INSERT INTO domain (account, name, unicode, holder, holder_state, holder_note, expires_ms, zone, created_ms, changed_ms, version)
VALUES (:account, :name, :unicode, :holder, 0, '', :expires_ms, :zone, :now, :now, 1)
ON CONFLICT (account, name) DO NOTHING
RETURNING id;

-- name domain_update :exec
-- in account @id, id @id, version @int, holder @text, expires_ms @int, zone @id, now @int
UPDATE domain SET holder = :holder, expires_ms = :expires_ms, zone = :zone, changed_ms = :now, version = version + 1
WHERE account = :account AND id = :id AND version = :version;

-- name domain_holder_move :exec
-- in account @id, id @id, old @int, new @int, note @text, now @int
UPDATE domain SET holder_state = :new, holder_note = :note, changed_ms = :now, version = version + 1
WHERE account = :account AND id = :id AND holder_state = :old;

-- name domain_delete :exec
-- in account @id, id @id
DELETE FROM domain WHERE account = :account AND id = :id;

-- name domain_of_zone :int
-- in account @id, zone @id
SELECT id FROM domain WHERE account = :account AND zone = :zone ORDER BY id LIMIT 1;
