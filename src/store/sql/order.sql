-- The newest application of an order, and its status (enum order_status). After each move of either, in its transaction; the
-- order is named by its own number or by an application of it, the other is 0.
-- name order_settle :later
-- in account @id, id @id, application @id
UPDATE subscription SET
	application = coalesce((SELECT max(a.id) FROM application a WHERE a.subscription = subscription.id AND a.state <> 9), 0),
	status = CASE state WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 4 THEN 7 WHEN 5 THEN 8 WHEN 7 THEN 8 WHEN 6 THEN 9
		ELSE coalesce((SELECT CASE WHEN a.state IN (1, 2) THEN 3 WHEN a.state IN (3, 4) THEN 4 WHEN a.state = 6 THEN 5
				WHEN a.state = 5 OR subscription.state = 3 THEN 6 ELSE 2 END
			FROM application a WHERE a.subscription = subscription.id AND a.state <> 9 ORDER BY a.id DESC LIMIT 1),
			CASE state WHEN 3 THEN 6 ELSE 2 END) END
WHERE id = coalesce((SELECT k.subscription FROM application k WHERE k.id = :application AND +k.account = :account), :id) AND +account = :account;

-- ids grow with time: between which ones the orders of a time are, give or take those that were made at once
-- name order_since :int
-- in account @id, at @int
SELECT id FROM subscription WHERE account = :account AND created_ms >= :at ORDER BY created_ms, id LIMIT 1;

-- name order_until :int
-- in account @id, at @int
SELECT id FROM subscription WHERE account = :account AND created_ms <= :at ORDER BY created_ms DESC, id DESC LIMIT 1;

-- One page, newest first. `way` says which index finds it: 0 all, 1 status, 2 product, 3 both, 4 names between two, 5 the name
-- of a subscription; the other branches cost nothing. Of names, the first thousand count. A page has at most 200 rows: the bound
-- stands as a number, because PostgreSQL plans a hidden one for a tenth of the table.
-- + keeps out an index that a planner takes for as good.
-- row order_line (id @id, instance_id @text, state @int, status @int, n_common @int, n_wildcard @int, price @int, window_end_ms @int, first_issued_ms @int, paid_until_ms @int, created_ms @int, product_code @text, product_type @int, bill @id, bill_state @int, bill_paid_ms @int, application @id, application_state @int, method @int, n_names @int, failure_code @text, failure_text @text, deadline_ms @int, certificate @id, certificate_state @int, name @text, next_check_ms @int, review_since_ms @int, asked @int, submitted @int, n_merged @int, predecessor @id, successor @id, activates_ms @int, not_after_ms @int)
-- name order_page :many order_line
-- in way @int, account @id, min @id, before @id, status @int, product @id, from_name @text, to_name @text, since_ms @int, until_ms @int, n @int
SELECT s.id, s.instance_id, s.state, s.status, s.n_common, s.n_wildcard, s.price, s.window_end_ms, s.first_issued_ms, s.paid_until_ms, s.created_ms, p.code, p.type, s.bill,
	coalesce(b.state, 0), coalesce(b.paid_ms, 0), s.application, coalesce(a.state, 0), coalesce(a.method, 0), coalesce(a.n_names, 0), coalesce(a.failure_code, ''), coalesce(a.failure_text, ''), coalesce(a.deadline_ms, 0),
	coalesce((SELECT max(x.certificate) FROM application x WHERE x.subscription = s.id), 0),
	coalesce((SELECT c.state FROM certificate c WHERE c.id = (SELECT max(x.certificate) FROM application x WHERE x.subscription = s.id)), 0),
	coalesce((SELECT n.ascii FROM application_name n WHERE n.application = s.application AND n.ord = 0), ''),
	coalesce((SELECT j.run_at_ms FROM job j WHERE j.kind = 0 AND j.object = s.application AND j.state < 2), 0),
	coalesce((SELECT r.since_ms FROM review r WHERE r.application = s.application AND r.state = 0), 0),
	coalesce((SELECT m.staff FROM review_message m WHERE m.account = s.account AND m.application = s.application ORDER BY m.id DESC LIMIT 1), 0),
	(SELECT count(*) FROM application x WHERE x.subscription = s.id AND x.submitted_ms > 0), s.n_merged,
	s.predecessor, coalesce((SELECT x.id FROM subscription x WHERE x.predecessor = s.id AND x.predecessor > 0 AND x.state > 0 AND x.state < 4), 0), s.activates_ms,
	coalesce((SELECT c.not_after_ms FROM certificate c WHERE c.id = (SELECT max(x.certificate) FROM application x WHERE x.subscription = s.id)), 0)
FROM (SELECT id FROM (
	SELECT id FROM (SELECT q.id FROM subscription q WHERE :way = 0 AND q.account = :account + 0 AND q.id < :before AND q.id >= :min
		AND +q.created_ms >= :since_ms AND +q.created_ms <= :until_ms ORDER BY q.id DESC LIMIT 201) w0
	UNION ALL
	SELECT id FROM (SELECT q.id FROM subscription q WHERE :way = 1 AND q.account = :account + 0 AND q.status = :status + 0 AND q.id < :before AND q.id >= :min
		AND +q.created_ms >= :since_ms AND +q.created_ms <= :until_ms ORDER BY q.id DESC LIMIT 201) w1
	UNION ALL
	SELECT id FROM (SELECT q.id FROM subscription q WHERE :way = 2 AND q.account = :account + 0 AND q.product = :product + 0 AND q.id < :before AND q.id >= :min
		AND +q.created_ms >= :since_ms AND +q.created_ms <= :until_ms ORDER BY q.id DESC LIMIT 201) w2
	UNION ALL
	SELECT id FROM (SELECT q.id FROM subscription q WHERE :way = 3 AND q.account = :account + 0 AND q.product = :product + 0 AND q.status = :status + 0 AND q.id < :before AND q.id >= :min
		AND +q.created_ms >= :since_ms AND +q.created_ms <= :until_ms ORDER BY q.id DESC LIMIT 201) w3
	UNION ALL
	SELECT q.id FROM (SELECT DISTINCT k.subscription FROM (SELECT n.application FROM application_name n WHERE n.account = :account AND n.ascii >= :from_name AND n.ascii <= :to_name ORDER BY n.ascii, n.application LIMIT 1000) h
			JOIN application k ON k.id = h.application WHERE k.state <> 9) g JOIN subscription q ON q.id = g.subscription
		WHERE :way = 4 AND +q.account = :account AND +q.id < :before AND +q.id >= :min
		AND (:status < 0 OR q.status = :status) AND (:product = 0 OR q.product = :product) AND +q.created_ms >= :since_ms AND +q.created_ms <= :until_ms
	UNION ALL
	SELECT q.id FROM subscription q WHERE :way = 5 AND q.instance_id = :from_name AND +q.account = :account AND +q.id < :before AND +q.id >= :min
		AND (:status < 0 OR q.status = :status) AND (:product = 0 OR q.product = :product) AND +q.created_ms >= :since_ms AND +q.created_ms <= :until_ms
) u ORDER BY id DESC LIMIT :n) w JOIN subscription s ON s.id = w.id JOIN product p ON p.id = s.product LEFT JOIN bill b ON b.id = s.bill AND b.account = s.account LEFT JOIN application a ON a.id = s.application AND +a.account = s.account
ORDER BY s.id DESC;
