-- row payment (id @id, reference @text, account @id, amount @int, currency @text, created_ms @int)
-- the reference is the payment service's own and no account's
-- name payment_get :one payment
-- in reference @text
SELECT id, reference, account, amount, currency, created_ms FROM payment WHERE reference = :reference;

-- name payment_insert :int
-- in reference @text, account @id, amount @int, currency @text, now @int
INSERT INTO payment (reference, account, amount, currency, created_ms) VALUES (:reference, :account, :amount, :currency, :now)
ON CONFLICT (reference) DO NOTHING RETURNING id;

-- row payment_secret (id @id, account @id, seal_id @blob, sealed @blob, created_ms @int)
-- name payment_secret_newest :one payment_secret
SELECT id, account, seal_id, sealed, created_ms FROM payment_secret ORDER BY id DESC LIMIT 1;

-- name payment_secret_get :one payment_secret
-- in id @id
SELECT id, account, seal_id, sealed, created_ms FROM payment_secret WHERE id = :id;

-- name payment_secret_insert :int
-- in account @id, seal_id @blob, sealed @blob, now @int
INSERT INTO payment_secret (account, seal_id, sealed, created_ms) VALUES (:account, :seal_id, :sealed, :now) RETURNING id;
