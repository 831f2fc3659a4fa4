-- whole: a node has a dozen issuers
-- row issuer (id @id, node @id, name @text, hierarchy @text, alg @int, parent @id, state @int, serial @blob, spki @blob, tbs @blob, cert @blob, shards @int, status_url @text, revocation_number @int, crl_number @int, not_after_ms @int, created_ms @int)
-- name issuer_list :many issuer
SELECT id, node, name, hierarchy, alg, parent, state, serial, spki, tbs, cert, shards, status_url, revocation_number, crl_number, not_after_ms, created_ms
FROM issuer ORDER BY id;

-- name issuer_by_name :one issuer
-- in name @text
SELECT id, node, name, hierarchy, alg, parent, state, serial, spki, tbs, cert, shards, status_url, revocation_number, crl_number, not_after_ms, created_ms
FROM issuer WHERE name = :name;

-- name issuer_insert :int
-- in node @id, name @text, hierarchy @text, alg @int, parent @id, serial @blob, spki @blob, tbs @blob, shards @int, status_url @text, not_after_ms @int, now @int
INSERT INTO issuer (node, name, hierarchy, alg, parent, state, serial, spki, tbs, cert, shards, status_url, revocation_number, crl_number, not_after_ms, created_ms)
VALUES (:node, :name, :hierarchy, :alg, :parent, 0, :serial, :spki, :tbs, NULL, :shards, :status_url, 0, 0, :not_after_ms, :now)
ON CONFLICT (name) DO NOTHING RETURNING id;

-- name issuer_save :exec
-- in id @id, cert @blob
UPDATE issuer SET state = 1, cert = :cert WHERE id = :id AND state = 0;

-- name issuer_next_revocation :int
-- in id @id
UPDATE issuer SET revocation_number = revocation_number + 1 WHERE id = :id RETURNING revocation_number;

-- name issuer_next_crl :one (crl_number @int, revocation_number @int)
-- in id @id
UPDATE issuer SET crl_number = crl_number + 1 WHERE id = :id RETURNING crl_number, revocation_number;

-- row certificate (id @id, account @id, application @id, subscription @id, product @id, role @int, state @int, source @int, name @text, cn @text, issuer @id, serial @blob, profile @text, profile_version @int, der @blob, envelope @blob, spki_sha256 @blob, sha256 @blob, alg @int, key_id @blob, not_before_ms @int, not_after_ms @int, reserved_ms @int, issued_ms @int, revoked_ms @int, reason @int, revocation_number @int, hosted @int, deployed @int, shard @int, pair @id)
-- name certificate_get :one certificate
-- in account @id, id @id
SELECT id, account, application, subscription, product, role, state, source, name, cn, issuer, serial, profile, profile_version, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms, reserved_ms, issued_ms, revoked_ms, reason, revocation_number, hosted, deployed, shard, pair
FROM certificate WHERE id = :id AND +account = :account AND deleted_ms = 0 AND state NOT IN (0, 6);

-- whose it is: for staff
-- name certificate_account :int
-- in id @id
SELECT account FROM certificate WHERE id = :id AND deleted_ms = 0 AND state NOT IN (0, 6);

-- name certificate_pair :many certificate
-- in account @id, application @id
SELECT id, account, application, subscription, product, role, state, source, name, cn, issuer, serial, profile, profile_version, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms, reserved_ms, issued_ms, revoked_ms, reason, revocation_number, hosted, deployed, shard, pair
FROM certificate WHERE application = :application AND +account = :account AND deleted_ms = 0 AND state <> 0 AND state <> 6 AND application > 0 ORDER BY role;

-- row certificate_line (id @id, account @id, application @id, subscription @id, product @id, role @int, state @int, source @int, name @text, cn @text, issuer @id, serial @blob, alg @int, not_before_ms @int, not_after_ms @int, issued_ms @int, revoked_ms @int, reason @int, hosted @int)
-- name certificate_list :many certificate_line
-- in account @id, source @int, before @id, n @int
SELECT id, account, application, subscription, product, role, state, source, name, cn, issuer, serial, alg, not_before_ms, not_after_ms, issued_ms, revoked_ms, reason, hosted
FROM certificate WHERE account = :account + 0 AND id < :before AND deleted_ms = 0 AND state NOT IN (0, 6) AND role <> 2 AND (:source < 0 OR +source = :source) ORDER BY id DESC LIMIT :n;

