-- row dns_change (id @id, account @id, application @id, zone @id, name @text, value @text, state @int, attempts @int, retry_ms @int, error_code @text, error_text @text, changed_ms @int)
-- name dns_change_get :one dns_change
-- in account @id, zone @id, name @text, value @text
SELECT id, account, application, zone, name, value, state, attempts, retry_ms, error_code, error_text, changed_ms
FROM dns_change WHERE account = :account AND zone = :zone AND name = :name AND value = :value;

-- one that was removed is wanted again
-- name dns_change_plan :exec
-- in account @id, application @id, zone @id, name @text, value @text, now @int
INSERT INTO dns_change (account, application, zone, name, value, state, attempts, retry_ms, error_code, error_text, created_ms, changed_ms)
VALUES (:account, :application, :zone, :name, :value, 0, 0, 0, '', '', :now, :now)
ON CONFLICT (zone, name, value) DO UPDATE SET state = 0, attempts = 0, retry_ms = 0, error_code = '', error_text = '', changed_ms = excluded.changed_ms WHERE dns_change.state = 4;

-- name dns_change_move :exec
-- in account @id, id @id, old @int, new @int, now @int
UPDATE dns_change SET state = :new, attempts = 0, retry_ms = 0, error_code = '', error_text = '', changed_ms = :now
WHERE account = :account AND id = :id AND state = :old;

-- it is sent now, again or for the first time
-- name dns_change_touch :exec
-- in account @id, id @id, state @int, now @int
UPDATE dns_change SET changed_ms = :now WHERE account = :account AND id = :id AND state = :state;

-- name dns_change_fault :exec
-- in account @id, id @id, state @int, retry_ms @int, error_code @text, error_text @text
UPDATE dns_change SET attempts = attempts + 1, retry_ms = :retry_ms, error_code = :error_code, error_text = :error_text
WHERE account = :account AND id = :id AND state = :state;

-- what no name of a submitted application waits for any more
-- name dns_change_unwanted :many dns_change
-- in account @id, zone @id, now @int, n @int
SELECT d.id, d.account, d.application, d.zone, d.name, d.value, d.state, d.attempts, d.retry_ms, d.error_code, d.error_text, d.changed_ms
FROM dns_change d WHERE +d.account = :account AND d.zone = :zone AND d.state < 4 AND d.retry_ms <= :now
AND NOT EXISTS (SELECT 1 FROM application a JOIN authz z ON z.application = a.id AND +z.account = a.account WHERE a.id = d.application AND +a.account = d.account AND a.state = 1 AND a.method = 0 AND +z.state = 0 AND z.dns_value = d.value)
ORDER BY d.id LIMIT :n;

-- the zones that hold such
-- name dns_change_zones_to_clean :many (account @id, zone @id)
-- in now @int, n @int
SELECT DISTINCT d.account, d.zone FROM dns_change d WHERE d.state < 4 AND d.retry_ms <= :now
AND NOT EXISTS (SELECT 1 FROM application a JOIN authz z ON z.application = a.id AND +z.account = a.account WHERE a.id = d.application AND +a.account = d.account AND a.state = 1 AND a.method = 0 AND +z.state = 0 AND z.dns_value = d.value)
LIMIT :n;

-- name dns_change_zones :many (zone @id)
-- in account @id, application @id
SELECT DISTINCT zone FROM dns_change WHERE account = :account AND application = :application AND state < 4;

-- name dns_change_open_of_zone :int
-- in account @id, zone @id
SELECT application FROM dns_change WHERE +account = :account AND zone = :zone AND state < 4 ORDER BY id LIMIT 1;

-- name dns_change_forget :exec
-- in account @id, zone @id
DELETE FROM dns_change WHERE +account = :account AND zone = :zone AND state = 4;

-- name dns_change_sweep :exec
-- in before @int
DELETE FROM dns_change WHERE state = 4 AND changed_ms < :before;

-- an add came late: what may stand there is removed once more
-- name dns_change_again :exec
-- in account @id, id @id, now @int
UPDATE dns_change SET state = 3, attempts = 0, retry_ms = 0, changed_ms = :now WHERE account = :account AND id = :id AND state IN (3, 4);
