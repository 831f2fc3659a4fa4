-- Certificates of other issuers (SPEC 3.8).

-- none when the account has another one of this name
-- name upload_insert :int
-- in account @id, role @int, source @int, name @text, cn @text, serial @blob, der @blob, spki_sha256 @blob, sha256 @blob, alg @int, key_id @blob, not_before_ms @int, not_after_ms @int, now @int
INSERT INTO certificate (account, application, subscription, product, role, state, source, name, cn, issuer, serial, profile, profile_version, tbs, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms, reserved_ms, issued_ms, revoked_ms, reason, revocation_number, replace_wanted, hosted, deployed, deleted_ms, shard)
VALUES (:account, 0, 0, 0, :role, 5, :source, :name, :cn, 0, :serial, '', 0, NULL, :der, NULL, :spki_sha256, :sha256, :alg, :key_id, :not_before_ms, :not_after_ms, :now, :now, 0, 0, 0, 0, 0, 0, 0, 0)
ON CONFLICT DO NOTHING
RETURNING id;

-- name upload_pair :must
-- in account @id, id @id, pair @id
UPDATE certificate SET pair = :pair WHERE id = :id AND +account = :account;

-- name upload_name_taken :int
-- in account @id, name @text
SELECT id FROM certificate WHERE account = :account AND name = :name AND source = 2 AND deleted_ms = 0 AND role <> 2;

-- the same certificate, kept already
-- name upload_same :int
-- in account @id, spki_sha256 @blob, sha256 @blob
SELECT id FROM certificate WHERE spki_sha256 = :spki_sha256 AND +account = :account AND sha256 = :sha256 AND deleted_ms = 0 AND state IN (1, 2, 3, 4, 5) ORDER BY id LIMIT 1;

-- name chain_certificate_insert :int
-- in account @id, sha256 @blob, subject_sha256 @blob, der @blob
INSERT INTO chain_certificate (account, sha256, subject_sha256, der) VALUES (:account, :sha256, :subject_sha256, :der)
ON CONFLICT (account, sha256) DO UPDATE SET der = excluded.der
RETURNING id;

-- name chain_certificate_by_subject :many (der @blob)
-- in account @id, subject_sha256 @blob, n @int
SELECT der FROM chain_certificate WHERE account = :account AND subject_sha256 = :subject_sha256 ORDER BY id DESC LIMIT :n;

-- name certificate_chain_insert :exec
-- in account @id, certificate @id, place @int, link @id
INSERT INTO certificate_chain (certificate, place, account, link) VALUES (:certificate, :place, :account, :link);

-- name certificate_chain_get :many (der @blob)
-- in account @id, certificate @id
SELECT l.der FROM certificate_chain c JOIN chain_certificate l ON l.id = c.link
WHERE c.certificate = :certificate AND +c.account = :account ORDER BY c.place;

-- name certificate_chain_clear :exec
-- in account @id, certificate @id
DELETE FROM certificate_chain WHERE certificate = :certificate AND +account = :account;

-- Waits for whoever is about to stand under it: only the next statement sees what that one has committed (read committed).
-- name chain_certificate_hold :exec
-- in account @id, link @id
UPDATE chain_certificate SET der = der WHERE id = :link AND +account = :account;

-- those that nothing stands under any more
-- name chain_certificate_sweep :exec
-- in account @id, link @id
DELETE FROM chain_certificate WHERE id = :link AND +account = :account AND NOT EXISTS (SELECT 1 FROM certificate_chain c WHERE c.link = :link);

-- name certificate_chain_links :many (link @id)
-- in account @id, certificate @id
SELECT link FROM certificate_chain WHERE certificate = :certificate AND +account = :account;
