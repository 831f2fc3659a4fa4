-- row application (id @id, account @id, subscription @id, product @id, state @int, state_before @int, failure_code @text, failure_text @text, name @text, method @int, key_source @int, key_alg @int, key_id @blob, enc_key_id @blob, spki @blob, csr @blob, cn @text, contact_name @text, contact_email @text, contact_phone @text, profile @text, profile_version @int, must_staple @int, n_names @int, certificate @id, created_ms @int, changed_ms @int, submitted_ms @int, issued_ms @int, deadline_ms @int, version @int)
-- name application_get :one application
-- in account @id, id @id
SELECT id, account, subscription, product, state, state_before, failure_code, failure_text, name, method, key_source, key_alg, key_id, enc_key_id, spki, csr, cn, contact_name, contact_email, contact_phone, profile, profile_version, must_staple, n_names, certificate, created_ms, changed_ms, submitted_ms, issued_ms, deadline_ms, version
FROM application WHERE id = :id AND +account = :account AND state <> 9;

-- whoever writes down what a look found has the application to himself until the end of the transaction
-- name application_hold :exec
-- in account @id, id @id, state @int, version @int
UPDATE application SET version = version WHERE id = :id AND +account = :account AND +state = :state AND version = :version;

-- what issuing needs to know, in a row for each name; left_until: until when the one before it is paid, while it is active
-- row issuing (ord @int, kind @int, ascii @text, unicode @text, base @text, registered @text, companion @int, subscription @id, product @id, state @int, name @text, method @int, key_source @int, key_alg @int, key_id @blob, enc_key_id @blob, spki @blob, cn @text, profile @text, profile_version @int, must_staple @int, product_type @int, subscription_state @int, months @int, paid_until_ms @int, left_until_ms @int, n_reserved @int)
-- name application_issuing :many issuing
-- in account @id, id @id
SELECT n.ord, n.kind, n.ascii, n.unicode, n.base, n.registered, n.companion, a.subscription, a.product, a.state, a.name, a.method, a.key_source, a.key_alg, a.key_id, a.enc_key_id, a.spki, a.cn, a.profile, a.profile_version, a.must_staple, p.type, s.state, s.months, s.paid_until_ms,
	coalesce((SELECT q.paid_until_ms FROM subscription q WHERE q.id = s.predecessor AND +q.account = s.account AND +q.state = 3), 0),
	(SELECT count(*) FROM certificate c WHERE c.application = a.id AND +c.account = a.account AND +c.state = 0 AND c.state <> 6 AND c.application > 0)
FROM application a JOIN subscription s ON s.id = a.subscription AND +s.account = a.account JOIN product p ON p.id = a.product
LEFT JOIN application_name n ON n.application = :id AND +n.account = :account
WHERE a.id = :id AND +a.account = :account AND a.state <> 9 ORDER BY n.ord;

-- name application_list :many application
-- in account @id, before @id, n @int
SELECT id, account, subscription, product, state, state_before, failure_code, failure_text, name, method, key_source, key_alg, key_id, enc_key_id, spki, csr, cn, contact_name, contact_email, contact_phone, profile, profile_version, must_staple, n_names, certificate, created_ms, changed_ms, submitted_ms, issued_ms, deadline_ms, version
FROM application WHERE account = :account + 0 AND id < :before AND state <> 9 ORDER BY id DESC LIMIT :n;

-- name application_list_state :many application
-- in account @id, state @int, before @id, n @int
SELECT id, account, subscription, product, state, state_before, failure_code, failure_text, name, method, key_source, key_alg, key_id, enc_key_id, spki, csr, cn, contact_name, contact_email, contact_phone, profile, profile_version, must_staple, n_names, certificate, created_ms, changed_ms, submitted_ms, issued_ms, deadline_ms, version
FROM application WHERE account = :account + 0 AND state = :state + 0 AND id < :before ORDER BY id DESC LIMIT :n;