-- the foreign ones, or those of tests
-- name certificate_list_source :many certificate_line
-- in account @id, source @int, state @int, from_ms @int, to_ms @int, before @id, n @int
SELECT id, account, application, subscription, product, role, state, source, name, cn, issuer, serial, alg, not_before_ms, not_after_ms, issued_ms, revoked_ms, reason, hosted
FROM certificate WHERE account = :account AND source = :source + 0 AND source <> 0 AND not_after_ms > :from_ms AND (not_after_ms, id) < (:to_ms, :before) AND deleted_ms = 0 AND state NOT IN (0, 6) AND (:state < 0 OR +state = :state) AND role <> 2 ORDER BY not_after_ms DESC, id DESC LIMIT :n;

-- the last to expire first, because no index holds the order of the ids within a span of time; below (to_ms, before)
-- name certificate_list_state :many certificate_line
-- in account @id, state @int, source @int, from_ms @int, to_ms @int, before @id, n @int
SELECT id, account, application, subscription, product, role, state, source, name, cn, issuer, serial, alg, not_before_ms, not_after_ms, issued_ms, revoked_ms, reason, hosted
FROM certificate WHERE account = :account AND state = :state + 0 AND not_after_ms > :from_ms AND (not_after_ms, id) < (:to_ms, :before) AND deleted_ms = 0 AND role <> 2 AND (:source < 0 OR +source = :source) ORDER BY not_after_ms DESC, id DESC LIMIT :n;

-- name certificate_expiry :int
-- in account @id, id @id
SELECT not_after_ms FROM certificate WHERE id = :id AND +account = :account;

-- with a part of it still to come: few
-- name certificate_list_revoking :many certificate_line
-- in account @id, source @int, before @id, n @int
SELECT id, account, application, subscription, product, role, state, source, name, cn, issuer, serial, alg, not_before_ms, not_after_ms, issued_ms, revoked_ms, reason, hosted
FROM certificate WHERE account = :account AND state IN (2, 3) AND id < :before AND deleted_ms = 0 AND role <> 2 AND (:source < 0 OR +source = :source) ORDER BY id DESC LIMIT :n;

-- name certificate_list_name :many certificate_line
-- in account @id, name @text, source @int, state @int, other @int, from_ms @int, to_ms @int, before @id, n @int
SELECT c.id, c.account, c.application, c.subscription, c.product, c.role, c.state, c.source, c.name, c.cn, c.issuer, c.serial, c.alg, c.not_before_ms, c.not_after_ms, c.issued_ms, c.revoked_ms, c.reason, c.hosted
FROM certificate_name m JOIN certificate c ON c.id = m.certificate
WHERE m.account = :account AND m.name = :name AND m.certificate < :before AND +c.account = :account AND c.deleted_ms = 0 AND c.state NOT IN (0, 6) AND c.role <> 2 AND (:source < 0 OR c.source = :source) AND (:state < 0 OR c.state = :state OR c.state = :other) AND c.not_after_ms > :from_ms AND c.not_after_ms <= :to_ms ORDER BY m.certificate DESC LIMIT :n;

-- a suffix ".example.com" is a prefix of the reversed name; of the newest two thousand, which are enough where many fit
-- name certificate_list_suffix_newest :many certificate_line
-- in account @id, low @text, high @text, source @int, state @int, other @int, from_ms @int, to_ms @int, before @id, n @int
SELECT c.id, c.account, c.application, c.subscription, c.product, c.role, c.state, c.source, c.name, c.cn, c.issuer, c.serial, c.alg, c.not_before_ms, c.not_after_ms, c.issued_ms, c.revoked_ms, c.reason, c.hosted
FROM (SELECT q.id FROM certificate q WHERE q.account = :account + 0 AND q.id < :before AND q.deleted_ms = 0 ORDER BY q.id DESC LIMIT 2000) w JOIN certificate c ON c.id = w.id
WHERE c.state NOT IN (0, 6) AND c.role <> 2 AND 1 = (SELECT 1 FROM certificate_name m WHERE m.certificate = w.id AND +m.account = :account AND m.reversed >= :low AND m.reversed < :high LIMIT 1) AND (:source < 0 OR c.source = :source) AND (:state < 0 OR c.state = :state OR c.state = :other) AND c.not_after_ms > :from_ms AND c.not_after_ms <= :to_ms
ORDER BY w.id DESC LIMIT :n;

