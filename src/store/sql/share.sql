-- Shares: what one account lets another one see, deploy or download (SPEC 3.12).

-- account gives, receiver has the copy
-- row share (id @id, account @id, account_name @text, certificate @id, receiver @id, receiver_name @text, copy @id, copy_state @int, name @text, grade @int, ends_ms @int, state @int, ended_by @int, created_ms @int, ended_ms @int, taken_ms @int, version @int)
-- for both sides of it
-- name share_get :one share
-- in account @id, id @id
SELECT s.id, s.account, a.name, s.certificate, s.receiver, b.name, s.copy, s.copy_state, s.name, s.grade, s.ends_ms, s.state, s.ended_by, s.created_ms, s.ended_ms, s.taken_ms, s.version
FROM share s JOIN account a ON a.id = s.account JOIN account b ON b.id = s.receiver WHERE s.id = :id AND (+s.account = :account OR +s.receiver = :account);

-- the one that a copy comes from
-- name share_of_copy :one share
-- in account @id, copy @id
SELECT s.id, s.account, a.name, s.certificate, s.receiver, b.name, s.copy, s.copy_state, s.name, s.grade, s.ends_ms, s.state, s.ended_by, s.created_ms, s.ended_ms, s.taken_ms, s.version
FROM share s JOIN account a ON a.id = s.account JOIN account b ON b.id = s.receiver WHERE s.copy = :copy AND +s.receiver = :account;

-- name share_find :one share
-- in account @id, certificate @id, receiver @id
SELECT s.id, s.account, a.name, s.certificate, s.receiver, b.name, s.copy, s.copy_state, s.name, s.grade, s.ends_ms, s.state, s.ended_by, s.created_ms, s.ended_ms, s.taken_ms, s.version
FROM share s JOIN account a ON a.id = s.account JOIN account b ON b.id = s.receiver WHERE s.certificate = :certificate AND s.receiver = :receiver AND s.state = 0 AND +s.account = :account;

-- name share_active_of :many share
-- in account @id, certificate @id
SELECT s.id, s.account, a.name, s.certificate, s.receiver, b.name, s.copy, s.copy_state, s.name, s.grade, s.ends_ms, s.state, s.ended_by, s.created_ms, s.ended_ms, s.taken_ms, s.version
FROM share s JOIN account a ON a.id = s.account JOIN account b ON b.id = s.receiver WHERE s.certificate = :certificate AND s.state = 0 AND +s.account = :account ORDER BY s.receiver;

-- over: 0 those that go on, 1 those that do not, -1 all
-- name share_given :many share
-- in account @id, over @int, now @int, before @id, n @int
SELECT s.id, s.account, a.name, s.certificate, s.receiver, b.name, s.copy, s.copy_state, s.name, s.grade, s.ends_ms, s.state, s.ended_by, s.created_ms, s.ended_ms, s.taken_ms, s.version
FROM share s JOIN account a ON a.id = s.account JOIN account b ON b.id = s.receiver WHERE s.account = :account AND s.id < :before
AND (:over < 0 OR :over = CASE WHEN s.state = 0 AND (s.ends_ms = 0 OR s.ends_ms > :now) THEN 0 ELSE 1 END) ORDER BY s.id DESC LIMIT :n;

-- name share_received :many share
-- in account @id, over @int, now @int, before @id, n @int
SELECT s.id, s.account, a.name, s.certificate, s.receiver, b.name, s.copy, s.copy_state, s.name, s.grade, s.ends_ms, s.state, s.ended_by, s.created_ms, s.ended_ms, s.taken_ms, s.version
FROM share s JOIN account a ON a.id = s.account JOIN account b ON b.id = s.receiver WHERE s.receiver = :account AND s.id < :before
AND (:over < 0 OR :over = CASE WHEN s.state = 0 AND (s.ends_ms = 0 OR s.ends_ms > :now) THEN 0 ELSE 1 END) ORDER BY s.id DESC LIMIT :n;

-- name share_of_certificate :many share
-- in account @id, certificate @id, over @int, now @int, before @id, n @int
SELECT s.id, s.account, a.name, s.certificate, s.receiver, b.name, s.copy, s.copy_state, s.name, s.grade, s.ends_ms, s.state, s.ended_by, s.created_ms, s.ended_ms, s.taken_ms, s.version
FROM share s JOIN account a ON a.id = s.account JOIN account b ON b.id = s.receiver WHERE s.certificate = :certificate AND +s.account = :account AND s.id < :before
AND (:over < 0 OR :over = CASE WHEN s.state = 0 AND (s.ends_ms = 0 OR s.ends_ms > :now) THEN 0 ELSE 1 END) ORDER BY s.id DESC LIMIT :n;