-- name application_insert :int
-- in account @id, subscription @id, product @id, name @text, method @int, key_source @int, key_alg @int, spki @blob, csr @blob, cn @text, contact_name @text, contact_email @text, contact_phone @text, profile @text, profile_version @int, must_staple @int, n_names @int, now @int
INSERT INTO application (account, subscription, product, state, state_before, failure_code, failure_text, name, method, key_source, key_alg, key_id, enc_key_id, spki, csr, cn, contact_name, contact_email, contact_phone, company, profile, profile_version, must_staple, n_names, certificate, created_ms, changed_ms, submitted_ms, issued_ms, deadline_ms, version)
VALUES (:account, :subscription, :product, 0, 0, '', '', :name, :method, :key_source, :key_alg, NULL, NULL, :spki, :csr, :cn, :contact_name, :contact_email, :contact_phone, '', :profile, :profile_version, :must_staple, :n_names, 0, :now, :now, 0, 0, 0, 1)
RETURNING id;

-- name application_update :exec
-- in account @id, id @id, version @int, name @text, method @int, key_source @int, key_alg @int, key_id @blob, enc_key_id @blob, spki @blob, csr @blob, cn @text, contact_name @text, contact_email @text, contact_phone @text, must_staple @int, n_names @int, now @int
UPDATE application SET name = :name, method = :method, key_source = :key_source, key_alg = :key_alg, key_id = :key_id, enc_key_id = :enc_key_id, spki = :spki, csr = :csr, cn = :cn, contact_name = :contact_name, contact_email = :contact_email, contact_phone = :contact_phone, must_staple = :must_staple, n_names = :n_names, changed_ms = :now, version = version + 1
WHERE id = :id AND +account = :account AND version = :version AND state = 0;

-- name application_set_method :exec
-- in account @id, id @id, version @int, method @int, now @int
UPDATE application SET method = :method, changed_ms = :now, version = version + 1
WHERE id = :id AND +account = :account AND version = :version AND state = 1;

-- those that wait for automatic DNS
-- name application_automatic :many (id @id)
-- in account @id, n @int
SELECT id FROM application WHERE account = :account AND state = 1 AND method = 0 ORDER BY id LIMIT :n;

-- name application_move :exec
-- in account @id, id @id, old @int, new @int, deadline_ms @int, now @int
UPDATE application SET state_before = state, state = :new, deadline_ms = :deadline_ms, changed_ms = :now, version = version + 1,
	submitted_ms = CASE WHEN :new = 1 AND :old = 0 THEN :now ELSE submitted_ms END,
	failure_code = CASE WHEN :new = 1 AND :old = 0 THEN '' ELSE failure_code END,
	failure_text = CASE WHEN :new = 1 AND :old = 0 THEN '' ELSE failure_text END
WHERE id = :id AND +account = :account AND +state = :old;

-- name application_fail :exec
-- in account @id, id @id, old @int, failure_code @text, failure_text @text, now @int
UPDATE application SET state_before = state, state = 6, deadline_ms = 0, failure_code = :failure_code, failure_text = :failure_text, changed_ms = :now, version = version + 1
WHERE id = :id AND +account = :account AND +state = :old;

-- what staff tell the applicant of an application that is a draft again; gone when it is submitted
-- name application_say :exec
-- in account @id, id @id, failure_code @text, failure_text @text
UPDATE application SET failure_code = :failure_code, failure_text = :failure_text
WHERE id = :id AND +account = :account AND +state = 0;

-- name application_issued :must
-- in account @id, id @id, certificate @id, now @int
UPDATE application SET state_before = state, state = 5, deadline_ms = 0, certificate = :certificate, issued_ms = :now, changed_ms = :now, version = version + 1
WHERE id = :id AND +account = :account AND +state = 4;

-- its certificate is deleted
-- name application_lose :later
-- in account @id, id @id, certificate @id
UPDATE application SET certificate = 0 WHERE id = :id AND +account = :account AND certificate = :certificate;

-- name application_set_key :exec
-- in account @id, id @id, key_id @blob, enc_key_id @blob, spki @blob
UPDATE application SET key_id = :key_id, enc_key_id = :enc_key_id, spki = :spki
WHERE id = :id AND +account = :account AND key_id IS NULL AND enc_key_id IS NULL AND state <> 9;

-- name application_overdue :many (account @id, id @id, state @int)
-- in state @int, now @int, n @int
SELECT account, id, state FROM application WHERE state = :state AND deadline_ms > 0 AND deadline_ms < :now ORDER BY deadline_ms LIMIT :n;

