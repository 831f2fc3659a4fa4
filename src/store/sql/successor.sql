-- Subscriptions that follow another one: not_activated, assigned or active (the states 1 to 3).

-- whoever looks whether something may follow it, or closes it, has it to himself until the end of the transaction
-- name subscription_hold :exec
-- in account @id, id @id
UPDATE subscription SET changed_ms = changed_ms WHERE id = :id AND +account = :account;

-- name successor_of :int
-- in account @id, predecessor @id
SELECT id FROM subscription WHERE predecessor = :predecessor AND +account = :account AND predecessor > 0 AND state > 0 AND state < 4;

-- those whose time has come
-- name successor_due :many (account @id, id @id)
-- in now @int, n @int
SELECT account, id FROM subscription WHERE state = 1 AND activates_ms <= :now ORDER BY activates_ms LIMIT :n;

-- the one before it has ended earlier than it was to
-- name successor_wake :later
-- in account @id, predecessor @id, now @int
UPDATE subscription SET activates_ms = :now
WHERE predecessor = :predecessor AND +account = :account AND predecessor > 0 AND state > 0 AND state < 4 AND state = 1 AND activates_ms > :now;

-- quota again: it follows nobody
-- name successor_forget :exec
-- in account @id, id @id
UPDATE subscription SET predecessor = 0, activates_ms = 0 WHERE id = :id AND +account = :account AND +state = 0;

-- whose names and applicant it takes over
-- name successor_model :int
-- in account @id, subscription @id
SELECT id FROM application WHERE subscription = :subscription AND +account = :account AND state = 5 ORDER BY id DESC LIMIT 1;
