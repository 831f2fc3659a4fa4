-- The statements of the contract suite: each kind of block once, each type of column.
-- row thing (id @id, num @int, name @text, data @blob)

-- name thing_add :int
-- in num @int, name @text, data @blob
INSERT INTO thing (num, name, data) VALUES (:num, :name, :data) RETURNING id;

-- name thing_get :one thing
-- in id @id
SELECT id, num, name, data FROM thing WHERE id = :id;

-- name thing_list :many thing
SELECT id, num, name, data FROM thing ORDER BY id;

-- name thing_walk :each thing
-- in least @int
SELECT id, num, name, data FROM thing WHERE num >= :least ORDER BY id;

-- name thing_by_name :many (id @id, upper @text)
-- in name @text
SELECT id, upper(name) AS upper FROM thing WHERE name >= :name AND name < :name || 'zzz' ORDER BY name;

-- name thing_move :exec
-- in id @id, old @int, new @int
UPDATE thing SET num = :new WHERE id = :id AND num = :old;

-- name thing_unique :exec
-- in key @text, val @int
INSERT INTO thing_key (key, val) VALUES (:key, :val);

-- name thing_unique_later :later
-- in key @text, val @int
INSERT INTO thing_key (key, val) VALUES (:key, :val);

-- name thing_key_must :must
-- in key @text, old @int, new @int
UPDATE thing_key SET val = :new WHERE key = :key AND val = :old;

-- name thing_upsert :exec
-- in key @text, val @int
INSERT INTO thing_key (key, val) VALUES (:key, :val) ON CONFLICT (key) DO NOTHING;

-- name thing_key_count :int
SELECT count(*) FROM thing_key;

-- name thing_fill :exec
-- in n @int, name @text
INSERT INTO thing (num, name) WITH RECURSIVE c (i) AS (SELECT CAST(1 AS @int) UNION ALL SELECT i + 1 FROM c WHERE i < :n)
SELECT i, :name FROM c;

-- name thing_count :int
SELECT count(*) FROM thing;

-- name thing_sum :int
SELECT CAST(sum(num) AS BIGINT) FROM thing;

-- name counter_add :exec
-- in key @int, n @int
UPDATE counter SET n = n + :n WHERE key = :key;

-- name counter_get :int
-- in key @int
SELECT n FROM counter WHERE key = :key;

-- name counter_sum :int
SELECT CAST(sum(n) AS BIGINT) FROM counter;

-- name counter_set :int
-- in key @int, n @int
INSERT INTO counter (key, n) VALUES (:key, :n) ON CONFLICT (key) DO UPDATE SET n = :n RETURNING n;

-- name child_add :exec
-- in parent @id
INSERT INTO child (parent) VALUES (nullif(:parent, 0));

-- name child_count :int
SELECT count(*) FROM child;

-- name literal :one (a @int, b @text, c @int, d @text)
-- in x @int
SELECT :x AS a, ':x ''?1 $1' AS b, CAST(:x AS @int) + 1 AS c, 'sqlite' AS d;
-- pgsql: a twin, to see that each engine gets its own
SELECT :x AS a, ':x ''?1 $1' AS b, CAST(:x AS @int) + 1 AS c, 'postgresql' AS d;

-- name broken :exec
UPDATE nowhere SET x = 1;

-- name wrong_type :int
SELECT name FROM thing LIMIT 1;