-- name application_of_subscription :int
-- in account @id, subscription @id
SELECT id FROM application WHERE subscription = :subscription AND +account = :account AND state < 5;

-- those that could still come to something: open, failed, cancelled
-- name application_unfinished :many (id @id, state @int)
-- in account @id, subscription @id
SELECT id, state FROM application WHERE subscription = :subscription AND +account = :account AND (state < 5 OR state IN (6, 7)) ORDER BY id;

-- name application_latest :int
-- in account @id, subscription @id
SELECT id FROM application WHERE subscription = :subscription AND +account = :account AND state <> 9 ORDER BY id DESC LIMIT 1;

-- row application_name (ord @int, kind @int, ascii @text, unicode @text, base @text, registered @text, companion @int)
-- name application_names :many application_name
-- in account @id, application @id
SELECT ord, kind, ascii, unicode, base, registered, companion FROM application_name
WHERE application = :application AND +account = :account ORDER BY ord;

-- name application_name_insert :later
-- in application @id, account @id, ord @int, kind @int, ascii @text, unicode @text, base @text, registered @text, companion @int
INSERT INTO application_name (application, account, ord, kind, ascii, unicode, base, registered, companion)
VALUES (:application, :account, :ord, :kind, :ascii, :unicode, :base, :registered, :companion);

-- name application_names_clear :exec
-- in account @id, application @id
DELETE FROM application_name WHERE +account = :account AND application = :application;

-- whoever claims a key has its row until the end of the transaction
-- name csr_claim :exec
-- in spki_sha256 @blob
INSERT INTO csr_claim (spki_sha256, claims) VALUES (:spki_sha256, 1) ON CONFLICT (spki_sha256) DO UPDATE SET claims = csr_claim.claims + 1;

-- name csr_use_insert :later
-- in spki_sha256 @blob, application @id, account @id
INSERT INTO csr_use (spki_sha256, application, account) VALUES (:spki_sha256, :application, :account)
ON CONFLICT (spki_sha256, application) DO NOTHING;

-- another application, in any account, that is neither an earlier submission of the same subscription nor of one that it follows,
-- whether it follows that one itself or by others between them
-- name csr_used_elsewhere :int
-- in spki_sha256 @blob, application @id, subscription @id
SELECT count(*) FROM csr_use c JOIN application a ON a.id = c.application
WHERE c.spki_sha256 = :spki_sha256 AND c.application <> :application AND a.subscription NOT IN (
	WITH RECURSIVE chain (id) AS (SELECT s.id FROM subscription s WHERE s.id = :subscription
		UNION SELECT s.predecessor FROM chain JOIN subscription s ON s.id = chain.id)
	SELECT chain.id FROM chain);

-- row authz (id @id, account @id, application @id, name @text, base @text, registered @text, kind @int, state @int, dns_value @text, file_value @text, token_expires_ms @int, proof @id, proof_until_ms @int)
-- name authz_list :many authz
-- in account @id, application @id
SELECT id, account, application, name, base, registered, kind, state, dns_value, file_value, token_expires_ms, proof, proof_until_ms
FROM authz WHERE application = :application AND +account = :account ORDER BY id;

-- name authz_insert :exec
-- in account @id, application @id, name @text, base @text, registered @text, kind @int, dns_value @text, file_value @text, token_expires_ms @int, now @int
INSERT INTO authz (account, application, name, base, registered, kind, state, dns_value, file_value, token_expires_ms, proof, proof_until_ms, created_ms)
VALUES (:account, :application, :name, :base, :registered, :kind, 0, :dns_value, :file_value, :token_expires_ms, 0, 0, :now)
ON CONFLICT (application, name) DO NOTHING;

-- name authz_drop_others :exec
-- in account @id, application @id
DELETE FROM authz WHERE application = :application AND +account = :account
AND name NOT IN (SELECT ascii FROM application_name n WHERE n.application = :application);

-- an expired token is replaced by a new one in the same application
-- name authz_renew :exec
-- in account @id, id @id, dns_value @text, file_value @text, token_expires_ms @int
UPDATE authz SET state = 0, dns_value = :dns_value, file_value = :file_value, token_expires_ms = :token_expires_ms, proof = 0, proof_until_ms = 0
WHERE id = :id AND +account = :account;

