-- whole: a handful of rows are changed by operators
-- row operator_policy (id @id, name @text, from_ms @int, value @int, by_user @id, since_ms @int)
-- name operator_policy_all :many operator_policy
SELECT id, name, from_ms, value, by_user, since_ms FROM operator_policy ORDER BY name, from_ms;

-- name operator_policy_put :int
-- in name @text, from_ms @int, value @int, by_user @id, now @int
INSERT INTO operator_policy (name, from_ms, value, by_user, since_ms) VALUES (:name, :from_ms, :value, :by_user, :now)
ON CONFLICT (name, from_ms) DO UPDATE SET value = excluded.value, by_user = excluded.by_user, since_ms = excluded.since_ms
RETURNING id;

-- name operator_policy_drop :exec
-- in name @text
DELETE FROM operator_policy WHERE name = :name;