-- of all: the names are found first
-- name certificate_list_suffix :many certificate_line
-- in account @id, low @text, high @text, source @int, state @int, other @int, from_ms @int, to_ms @int, before @id, n @int
SELECT c.id, c.account, c.application, c.subscription, c.product, c.role, c.state, c.source, c.name, c.cn, c.issuer, c.serial, c.alg, c.not_before_ms, c.not_after_ms, c.issued_ms, c.revoked_ms, c.reason, c.hosted
FROM certificate c WHERE c.account = :account AND c.id < :before AND c.deleted_ms = 0 AND c.state NOT IN (0, 6) AND c.role <> 2
AND c.id IN (SELECT m.certificate FROM certificate_name m WHERE m.account = :account AND m.reversed >= :low AND m.reversed < :high) AND (:source < 0 OR c.source = :source) AND (:state < 0 OR c.state = :state OR c.state = :other) AND c.not_after_ms > :from_ms AND c.not_after_ms <= :to_ms
ORDER BY c.id DESC LIMIT :n;

-- write 1: only while the application is issuing and every name of it has a valid proof at this moment
-- name certificate_reserve :int
-- in account @id, application @id, subscription @id, product @id, role @int, source @int, name @text, cn @text, issuer @id, serial @blob, profile @text, profile_version @int, tbs @blob, envelope @blob, spki_sha256 @blob, alg @int, key_id @blob, not_before_ms @int, not_after_ms @int, now @int, shard @int
INSERT INTO certificate (account, application, subscription, product, role, state, source, name, cn, issuer, serial, profile, profile_version, tbs, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms, reserved_ms, issued_ms, revoked_ms, reason, revocation_number, replace_wanted, hosted, deployed, deleted_ms, shard)
SELECT :account, :application, :subscription, :product, :role, 0, :source, :name, :cn, :issuer, :serial, :profile, :profile_version, :tbs, NULL, :envelope, :spki_sha256, NULL, :alg, :key_id, :not_before_ms, :not_after_ms, :now, 0, 0, 0, 0, 0, 0, 0, 0, :shard
WHERE EXISTS (SELECT 1 FROM application a WHERE a.id = :application AND +a.account = :account AND +a.state = 4)
AND NOT EXISTS (SELECT 1 FROM blocked_key WHERE spki_sha256 = :spki_sha256)
AND NOT EXISTS (SELECT 1 FROM application_name n WHERE n.application = :application AND +n.account = :account
	AND NOT EXISTS (SELECT 1 FROM authz z WHERE z.application = n.application AND z.name = n.ascii AND +z.account = n.account AND +z.state = 1 AND z.proof_until_ms > :now))
ON CONFLICT DO NOTHING
RETURNING id;

-- row reserved (id @id, account @id, application @id, role @int, issuer @id, serial @blob, tbs @blob, alg @int, reserved_ms @int, not_after_ms @int)
-- name certificate_reserved :many reserved
-- in account @id, application @id
SELECT id, account, application, role, issuer, serial, tbs, alg, reserved_ms, not_after_ms
FROM certificate WHERE application = :application AND +account = :account AND +state = 0 AND state <> 6 AND application > 0 ORDER BY role;

-- name certificate_all_reserved :many (account @id, application @id)
-- in before @int, n @int
SELECT DISTINCT account, application FROM certificate WHERE state = 0 AND reserved_ms < :before ORDER BY application LIMIT :n;

-- write 2
-- name certificate_save :must
-- in account @id, id @id, der @blob, sha256 @blob, now @int
UPDATE certificate SET state = 1, der = :der, sha256 = :sha256, tbs = NULL, issued_ms = :now
WHERE id = :id AND +account = :account AND +state = 0;

-- name certificate_void :exec
-- in account @id, id @id, revocation_number @int, now @int
UPDATE certificate SET state = 6, revoked_ms = :now, revocation_number = :revocation_number
WHERE id = :id AND +account = :account AND +state = 0;

