-- whole: an account submits a handful of times
-- row owner (account @id, account_name @text, site @text, kind @int, name @text, number @text, state @int, version @int, submission @id, note @text, submitted_ms @int, decided_ms @int)
-- name owner_get :one owner
-- in account @id
SELECT a.id, a.name, a.site, a.owner_kind, a.owner_name, a.owner_number, a.owner_state, a.version, coalesce(s.id, 0), coalesce(s.note, ''), coalesce(s.submitted_ms, 0), coalesce(s.decided_ms, 0)
FROM account a LEFT JOIN owner_submission s ON s.account = a.id AND s.id = (SELECT max(l.id) FROM owner_submission l WHERE l.account = :account)
WHERE a.id = :account;

-- of all accounts, for staff
-- name owner_queue :many owner
-- in after @id, n @int
SELECT a.id, a.name, a.site, a.owner_kind, a.owner_name, a.owner_number, a.owner_state, a.version, s.id, s.note, s.submitted_ms, s.decided_ms
FROM owner_submission s JOIN account a ON a.id = s.account WHERE s.state = 1 AND s.id > :after ORDER BY s.id LIMIT :n;

-- other accounts that give the same kind and number, verified or not
-- row owner_twin (account @id, account_name @text, site @text, name @text, state @int)
-- name owner_twins :many owner_twin
-- in account @id, n @int
SELECT b.id, b.name, b.site, b.owner_name, b.owner_state
FROM account a JOIN account b ON b.owner_kind = a.owner_kind AND b.owner_number_norm = a.owner_number_norm AND b.id <> a.id
WHERE a.id = :account AND a.owner_number_norm <> '' ORDER BY b.id LIMIT :n;

-- name owner_put :exec
-- in account @id, state @int, kind @int, name @text, number @text, number_norm @text
UPDATE account SET owner_kind = :kind, owner_name = :name, owner_number = :number, owner_number_norm = :number_norm, version = version + 1
WHERE id = :account AND owner_state = :state;

-- name owner_move :exec
-- in account @id, from @int, to @int
UPDATE account SET owner_state = :to, version = version + 1 WHERE id = :account AND owner_state = :from;

-- name owner_submission_insert :int
-- in account @id, kind @int, name @text, number @text, by_user @id, now @int
INSERT INTO owner_submission (account, kind, name, number, state, note, by_user, submitted_ms, decided_by, decided_ms)
VALUES (:account, :kind, :name, :number, 1, '', :by_user, :now, 0, 0)
RETURNING id;

-- whole: an account's submissions, a handful
-- name owner_submission_decide :exec
-- in account @id, state @int, note @text, by_user @id, now @int
UPDATE owner_submission SET state = :state, note = :note, decided_by = :by_user, decided_ms = :now
WHERE account = :account AND state = 1;
