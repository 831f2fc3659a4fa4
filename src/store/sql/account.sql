-- row account (id @id, site @text, name @text, operator @int, owner_kind @int, owner_name @text, owner_number @text, owner_state @int, currency @text, balance @int, created_ms @int, version @int)
-- name account_get :one account
-- in id @id
SELECT id, site, name, operator, owner_kind, owner_name, owner_number, owner_state, currency, balance, created_ms, version
FROM account WHERE id = :id;

-- name account_by_name :one account
-- in site @text, name @text
SELECT id, site, name, operator, owner_kind, owner_name, owner_number, owner_state, currency, balance, created_ms, version
FROM account WHERE site = :site AND name = :name;

-- name account_operator :one account
SELECT id, site, name, operator, owner_kind, owner_name, owner_number, owner_state, currency, balance, created_ms, version
FROM account WHERE operator = 1 ORDER BY id LIMIT 1;

-- name account_list :many account
-- in after @id, n @int
SELECT id, site, name, operator, owner_kind, owner_name, owner_number, owner_state, currency, balance, created_ms, version
FROM account WHERE id > :after ORDER BY id LIMIT :n;

-- name account_insert :int
-- in site @text, name @text, operator @int, owner_kind @int, owner_name @text, owner_number @text, owner_number_norm @text, currency @text, now @int
INSERT INTO account (site, name, operator, owner_kind, owner_name, owner_number, owner_number_norm, owner_state, currency, balance, created_ms, version)
VALUES (:site, :name, :operator, :owner_kind, :owner_name, :owner_number, :owner_number_norm, 0, :currency, 0, :now, 1)
RETURNING id;

-- whoever decides by what all the account's rows of a kind say together (the last owner, the most there may be) has the
-- account to himself until the end of the transaction
-- name account_hold :exec
-- in id @id
UPDATE account SET balance = balance WHERE id = :id;

-- name account_credit :int
-- in id @id, amount @int
UPDATE account SET balance = balance + :amount WHERE id = :id RETURNING balance;

-- name account_debit :int
-- in id @id, amount @int
UPDATE account SET balance = balance - :amount WHERE id = :id AND balance >= :amount RETURNING balance;

-- row users (id @id, account @id, name @text, role @int, email @text, password_hash @text, disabled @int, created_ms @int, version @int, email_confirmed_ms @int)
-- name users_get :one users
-- in account @id, id @id
SELECT id, account, name, role, email, password_hash, disabled, created_ms, version, email_confirmed_ms
FROM users WHERE account = :account AND id = :id;

-- name users_by_name :one users
-- in account @id, name @text
SELECT id, account, name, role, email, password_hash, disabled, created_ms, version, email_confirmed_ms
FROM users WHERE account = :account AND name = :name;

-- whole: an account has a handful of users
-- name users_list :many users
-- in account @id, after @id, n @int
SELECT id, account, name, role, email, password_hash, disabled, created_ms, version, email_confirmed_ms
FROM users WHERE account = :account AND id > :after ORDER BY id LIMIT :n;

-- name users_insert :int
-- in account @id, name @text, role @int, email @text, password_hash @text, now @int
INSERT INTO users (account, name, role, email, password_hash, disabled, created_ms, changed_ms, version)
VALUES (:account, :name, :role, :email, :password_hash, 0, :now, :now, 1)
RETURNING id;

-- name users_set_password :exec
-- in account @id, id @id, password_hash @text, now @int
UPDATE users SET password_hash = :password_hash, changed_ms = :now, version = version + 1
WHERE account = :account AND id = :id;

-- a sign-in with this password: whoever changes it, or the user's rights, comes before or after; 0: it was changed
-- name users_hold :exec
-- in account @id, id @id, password_hash @text
UPDATE users SET version = version WHERE account = :account AND id = :id AND password_hash = :password_hash AND disabled = 0;

-- name users_update :exec
-- in account @id, id @id, version @int, role @int, email @text, disabled @int, now @int
UPDATE users SET email_confirmed_ms = CASE WHEN email = :email THEN email_confirmed_ms ELSE 0 END, role = :role, email = :email, disabled = :disabled, changed_ms = :now, version = version + 1
WHERE account = :account AND id = :id AND version = :version;

