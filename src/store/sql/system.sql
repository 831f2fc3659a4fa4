-- name meta_get :one (value @text)
-- in name @text
SELECT value FROM meta WHERE name = :name;

-- name meta_put :exec
-- in name @text, value @text
INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- the highest time seen never goes back
-- name meta_time_high :exec
-- in value @text
INSERT INTO meta (name, value) VALUES ('time-high', :value)
ON CONFLICT (name) DO UPDATE SET value = CASE WHEN CAST(meta.value AS BIGINT) < CAST(excluded.value AS BIGINT) THEN excluded.value ELSE meta.value END;

-- name node_put :int
-- in name @text, now @int
INSERT INTO node (name, heartbeat_ms, clock_ms) VALUES (:name, :now, :now)
ON CONFLICT (name) DO UPDATE SET heartbeat_ms = excluded.heartbeat_ms, clock_ms = excluded.clock_ms
RETURNING id;

-- row job (id @id, node @id, account @id, kind @int, object @id, state @int, run_at_ms @int, attempts @int, lease_until_ms @int, error_code @text, error_text @text, created_ms @int, done_ms @int)
-- name job_get :one job
-- in account @id, id @id
SELECT id, node, account, kind, object, state, run_at_ms, attempts, lease_until_ms, error_code, error_text, created_ms, done_ms
FROM job WHERE account = :account AND id = :id;

-- name job_list :many job
-- in account @id, before @id, n @int
SELECT id, node, account, kind, object, state, run_at_ms, attempts, lease_until_ms, error_code, error_text, created_ms, done_ms
FROM job WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- one that is running just now is noted to run once more; one that is wanted sooner begins its attempts anew
-- name job_put :int
-- in node @id, account @id, kind @int, object @id, run_at_ms @int, now @int
INSERT INTO job (node, account, kind, object, state, run_at_ms, attempts, lease_until_ms, again, error_code, error_text, created_ms, done_ms)
VALUES (:node, :account, :kind, :object, 0, :run_at_ms, 0, 0, 0, '', '', :now, 0)
ON CONFLICT (kind, object) WHERE state < 2 DO UPDATE SET again = job.state, attempts = CASE WHEN job.state = 0 AND job.run_at_ms > excluded.run_at_ms THEN 0 ELSE job.attempts END, run_at_ms = CASE WHEN job.run_at_ms > excluded.run_at_ms THEN excluded.run_at_ms ELSE job.run_at_ms END
RETURNING id;

-- when the next attempt is due
-- name job_run_at :int
-- in kind @int, object @id
SELECT run_at_ms FROM job WHERE kind = :kind AND object = :object AND state < 2;

-- name job_due :many job
-- in now @int, n @int
SELECT id, node, account, kind, object, state, run_at_ms, attempts, lease_until_ms, error_code, error_text, created_ms, done_ms
FROM job WHERE state = 0 AND run_at_ms <= :now ORDER BY run_at_ms LIMIT :n;

-- running ones whose lease ran out
-- name job_lapsed :many job
-- in now @int, n @int
SELECT id, node, account, kind, object, state, run_at_ms, attempts, lease_until_ms, error_code, error_text, created_ms, done_ms
FROM job WHERE state = 1 AND lease_until_ms < :now ORDER BY run_at_ms LIMIT :n;

-- name job_take :exec
-- in id @id, state @int, attempts @int, node @id, lease_until_ms @int
UPDATE job SET state = 1, node = :node, attempts = attempts + 1, lease_until_ms = :lease_until_ms
WHERE id = :id AND state = :state AND attempts = :attempts;

-- what a process of this node had in hand when it died
-- whole: as many run as there are workers
-- name job_release :exec
-- in node @id
UPDATE job SET state = 0, lease_until_ms = 0 WHERE state = 1 AND node = :node;

-- what waited for something that is there now
-- name job_hurry :exec
-- in kind @int, now @int
UPDATE job SET run_at_ms = :now WHERE kind = :kind AND state = 0 AND run_at_ms > :now;

-- what was wanted once more meanwhile does not wait
-- name job_again :exec
-- in id @id, run_at_ms @int, error_code @text, error_text @text
UPDATE job SET state = 0, run_at_ms = CASE WHEN again = 1 THEN run_at_ms ELSE :run_at_ms END, attempts = CASE WHEN again = 1 THEN 0 ELSE attempts END, again = 0, lease_until_ms = 0, error_code = :error_code, error_text = :error_text
WHERE id = :id AND state = 1;

-- name job_end :exec
-- in id @id, state @int, error_code @text, error_text @text, now @int
UPDATE job SET state = CASE WHEN again = 1 THEN 0 ELSE :state END, again = 0, lease_until_ms = 0, error_code = :error_code, error_text = :error_text, done_ms = :now
WHERE id = :id AND state < 2;

-- the act itself ends its job: nothing is left to do
-- name job_end_for :exec
-- in kind @int, object @id, now @int
UPDATE job SET state = 2, lease_until_ms = 0, done_ms = :now WHERE kind = :kind AND object = :object AND state < 2;

-- name job_sweep :exec
-- in before @int
DELETE FROM job WHERE state >= 2 AND done_ms < :before;

-- name audit_head_get :one (seq @int, hash @blob)
-- in node @id, lane @int
SELECT seq, hash FROM audit WHERE node = :node AND lane = :lane ORDER BY seq DESC LIMIT 1;