-- name certificate_move :exec
-- in account @id, id @id, old @int, new @int
UPDATE certificate SET state = :new WHERE id = :id AND +account = :account AND +state = :old AND deleted_ms = 0;

-- name certificate_revoke :exec
-- in account @id, id @id, reason @int, revocation_number @int, now @int
UPDATE certificate SET state = 4, revoked_ms = :now, reason = :reason, revocation_number = :revocation_number
WHERE id = :id AND +account = :account AND +state = 3;

-- content, key and hosting go; serial, CRL and OCSP entries stay
-- name certificate_delete :exec
-- in account @id, id @id, now @int
UPDATE certificate SET state = CASE WHEN state = 4 THEN 4 ELSE 7 END, deleted_ms = :now, der = NULL, envelope = NULL, key_id = NULL, name = '', cn = '', hosted = 0, deployed = 0
WHERE id = :id AND +account = :account AND deleted_ms = 0 AND state IN (1, 4, 5);

-- row status (id @id, state @int, revoked_ms @int, reason @int, not_after_ms @int)
-- name certificate_status :one status
-- in issuer @id, serial @blob
SELECT id, state, revoked_ms, reason, not_after_ms FROM certificate WHERE issuer = :issuer AND issuer > 0 AND serial = :serial;

-- row revoked (serial @blob, revoked_ms @int, reason @int)
-- name certificate_revoked :each revoked
-- in issuer @id, shard @int, after_ms @int
SELECT serial, revoked_ms, reason FROM certificate
WHERE issuer = :issuer AND shard = :shard AND revocation_number > 0 AND not_after_ms > :after_ms ORDER BY revocation_number;

-- name certificate_same_key :many (account @id, id @id, issuer @id, application @id, state @int)
-- in spki_sha256 @blob, now @int
SELECT account, id, issuer, application, state FROM certificate
WHERE spki_sha256 = :spki_sha256 AND state IN (1, 2, 3) AND not_after_ms > :now AND issuer > 0 ORDER BY id;

-- name certificate_of_subscription :many (id @id, state @int, issued_ms @int, revoked_ms @int, replace_wanted @int)
-- in account @id, subscription @id
SELECT id, state, issued_ms, revoked_ms, replace_wanted FROM certificate
WHERE subscription = :subscription AND +account = :account AND role <> 2 AND state NOT IN (0, 6) ORDER BY id;

-- name certificate_replace_wanted :exec
-- in account @id, application @id
UPDATE certificate SET replace_wanted = 1 WHERE application = :application AND +account = :account AND state <> 6 AND application > 0;

-- name certificate_key_users :int
-- in account @id, key_id @blob
SELECT (SELECT count(*) FROM certificate WHERE +account = :account AND key_id = :key_id AND deleted_ms = 0)
	+ (SELECT count(*) FROM csr WHERE +account = :account AND key_id = :key_id);

-- name certificate_name_insert :later
-- in account @id, name @text, reversed @text, certificate @id
INSERT INTO certificate_name (account, name, reversed, certificate) VALUES (:account, :name, :reversed, :certificate)
ON CONFLICT (account, name, certificate) DO NOTHING;

-- name certificate_names :many (name @text)
-- in account @id, certificate @id
SELECT name FROM certificate_name WHERE certificate = :certificate AND +account = :account ORDER BY name;

-- name certificate_names_clear :exec
-- in account @id, certificate @id
DELETE FROM certificate_name WHERE certificate = :certificate AND +account = :account;

-- name blocked_key_get :int
-- in spki_sha256 @blob
SELECT since_ms FROM blocked_key WHERE spki_sha256 = :spki_sha256;

-- name blocked_key_put :exec
-- in spki_sha256 @blob, now @int, why @text
INSERT INTO blocked_key (spki_sha256, since_ms, why) VALUES (:spki_sha256, :now, :why)
ON CONFLICT (spki_sha256) DO NOTHING;

-- name certificate_count_between :int
-- in account @id, state @int, from_ms @int, to_ms @int
SELECT count(*) FROM certificate WHERE account = :account AND state = :state + 0 AND not_after_ms > :from_ms AND not_after_ms <= :to_ms AND deleted_ms = 0 AND source <> 3;
