-- row revocation (certificate @id, account @id, reason @int, replace_wanted @int, by_user @id, recipient @text, created_ms @int, ends_ms @int)
-- name revocation_get :one revocation
-- in account @id, certificate @id
SELECT certificate, account, reason, replace_wanted, by_user, recipient, created_ms, ends_ms
FROM revocation WHERE account = :account AND certificate = :certificate;

-- name revocation_due :many (certificate @id, account @id)
-- in now @int, n @int
SELECT certificate, account FROM revocation WHERE ends_ms <= :now ORDER BY ends_ms, certificate LIMIT :n;

-- name revocation_insert :exec
-- in certificate @id, account @id, reason @int, replace_wanted @int, by_user @id, recipient @text, now @int, ends_ms @int
INSERT INTO revocation (certificate, account, reason, replace_wanted, by_user, recipient, created_ms, ends_ms)
VALUES (:certificate, :account, :reason, :replace_wanted, :by_user, :recipient, :now, :ends_ms);

-- name revocation_delete :exec
-- in account @id, certificate @id
DELETE FROM revocation WHERE account = :account AND certificate = :certificate;
