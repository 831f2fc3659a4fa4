-- Reviewers work across accounts: what they read by a review's own number needs no account; what a tenant reads does.

-- row review (id @id, account @id, application @id, state @int, held @text, since_ms @int, reminded_ms @int, claimed_by @id, claimed_ms @int, approved_by @id, approved_ms @int, decided_by @id, decided_ms @int, reason @text, note @text)
-- name review_get :one review
-- in id @id
SELECT id, account, application, state, held, since_ms, reminded_ms, claimed_by, claimed_ms, approved_by, approved_ms, decided_by, decided_ms, reason, note
FROM review WHERE id = :id;

-- name review_open :one review
-- in account @id, application @id
SELECT id, account, application, state, held, since_ms, reminded_ms, claimed_by, claimed_ms, approved_by, approved_ms, decided_by, decided_ms, reason, note
FROM review WHERE application = :application AND account = :account AND state = 0;

-- row review_line (id @id, account @id, application @id, state @int, held @text, since_ms @int, reminded_ms @int, claimed_by @id, approved_by @id, decided_ms @int, reason @text, account_name @text, product_code @text, product_type @int, name @text, n_names @int, claimed_name @text)
-- name review_list :many review_line
-- in state @int, after @id, n @int
SELECT r.id, r.account, r.application, r.state, r.held, r.since_ms, r.reminded_ms, r.claimed_by, r.approved_by, r.decided_ms, r.reason, c.name, p.code, p.type,
	coalesce((SELECT m.ascii FROM application_name m WHERE m.application = r.application AND +m.account = r.account AND m.ord = 0), ''), a.n_names,
	coalesce((SELECT u.name FROM users u WHERE u.id = r.claimed_by), '')
FROM review r JOIN application a ON a.id = r.application AND +a.account = r.account JOIN account c ON c.id = r.account JOIN product p ON p.id = a.product
WHERE r.state = :state AND r.id > :after ORDER BY r.id LIMIT :n;

-- the same company with the same facts, found right by a reviewer before
-- name review_company_verified :one (application @id, decided_ms @int)
-- in account @id, application @id, since @int
SELECT r.application, r.decided_ms
FROM application_company n JOIN application_company o ON o.account = n.account AND o.number = n.number JOIN review r ON r.account = +o.account AND r.application = +o.application
WHERE n.application = :application AND +n.account = :account AND o.application <> n.application AND o.name = n.name AND o.country = n.country AND o.province = n.province
	AND o.city = n.city AND o.address = n.address AND +r.state = 1 AND +r.decided_ms > :since
ORDER BY r.decided_ms DESC LIMIT 1;

-- whole: counted in the index
-- name review_count :int
-- in state @int
SELECT count(*) FROM review WHERE state = :state;

-- how long the last hundred waited
-- name review_average_wait :int
SELECT CAST(coalesce(avg(wait), 0) AS BIGINT) FROM (SELECT decided_ms - since_ms AS wait FROM review WHERE decided_by > 0 ORDER BY decided_ms DESC LIMIT 100) w;

-- name review_insert :int
-- in account @id, application @id, held @text, now @int
INSERT INTO review (account, application, state, held, since_ms, reminded_ms, claimed_by, claimed_ms, approved_by, approved_ms, decided_by, decided_ms, reason, note)
VALUES (:account, :application, 0, :held, :now, 0, 0, 0, 0, 0, 0, 0, '', '')
RETURNING id;

-- name review_claim :exec
-- in id @id, old @id, new @id, now @int
UPDATE review SET claimed_by = :new, claimed_ms = :now WHERE id = :id AND state = 0 AND claimed_by = :old;

-- the first of two approvals; the second is another person's, who claims it anew
-- name review_approve_first :exec
-- in id @id, user_id @id, now @int
UPDATE review SET approved_by = :user_id, approved_ms = :now, claimed_by = 0, claimed_ms = 0 WHERE id = :id AND state = 0 AND approved_by = 0;

-- name review_decide :exec
-- in id @id, new @int, user_id @id, reason @text, note @text, now @int
UPDATE review SET state = :new, decided_by = :user_id, decided_ms = :now, reason = :reason, note = :note WHERE id = :id AND state = 0;

-- the application went another way
-- name review_withdraw :exec
-- in account @id, application @id, now @int
UPDATE review SET state = 4, decided_ms = :now WHERE application = :application AND account = :account AND state = 0;

-- name review_remind :exec
-- in account @id, application @id, now @int
UPDATE review SET reminded_ms = :now WHERE application = :application AND account = :account AND state = 0;

-- row review_message (id @id, staff @int, user_id @id, user_name @text, body @text, at_ms @int)
-- name review_message_list :many review_message
-- in account @id, application @id, n @int
SELECT m.id, m.staff, m.user_id, coalesce((SELECT u.name FROM users u WHERE u.id = m.user_id), ''), m.body, m.at_ms
FROM review_message m WHERE m.account = :account AND m.application = :application ORDER BY m.id LIMIT :n;

-- name review_message_insert :exec
-- in account @id, application @id, staff @int, user_id @id, body @text, now @int
INSERT INTO review_message (account, application, staff, user_id, body, at_ms) VALUES (:account, :application, :staff, :user_id, :body, :now);

-- name review_message_count :int
-- in account @id, application @id
SELECT count(*) FROM review_message WHERE account = :account AND application = :application;

-- whether the last word is the reviewer's
-- name review_message_last :one (staff @int)
-- in account @id, application @id
SELECT staff FROM review_message WHERE account = :account AND application = :application ORDER BY id DESC LIMIT 1;

-- row review_call (id @id, user_id @id, user_name @text, callee @text, number @text, source @text, result @int, note @text, called_ms @int, at_ms @int)
-- name review_call_list :many review_call
-- in account @id, application @id, n @int
SELECT k.id, k.user_id, coalesce((SELECT u.name FROM users u WHERE u.id = k.user_id), ''), k.callee, k.number, k.source, k.result, k.note, k.called_ms, k.at_ms
FROM review_call k WHERE k.account = :account AND k.application = :application ORDER BY k.id LIMIT :n;

-- name review_call_insert :exec
-- in account @id, application @id, user_id @id, callee @text, number @text, source @text, result @int, note @text, called_ms @int, now @int
INSERT INTO review_call (account, application, user_id, callee, number, source, result, note, called_ms, at_ms)
VALUES (:account, :application, :user_id, :callee, :number, :source, :result, :note, :called_ms, :now);

-- the last moment until which a waiting review is left alone; not a change that its applicant sees
-- name application_put_off :exec
-- in account @id, id @id, state @int, deadline_ms @int
UPDATE application SET deadline_ms = :deadline_ms WHERE id = :id AND +account = :account AND +state = :state;

-- the last look of this server at the CAA records of each name
-- row caa_last (name @text, base @text, kind @int, ok @int, error_code @text, error_text @text, seen @text, at_ms @int)
-- name caa_last_looks :many caa_last
-- in account @id, application @id
SELECT n.ascii, n.base, n.kind, coalesce(r.ok, 0), coalesce(r.error_code, ''), coalesce(r.error_text, ''), coalesce(r.seen, '[]'), coalesce(r.at_ms, 0)
FROM application_name n LEFT JOIN (SELECT x.name_asked, max(x.id) AS last FROM validation_record x
	WHERE x.account = :account AND x.application = :application AND x.purpose = 1 AND x.perspective = 'local' GROUP BY x.name_asked) g ON g.name_asked = n.ascii
LEFT JOIN validation_record r ON r.id = g.last
WHERE n.application = :application AND +n.account = :account ORDER BY n.ord;