-- whole: an account has a handful of users
-- name users_owners :int
-- in account @id
SELECT count(*) FROM users WHERE account = :account AND disabled = 0 AND role IN (0, 3);

-- row access_key (id @id, account @id, user_id @id, key_id @text, secret_sha256 @blob, disabled @int, created_ms @int, role @int, user_disabled @int)
-- name access_key_by_key :one access_key
-- in key_id @text
SELECT k.id, k.account, k.user_id, k.key_id, k.secret_sha256, k.disabled, k.created_ms, u.role, u.disabled
FROM access_key k JOIN users u ON u.id = k.user_id AND u.account = k.account
WHERE k.key_id = :key_id;

-- whole: an account has a handful of keys
-- name access_key_list :many access_key
-- in account @id, after @id, n @int
SELECT k.id, k.account, k.user_id, k.key_id, k.secret_sha256, k.disabled, k.created_ms, u.role, u.disabled
FROM access_key k JOIN users u ON u.id = k.user_id AND u.account = k.account
WHERE k.account = :account AND k.id > :after ORDER BY k.id LIMIT :n;

-- name access_key_insert :int
-- in account @id, user_id @id, key_id @text, secret_sha256 @blob, seal_id @blob, sealed @blob, now @int
INSERT INTO access_key (account, user_id, key_id, secret_sha256, seal_id, sealed, disabled, created_ms)
VALUES (:account, :user_id, :key_id, :secret_sha256, :seal_id, :sealed, 0, :now)
RETURNING id;

-- name access_key_delete :exec
-- in account @id, id @id
DELETE FROM access_key WHERE account = :account AND id = :id;

-- name access_key_delete_of_user :exec
-- in account @id, user_id @id
DELETE FROM access_key WHERE account = :account AND user_id = :user_id;

-- row session (account @id, user_id @id, expires_ms @int, role @int, disabled @int, created_ms @int)
-- name session_get :one session
-- in token_sha256 @blob
SELECT s.account, s.user_id, s.expires_ms, u.role, u.disabled, s.created_ms
FROM session s JOIN users u ON u.id = s.user_id AND u.account = s.account
WHERE s.token_sha256 = :token_sha256;

-- name session_insert :exec
-- in token_sha256 @blob, account @id, user_id @id, now @int, expires_ms @int
INSERT INTO session (token_sha256, account, user_id, created_ms, expires_ms)
VALUES (:token_sha256, :account, :user_id, :now, :expires_ms);

-- name session_use :exec
-- in account @id, token_sha256 @blob, expires_ms @int
UPDATE session SET expires_ms = :expires_ms
WHERE account = :account AND token_sha256 = :token_sha256 AND expires_ms < :expires_ms;

-- name session_delete :exec
-- in account @id, token_sha256 @blob
DELETE FROM session WHERE account = :account AND token_sha256 = :token_sha256;

-- name session_delete_of_user :exec
-- in account @id, user_id @id
DELETE FROM session WHERE account = :account AND user_id = :user_id;

-- name session_sweep :exec
-- in now @int
DELETE FROM session WHERE expires_ms < :now;

-- row throttle (failures @int, last_ms @int, until_ms @int)
-- name throttle_get :one throttle
-- in name @text
SELECT failures, last_ms, until_ms FROM throttle WHERE name = :name;

-- one failure more, of those that follow each other; counted in the row, because several fail at the same moment
-- name throttle_count :int
-- in name @text, since_ms @int, now @int
INSERT INTO throttle (name, failures, last_ms, until_ms) VALUES (:name, 1, :now, 0)
ON CONFLICT (name) DO UPDATE SET failures = CASE WHEN throttle.last_ms < :since_ms THEN 1 ELSE throttle.failures + 1 END, last_ms = excluded.last_ms
RETURNING failures;

-- name throttle_until :exec
-- in name @text, until_ms @int
UPDATE throttle SET until_ms = :until_ms WHERE name = :name;

-- name throttle_clear :exec
-- in name @text
DELETE FROM throttle WHERE name = :name;

-- whole: a row lives for minutes, so the table is what tried lately
-- name throttle_sweep :exec
-- in before @int
DELETE FROM throttle WHERE last_ms < :before;