-- name audit_insert :later
-- in node @id, lane @int, seq @int, at_ms @int, account @id, user_id @id, act @text, object @text, object_id @id, detail @text, hash @blob
INSERT INTO audit (node, lane, seq, at_ms, account, user_id, act, object, object_id, detail, hash)
VALUES (:node, :lane, :seq, :at_ms, :account, :user_id, :act, :object, :object_id, :detail, :hash);

-- row audit (node @id, lane @int, seq @int, at_ms @int, account @id, user_id @id, act @text, object @text, object_id @id, detail @text, hash @blob)
-- a page of them ends with a whole millisecond: several rows of one transaction have the same time
-- name audit_list :many audit
-- in account @id, before_ms @int, n @int
SELECT node, lane, seq, at_ms, account, user_id, act, object, object_id, detail, hash
FROM audit WHERE account = :account AND at_ms < :before_ms ORDER BY at_ms DESC, node, lane, seq DESC LIMIT :n;

-- name audit_list_at :many audit
-- in account @id, at_ms @int, n @int
SELECT node, lane, seq, at_ms, account, user_id, act, object, object_id, detail, hash
FROM audit WHERE account = :account AND at_ms = :at_ms ORDER BY node, lane, seq DESC LIMIT :n;

-- whole: every row is asked for
-- name audit_chain :each audit
SELECT node, lane, seq, at_ms, account, user_id, act, object, object_id, detail, hash FROM audit ORDER BY node, lane, seq;

-- the last row of each lane (DB_LANES_MAX)
-- whole: a head per node and lane
-- name audit_heads :many (node @id, lane @int, seq @int, hash @blob)
WITH RECURSIVE l (node, lane) AS (SELECT id, CAST(0 AS @int) FROM node UNION ALL SELECT node, lane + 1 FROM l WHERE lane < 63)
SELECT l.node, l.lane, a.seq, a.hash FROM l JOIN audit a ON a.node = l.node AND a.lane = l.lane
	AND a.seq = (SELECT max(b.seq) FROM audit b WHERE b.node = l.node AND b.lane = l.lane)
ORDER BY l.node, l.lane;

-- name audit_checkpoint_insert :exec
-- in node @id, now @int, body @text, signature @blob
INSERT INTO audit_checkpoint (node, at_ms, body, signature) VALUES (:node, :now, :body, :signature);

-- whole: every row is asked for
-- name audit_checkpoints :many (at_ms @int, body @text, signature @blob)
SELECT at_ms, body, signature FROM audit_checkpoint ORDER BY id;

-- row idempotency (request_sha256 @blob, object @text, object_id @id, claim @int, created_ms @int)
-- name idempotency_get :one idempotency
-- in account @id, user_id @id, key @text
SELECT request_sha256, object, object_id, claim, created_ms FROM idempotency WHERE account = :account AND user_id = :user_id AND key = :key;

-- name idempotency_insert :exec
-- in account @id, user_id @id, key @text, request_sha256 @blob, object @text, object_id @id, claim @int, now @int
INSERT INTO idempotency (account, user_id, key, request_sha256, object, object_id, claim, created_ms)
VALUES (:account, :user_id, :key, :request_sha256, :object, :object_id, :claim, :now)
ON CONFLICT (account, user_id, key) DO NOTHING;

-- name idempotency_sweep :exec
-- in before @int
DELETE FROM idempotency WHERE created_ms < :before;

-- name counter_add :later
-- in account @id, name @text, lane @int, by @int
INSERT INTO counter (account, name, lane, value) VALUES (:account, :name, :lane, :by)
ON CONFLICT (account, name, lane) DO UPDATE SET value = counter.value + excluded.value;

-- of one act, several at once; those by 0 are left out. No name stands twice.
-- name counter_add_all :later
-- in account @id, lane @int, name1 @text, by1 @int, name2 @text, by2 @int, name3 @text, by3 @int, name4 @text, by4 @int, name5 @text, by5 @int
INSERT INTO counter (account, name, lane, value)
SELECT :account, v.column1, :lane, v.column2 FROM (VALUES (:name1, :by1), (:name2, :by2), (:name3, :by3), (:name4, :by4), (:name5, :by5)) v
WHERE v.column2 <> 0
ON CONFLICT (account, name, lane) DO UPDATE SET value = counter.value + excluded.value;

-- one thing goes from one count to another
-- name counter_move :later
-- in account @id, old @text, new @text, lane @int
INSERT INTO counter (account, name, lane, value) VALUES (:account, :old, :lane, -1), (:account, :new, :lane, 1)
ON CONFLICT (account, name, lane) DO UPDATE SET value = counter.value + excluded.value;

-- whole: a row per name and lane
-- name counter_sums :many (name @text, value @int)
-- in account @id
SELECT name, CAST(sum(value) AS BIGINT) FROM counter WHERE account = :account GROUP BY name;

-- name expiry_add :later
-- in account @id, state @int, day @int, lane @int, by @int
INSERT INTO expiry_day (account, state, day, lane, value) VALUES (:account, :state, :day, :lane, :by)
ON CONFLICT (account, state, day, lane) DO UPDATE SET value = expiry_day.value + excluded.value;

-- name expiry_between :int
-- in account @id, state @int, from_day @int, to_day @int
SELECT CAST(coalesce(sum(value), 0) AS BIGINT) FROM expiry_day WHERE account = :account AND state = :state AND day >= :from_day AND day <= :to_day;