-- how both accounts stand to each other; none when there is no receiver
-- name share_accounts :one (site @text, state @int, receiver_site @text, receiver_state @int, same_owner @int)
-- in account @id, receiver @id
SELECT a.site, a.owner_state, b.site, b.owner_state,
	CASE WHEN a.owner_kind = b.owner_kind AND a.owner_number_norm = b.owner_number_norm AND a.owner_number_norm <> '' THEN 1 ELSE 0 END
FROM account a JOIN account b ON b.id = :receiver WHERE a.id = :account;

-- nothing else moves the certificate until the transaction ends
-- name share_hold :exec
-- in account @id, certificate @id
UPDATE certificate SET hosted = hosted WHERE id = :certificate AND +account = :account AND deleted_ms = 0;

-- name share_insert :int
-- in account @id, certificate @id, receiver @id, copy @id, name @text, grade @int, ends_ms @int, now @int
INSERT INTO share (account, certificate, receiver, copy, copy_state, name, grade, ends_ms, state, ended_by, created_ms, ended_ms, taken_ms, version)
VALUES (:account, :certificate, :receiver, :copy, 0, :name, :grade, :ends_ms, 0, 0, :now, 0, 0, 1)
RETURNING id;

-- name share_change :exec
-- in account @id, id @id, version @int, grade @int, ends_ms @int
UPDATE share SET grade = :grade, ends_ms = :ends_ms, version = version + 1
WHERE id = :id AND +account = :account AND +state = 0 AND version = :version;

-- name share_end :exec
-- in account @id, id @id, ended_by @int, copy_state @int, now @int
UPDATE share SET state = 1, ended_by = :ended_by, copy_state = :copy_state, ended_ms = :now, version = version + 1
WHERE id = :id AND +account = :account AND +state = 0;

-- its receiver deletes what is left of it
-- name share_copy_gone :exec
-- in receiver @id, id @id, old @int
UPDATE share SET copy_state = 2, version = version + 1 WHERE id = :id AND +receiver = :receiver AND copy_state = :old;

-- the receiver takes the files: only while the grade opens them and the certificate is what it was
-- name share_take :exec
-- in receiver @id, id @id, now @int
UPDATE share SET taken_ms = :now
WHERE id = :id AND +receiver = :receiver AND +state = 0 AND grade = 2 AND (ends_ms = 0 OR ends_ms > :now)
AND EXISTS (SELECT 1 FROM certificate c WHERE c.id = share.certificate AND +c.account = share.account AND c.state = 1 AND c.deleted_ms = 0);

-- name share_due :many (account @id, id @id)
-- in now @int, n @int
SELECT account, id FROM share WHERE state = 0 AND ends_ms > 0 AND ends_ms <= :now ORDER BY ends_ms LIMIT :n;

-- -- the receiver's rows

-- name share_copy_insert :int
-- in account @id, certificate @id, receiver @id, now @int
INSERT INTO certificate (account, application, subscription, product, role, state, source, name, cn, issuer, serial, profile, profile_version, tbs, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms, reserved_ms, issued_ms, revoked_ms, reason, revocation_number, replace_wanted, hosted, deployed, deleted_ms, shard)
SELECT :receiver, 0, 0, 0, c.role, c.state, 3, c.name, c.cn, 0, c.serial, c.profile, c.profile_version, NULL, c.der, NULL, c.spki_sha256, c.sha256, c.alg, NULL, c.not_before_ms, c.not_after_ms, :now, c.issued_ms, 0, 0, 0, 0, 0, 0, 0, c.shard
FROM certificate c WHERE c.id = :certificate AND +c.account = :account AND +c.state = 1 AND c.deleted_ms = 0
RETURNING id;

-- name share_copy_names :exec
-- in account @id, certificate @id, receiver @id, copy @id
INSERT INTO certificate_name (account, name, reversed, certificate)
SELECT :receiver, n.name, n.reversed, :copy FROM certificate_name n WHERE n.certificate = :certificate AND +n.account = :account;

-- name share_copy_pair :must
-- in receiver @id, copy @id, pair @id
UPDATE certificate SET pair = :pair WHERE id = :copy AND +account = :receiver AND source = 3;

-- it goes where the shared one went
-- name share_copy_follow :exec
-- in receiver @id, copy @id, old @int, new @int, revoked_ms @int, reason @int
UPDATE certificate SET state = :new, revoked_ms = :revoked_ms, reason = :reason
WHERE id = :copy AND +account = :receiver AND +source = 3 AND +state = :old AND deleted_ms = 0;

-- name share_copy_end :exec
-- in receiver @id, copy @id
UPDATE certificate SET state = 8 WHERE id = :copy AND +account = :receiver AND +source = 3 AND deleted_ms = 0;

-- name share_copy_delete :exec
-- in receiver @id, copy @id, now @int
UPDATE certificate SET state = 7, deleted_ms = :now, der = NULL, name = '', cn = '', hosted = 0, deployed = 0
WHERE id = :copy AND +account = :receiver AND +source = 3 AND deleted_ms = 0;
