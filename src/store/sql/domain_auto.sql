-- row domain_auto (domain @id, account @id, product @id, application @id, error_code @text, error_text @text, looked_ms @int, since_ms @int)
-- name domain_auto_get :one domain_auto
-- in account @id, domain @id
SELECT domain, account, product, application, error_code, error_text, looked_ms, since_ms
FROM domain_auto WHERE account = :account AND domain = :domain;

-- anew, unless it has come to another application than the one that was seen
-- name domain_auto_put :exec
-- in account @id, domain @id, product @id, seen @id, now @int
INSERT INTO domain_auto (domain, account, product, application, error_code, error_text, looked_ms, since_ms)
VALUES (:domain, :account, :product, 0, '', '', 0, :now)
ON CONFLICT (domain) DO UPDATE SET product = excluded.product, application = 0, error_code = '', error_text = '', looked_ms = 0, since_ms = excluded.since_ms
WHERE domain_auto.application = :seen;

-- the one application: whoever comes second finds it taken
-- name domain_auto_link :exec
-- in account @id, domain @id, application @id
UPDATE domain_auto SET application = :application, error_code = '', error_text = ''
WHERE account = :account AND domain = :domain AND application = 0;

-- name domain_auto_looked :exec
-- in account @id, domain @id, error_code @text, error_text @text, now @int
UPDATE domain_auto SET error_code = :error_code, error_text = :error_text, looked_ms = :now
WHERE account = :account AND domain = :domain AND application = 0;

-- name domain_auto_delete :exec
-- in account @id, domain @id
DELETE FROM domain_auto WHERE account = :account AND domain = :domain;

-- name domain_auto_of_account :many (domain @id)
-- in account @id, n @int
SELECT domain FROM domain_auto WHERE account = :account AND application = 0 ORDER BY domain LIMIT :n;

-- those that wait, the longest unseen first; after a fault with a longer pause
-- name domain_auto_due :many (domain @id, account @id)
-- in seen_before @int, failed_before @int, n @int
SELECT domain, account FROM domain_auto
WHERE application = 0 AND looked_ms < :seen_before AND (error_code = '' OR looked_ms < :failed_before) ORDER BY looked_ms LIMIT :n;
