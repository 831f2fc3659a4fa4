-- Staff find a ticket by its own number or in the queue of all accounts; an account finds its own.

-- row ticket (id @id, account @id, user_id @id, kind @int, urgent @int, subject @text, state @int, object @int, object_id @id, queue @int, created_ms @int, since_ms @int, account_name @text)
-- name ticket_get :one ticket
-- in account @id, id @id
SELECT t.id, t.account, t.user_id, t.kind, t.urgent, t.subject, t.state, t.object, t.object_id, t.queue, t.created_ms, t.since_ms, c.name
FROM ticket t JOIN account c ON c.id = t.account WHERE t.account = :account AND t.id = :id;

-- name ticket_account :int
-- in id @id
SELECT account FROM ticket WHERE id = :id;

-- name ticket_list :many ticket
-- in account @id, before @id, n @int
SELECT t.id, t.account, t.user_id, t.kind, t.urgent, t.subject, t.state, t.object, t.object_id, t.queue, t.created_ms, t.since_ms, c.name
FROM ticket t JOIN account c ON c.id = t.account WHERE t.account = :account AND t.id < :before ORDER BY t.id DESC LIMIT :n;

-- name ticket_list_state :many ticket
-- in account @id, state @int, before @id, n @int
SELECT t.id, t.account, t.user_id, t.kind, t.urgent, t.subject, t.state, t.object, t.object_id, t.queue, t.created_ms, t.since_ms, c.name
FROM ticket t JOIN account c ON c.id = t.account WHERE t.account = :account AND t.state = :state AND t.id < :before ORDER BY t.id DESC LIMIT :n;

-- name ticket_queue :many ticket
-- in state @int, after @int, n @int
SELECT t.id, t.account, t.user_id, t.kind, t.urgent, t.subject, t.state, t.object, t.object_id, t.queue, t.created_ms, t.since_ms, c.name
FROM ticket t JOIN account c ON c.id = t.account WHERE t.state = :state AND t.queue > :after ORDER BY t.queue LIMIT :n;

-- whole: counted in the index
-- name ticket_count :int
-- in state @int
SELECT count(*) FROM ticket WHERE state = :state;

-- name ticket_count_alive :int
-- in account @id
SELECT count(*) FROM ticket WHERE account = :account AND state < 2;

-- name ticket_insert :int
-- in account @id, user_id @id, kind @int, urgent @int, subject @text, object @int, object_id @id, now @int
INSERT INTO ticket (account, user_id, kind, urgent, subject, state, object, object_id, queue, created_ms, since_ms)
VALUES (:account, :user_id, :kind, :urgent, :subject, 0, :object, :object_id, 0, :now, :now)
RETURNING id;

-- name ticket_move :exec
-- in account @id, id @id, old @int, new @int, queue @int, now @int
UPDATE ticket SET state = :new, queue = :queue, since_ms = :now WHERE account = :account AND id = :id AND state = :old;

-- row ticket_message (id @id, staff @int, user_id @id, user_name @text, body @text, at_ms @int)
-- name ticket_message_list :many ticket_message
-- in account @id, ticket @id, n @int
SELECT m.id, m.staff, m.user_id, coalesce((SELECT u.name FROM users u WHERE u.id = m.user_id), ''), m.body, m.at_ms
FROM ticket_message m WHERE m.account = :account AND m.ticket = :ticket ORDER BY m.id LIMIT :n;

-- name ticket_message_insert :int
-- in account @id, ticket @id, staff @int, user_id @id, body @text, now @int
INSERT INTO ticket_message (account, ticket, staff, user_id, body, at_ms) VALUES (:account, :ticket, :staff, :user_id, :body, :now)
RETURNING id;

-- name ticket_message_count :int
-- in account @id, ticket @id
SELECT count(*) FROM ticket_message WHERE account = :account AND ticket = :ticket;

-- row ticket_act (id @id, user_id @id, user_name @text, act @int, object @int, object_id @id, note @text, at_ms @int)
-- name ticket_act_list :many ticket_act
-- in account @id, ticket @id, n @int
SELECT k.id, k.user_id, coalesce((SELECT u.name FROM users u WHERE u.id = k.user_id), ''), k.act, k.object, k.object_id, k.note, k.at_ms
FROM ticket_act k WHERE k.account = :account AND k.ticket = :ticket ORDER BY k.id LIMIT :n;

-- name ticket_act_count :int
-- in account @id, ticket @id
SELECT count(*) FROM ticket_act WHERE account = :account AND ticket = :ticket;

-- name ticket_act_insert :exec
-- in account @id, ticket @id, user_id @id, act @int, object @int, object_id @id, note @text, now @int
INSERT INTO ticket_act (account, ticket, user_id, act, object, object_id, note, at_ms)
VALUES (:account, :ticket, :user_id, :act, :object, :object_id, :note, :now);
