-- name authz_get :one authz
-- in account @id, id @id
SELECT id, account, application, name, base, registered, kind, state, dns_value, file_value, token_expires_ms, proof, proof_until_ms
FROM authz WHERE id = :id AND +account = :account;

-- row email_proof (link @id, authz @id, source @int, proves @text, token @text, recipient @text, expires_ms @int)
-- name email_proof_get :one email_proof
-- in account @id, link @id
SELECT p.link, p.authz, p.source, p.proves, p.token, l.recipient, l.expires_ms
FROM email_proof p JOIN link l ON l.id = p.link WHERE p.account = :account AND p.link = :link;

-- those that wait to be used, for a value that counts
-- name email_proof_waiting :many email_proof
-- in account @id, application @id, now @int
SELECT p.link, p.authz, p.source, p.proves, p.token, l.recipient, l.expires_ms
FROM email_proof p JOIN link l ON l.id = p.link JOIN authz z ON z.id = p.authz AND z.file_value = p.token
WHERE p.account = :account AND p.application = :application AND l.state = 0 AND l.expires_ms > :now ORDER BY p.link;

-- name email_proof_insert :exec
-- in link @id, account @id, application @id, authz @id, source @int, proves @text, token @text
INSERT INTO email_proof (link, account, application, authz, source, proves, token)
VALUES (:link, :account, :application, :authz, :source, :proves, :token);

-- whole: a row lives as long as its link, which is swept
-- name email_proof_sweep :exec
DELETE FROM email_proof WHERE NOT EXISTS (SELECT 1 FROM link l WHERE l.id = email_proof.link);
