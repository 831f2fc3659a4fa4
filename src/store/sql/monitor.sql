-- row monitor (id @id, account @id, host @id, name @text, port @int, starttls @int, interval_ms @int, next_ms @int, looked_ms @int, seen_sha256 @blob, status @int, failures @int, code @text, message @text, created_ms @int, version @int)
-- name monitor_get :one monitor
-- in account @id, id @id
SELECT m.id, m.account, m.host, h.name, h.port, h.starttls, m.interval_ms, m.next_ms, m.looked_ms, m.seen_sha256, m.status, m.failures, m.code, m.message, m.created_ms, m.version
FROM monitor m JOIN host h ON h.id = m.host WHERE m.id = :id AND +m.account = :account;

-- name monitor_list :many monitor
-- in account @id, before @id, n @int
SELECT m.id, m.account, m.host, h.name, h.port, h.starttls, m.interval_ms, m.next_ms, m.looked_ms, m.seen_sha256, m.status, m.failures, m.code, m.message, m.created_ms, m.version
FROM monitor m JOIN host h ON h.id = m.host WHERE m.account = :account AND m.id < :before ORDER BY m.id DESC LIMIT :n;

-- name monitor_due :many monitor
-- in now @int, n @int
SELECT m.id, m.account, m.host, h.name, h.port, h.starttls, m.interval_ms, m.next_ms, m.looked_ms, m.seen_sha256, m.status, m.failures, m.code, m.message, m.created_ms, m.version
FROM monitor m JOIN host h ON h.id = m.host WHERE m.next_ms <= :now ORDER BY m.next_ms LIMIT :n;

-- up to that many
-- name monitor_count :int
-- in account @id, most @int
SELECT count(*) FROM (SELECT 1 FROM monitor WHERE account = :account LIMIT :most) x;

-- name monitor_insert :int
-- in account @id, host @id, interval_ms @int, now @int
INSERT INTO monitor (account, host, interval_ms, next_ms, looked_ms, seen_sha256, status, failures, code, message, created_ms, version)
VALUES (:account, :host, :interval_ms, :now, 0, NULL, 0, 0, '', '', :now, 1)
ON CONFLICT (host) DO NOTHING
RETURNING id;

-- the next look counts from the last one
-- name monitor_update :exec
-- in account @id, id @id, version @int, interval_ms @int, next_ms @int
UPDATE monitor SET interval_ms = :interval_ms, next_ms = :next_ms, version = version + 1
WHERE id = :id AND +account = :account AND version = :version;

-- name monitor_delete :exec
-- in account @id, id @id
DELETE FROM monitor WHERE id = :id AND +account = :account;

-- name monitor_event_delete :exec
-- in account @id, monitor @id
DELETE FROM monitor_event WHERE monitor = :monitor AND +account = :account;

-- whoever writes down what a look found has it to himself, unless it was edited or looked at meanwhile
-- name monitor_hold :exec
-- in account @id, id @id, due_ms @int
UPDATE monitor SET next_ms = next_ms WHERE id = :id AND +account = :account AND next_ms = :due_ms;

-- only by the run that took it up
-- name monitor_looked :exec
-- in account @id, id @id, due_ms @int, next_ms @int, seen_sha256 @blob, status @int, failures @int, code @text, message @text, now @int
UPDATE monitor SET next_ms = :next_ms, looked_ms = :now, seen_sha256 = :seen_sha256, status = :status, failures = :failures, code = :code, message = :message
WHERE id = :id AND +account = :account AND next_ms = :due_ms;

-- row monitor_event (id @id, kind @int, at_ms @int, sha256 @blob, not_after_ms @int, status @int, detail @text)
-- name monitor_event_list :many monitor_event
-- in account @id, monitor @id, n @int
SELECT id, kind, at_ms, sha256, not_after_ms, status, detail
FROM monitor_event WHERE monitor = :monitor AND +account = :account ORDER BY id DESC LIMIT :n;

-- name monitor_event_insert :int
-- in account @id, monitor @id, kind @int, at_ms @int, sha256 @blob, not_after_ms @int, status @int, detail @text
INSERT INTO monitor_event (account, monitor, kind, at_ms, sha256, not_after_ms, status, detail)
VALUES (:account, :monitor, :kind, :at_ms, :sha256, :not_after_ms, :status, :detail)
RETURNING id;

-- all but the newest
-- name monitor_event_trim :exec
-- in account @id, monitor @id, keep @int
DELETE FROM monitor_event WHERE monitor = :monitor AND +account = :account
AND id <= coalesce((SELECT o.id FROM monitor_event o WHERE o.monitor = :monitor ORDER BY o.id DESC LIMIT 1 OFFSET :keep), 0);