-- the application is closed: values to publish die, proofs stay
-- name authz_close :exec
-- in account @id, application @id, now @int
UPDATE authz SET state = CASE WHEN state = 0 THEN 4 ELSE state END, token_expires_ms = :now
WHERE application = :application AND +account = :account AND token_expires_ms > :now;

-- name authz_prove :exec
-- in account @id, id @id, proof @id, proof_until_ms @int
UPDATE authz SET state = 1, proof = :proof, proof_until_ms = :proof_until_ms WHERE id = :id AND +account = :account AND +state = 0;

-- name authz_prove_name :exec
-- in account @id, application @id, name @text, proof @id, proof_until_ms @int
UPDATE authz SET state = 1, proof = :proof, proof_until_ms = :proof_until_ms WHERE application = :application AND +account = :account AND name = :name AND state = 0;

-- names of the application without a proof that is valid now
-- name authz_unproven :int
-- in account @id, application @id, now @int
SELECT count(*) FROM application_name n WHERE +n.account = :account AND n.application = :application
AND NOT EXISTS (SELECT 1 FROM authz z WHERE z.application = n.application AND +z.account = n.account AND z.name = n.ascii AND z.state = 1 AND z.proof_until_ms > :now);

-- name authz_file_value :many (file_value @text)
-- in base @text
SELECT z.file_value FROM authz z JOIN application a ON a.id = z.application
WHERE z.base = :base AND z.state = 0 AND a.method = 4 AND a.state = 1;

-- row validation_record (id @id, authz @id, purpose @int, name_asked @text, name_proven @text, method @int, perspective @text, ok @int, error_code @text, error_text @text, seen @text, at_ms @int)
-- name validation_record_insert :int
-- in account @id, application @id, authz @id, purpose @int, name_asked @text, name_proven @text, method @int, perspective @text, ok @int, proves @int, error_code @text, error_text @text, seen @text, at_ms @int
INSERT INTO validation_record (account, application, authz, purpose, name_asked, name_proven, method, perspective, ok, proves, error_code, error_text, seen, at_ms)
VALUES (:account, :application, :authz, :purpose, :name_asked, :name_proven, :method, :perspective, :ok, :proves, :error_code, :error_text, :seen, :at_ms)
RETURNING id;

-- a proof of an account that stands at this name; own names of the service (method 4) are proven anew each time
-- name validation_record_proof :one (id @id, at_ms @int)
-- in account @id, name @text, any_method @int, since_ms @int
SELECT id, at_ms FROM validation_record
WHERE account = :account AND name_proven = :name AND proves = 1 AND at_ms > :since_ms AND method <> 4 AND (method <> 2 OR :any_method = 1)
ORDER BY at_ms DESC LIMIT 1;

-- name validation_record_list :many validation_record
-- in account @id, application @id, n @int
SELECT id, authz, purpose, name_asked, name_proven, method, perspective, ok, error_code, error_text, seen, at_ms
FROM validation_record WHERE account = :account AND application = :application ORDER BY id DESC LIMIT :n;

-- row subscriber_key (id @blob, account @id, class @int, alg @int, sealed @blob, spki @blob)
-- name subscriber_key_get :one subscriber_key
-- in account @id, id @blob
SELECT id, account, class, alg, sealed, spki FROM subscriber_key WHERE account = :account AND id = :id;

-- name subscriber_key_insert :exec
-- in id @blob, account @id, class @int, alg @int, sealed @blob, spki @blob, now @int
INSERT INTO subscriber_key (id, account, class, alg, sealed, spki, created_ms)
VALUES (:id, :account, :class, :alg, :sealed, :spki, :now);

-- it stays until this transaction ends: who deletes something else that names it sees then that this did (read committed)
-- name subscriber_key_hold :exec
-- in account @id, id @blob
UPDATE subscriber_key SET alg = alg WHERE account = :account AND id = :id;

-- name subscriber_key_delete :exec
-- in account @id, id @blob
DELETE FROM subscriber_key WHERE account = :account AND id = :id;
