-- row scan (id @id, account @id, name @text, targets @text, ports @text, starttls @int, rate @int, state @int, slot @int, total @int, done @int, found @int, failed @int, next_ms @int, created_ms @int, started_ms @int, finished_ms @int)
-- name scan_get :one scan
-- in account @id, id @id
SELECT id, account, name, targets, ports, starttls, rate, state, slot, total, done, found, failed, next_ms, created_ms, started_ms, finished_ms
FROM scan WHERE id = :id AND +account = :account;

-- name scan_list :many scan
-- in account @id, before @id, n @int
SELECT id, account, name, targets, ports, starttls, rate, state, slot, total, done, found, failed, next_ms, created_ms, started_ms, finished_ms
FROM scan WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- whole: as many are unfinished as the policy allows
-- name scan_open_count :int
-- in account @id
SELECT count(*) FROM scan WHERE account = :account AND state < 2;

-- name scan_insert :int
-- in account @id, name @text, targets @text, ports @text, starttls @int, rate @int, total @int, now @int
INSERT INTO scan (account, name, targets, ports, starttls, rate, state, slot, total, done, found, failed, next_ms, served_ms, created_ms, started_ms, finished_ms)
VALUES (:account, :name, :targets, :ports, :starttls, :rate, 0, 0, :total, 0, 0, 0, 0, :now, :now, 0, 0)
RETURNING id;

-- of each account the one that has waited the longest, and of these the one whose account was served the longest ago
-- name scan_next :one scan
-- in slot @int
SELECT s.id, s.account, s.name, s.targets, s.ports, s.starttls, s.rate, s.state, s.slot, s.total, s.done, s.found, s.failed, s.next_ms, s.created_ms, s.started_ms, s.finished_ms
FROM scan s WHERE s.state < 2 AND (s.slot = 0 OR s.slot = :slot)
	AND NOT EXISTS (SELECT 1 FROM scan o WHERE o.account = s.account AND o.state < 2 AND o.id < s.id)
ORDER BY s.served_ms, s.id LIMIT 1;

-- name scan_any :int
SELECT id FROM scan WHERE state < 2 ORDER BY served_ms LIMIT 1;

-- name scan_take :exec
-- in account @id, id @id, slot @int, now @int
UPDATE scan SET state = 1, slot = :slot, started_ms = CASE WHEN state = 0 THEN :now ELSE started_ms END
WHERE id = :id AND +account = :account AND +state < 2 AND (slot = 0 OR slot = :slot);

-- its others go to the end of the line with it
-- whole: as many are unfinished as the policy allows
-- name scan_served :exec
-- in account @id, now @int
UPDATE scan SET served_ms = :now WHERE account = :account AND state < 2;

-- only where nobody has stopped it, and no other run has done the same targets
-- name scan_advance :exec
-- in account @id, id @id, slot @int, done @int, n @int, found @int, failed @int, next_ms @int
UPDATE scan SET done = done + :n, found = found + :found, failed = failed + :failed, next_ms = :next_ms
WHERE id = :id AND +account = :account AND +state = 1 AND slot = :slot AND done = :done;

-- name scan_release :exec
-- in account @id, id @id, slot @int, now @int
UPDATE scan SET slot = 0, state = CASE WHEN done >= total THEN 2 ELSE 1 END, finished_ms = CASE WHEN done >= total THEN :now ELSE 0 END
WHERE id = :id AND +account = :account AND +state = 1 AND slot = :slot;

-- name scan_stop :exec
-- in account @id, id @id, now @int
UPDATE scan SET state = 3, slot = 0, finished_ms = :now WHERE id = :id AND +account = :account AND +state < 2;

-- name scan_delete :exec
-- in account @id, id @id
DELETE FROM scan WHERE id = :id AND +account = :account AND +state > 1;

-- name scan_host_delete :exec
-- in account @id, scan @id
DELETE FROM scan_host WHERE scan = :scan AND +account = :account;

-- name scan_fault_delete :exec
-- in account @id, scan @id
DELETE FROM scan_fault WHERE scan = :scan AND +account = :account;

-- name scan_old :many (account @id, id @id)
-- in before @int, n @int
SELECT account, id FROM scan WHERE state > 1 AND finished_ms < :before ORDER BY finished_ms LIMIT :n;

-- row scan_fault (target @text, code @text, message @text)
-- name scan_fault_list :many scan_fault
-- in account @id, scan @id, n @int
SELECT target, code, message FROM scan_fault WHERE scan = :scan AND +account = :account ORDER BY id LIMIT :n;

-- the first ones are kept
-- name scan_fault_insert :exec
-- in account @id, scan @id, target @text, code @text, message @text, most @int
INSERT INTO scan_fault (account, scan, target, code, message)
SELECT :account, :scan, :target, :code, :message
WHERE (SELECT count(*) FROM scan_fault WHERE scan = :scan) < :most;

-- name scan_host_put :exec
-- in account @id, scan @id, host @id
INSERT INTO scan_host (scan, host, account) VALUES (:scan, :host, :account) ON CONFLICT (scan, host) DO NOTHING;
