-- row host (id @id, account @id, name @text, port @int, starttls @int, address @text, cert @id, not_after_ms @int, verdict @int, trusted @int, errors @int, warnings @int, notes @int, protocol @text, suite @text, first_seen_ms @int, last_seen_ms @int, sha256 @blob, subject @text, issuer @text, serial @blob, names @text, key_alg @text, not_before_ms @int, certificate @id, monitor @id)
-- name host_get :one host
-- in account @id, id @id
SELECT h.id, h.account, h.name, h.port, h.starttls, h.address, h.cert, h.not_after_ms, h.verdict, h.trusted, h.errors, h.warnings, h.notes, h.protocol, h.suite, h.first_seen_ms, h.last_seen_ms,
	c.sha256, c.subject, c.issuer, c.serial, c.names, c.key_alg, coalesce(c.not_before_ms, 0),
	coalesce((SELECT s.id FROM certificate s WHERE s.spki_sha256 = c.spki_sha256 AND +s.account = h.account AND s.sha256 = c.sha256 AND +s.deleted_ms = 0 AND +s.state <> 0 AND +s.state <> 6 LIMIT 1), 0),
	coalesce((SELECT m.id FROM monitor m WHERE m.host = h.id), 0)
FROM host h LEFT JOIN host_cert c ON c.id = h.cert
WHERE h.id = :id AND +h.account = :account;

-- name host_find :one host
-- in account @id, name @text, port @int
SELECT h.id, h.account, h.name, h.port, h.starttls, h.address, h.cert, h.not_after_ms, h.verdict, h.trusted, h.errors, h.warnings, h.notes, h.protocol, h.suite, h.first_seen_ms, h.last_seen_ms,
	c.sha256, c.subject, c.issuer, c.serial, c.names, c.key_alg, coalesce(c.not_before_ms, 0),
	coalesce((SELECT s.id FROM certificate s WHERE s.spki_sha256 = c.spki_sha256 AND +s.account = h.account AND s.sha256 = c.sha256 AND +s.deleted_ms = 0 AND +s.state <> 0 AND +s.state <> 6 LIMIT 1), 0),
	coalesce((SELECT m.id FROM monitor m WHERE m.host = h.id), 0)
FROM host h LEFT JOIN host_cert c ON c.id = h.cert
WHERE h.account = :account AND h.name = :name AND h.port = :port;

-- name host_list :many host
-- in account @id, before @id, n @int
SELECT h.id, h.account, h.name, h.port, h.starttls, h.address, h.cert, h.not_after_ms, h.verdict, h.trusted, h.errors, h.warnings, h.notes, h.protocol, h.suite, h.first_seen_ms, h.last_seen_ms,
	c.sha256, c.subject, c.issuer, c.serial, c.names, c.key_alg, coalesce(c.not_before_ms, 0),
	coalesce((SELECT s.id FROM certificate s WHERE s.spki_sha256 = c.spki_sha256 AND +s.account = h.account AND s.sha256 = c.sha256 AND +s.deleted_ms = 0 AND +s.state <> 0 AND +s.state <> 6 LIMIT 1), 0),
	coalesce((SELECT m.id FROM monitor m WHERE m.host = h.id), 0)
FROM host h LEFT JOIN host_cert c ON c.id = h.cert
WHERE h.account = :account AND h.id < :before ORDER BY h.id DESC LIMIT :n;

-- those whose certificate ends later than that
-- name host_list_verdict :many host
-- in account @id, verdict @int, after_ms @int, before @id, n @int
SELECT h.id, h.account, h.name, h.port, h.starttls, h.address, h.cert, h.not_after_ms, h.verdict, h.trusted, h.errors, h.warnings, h.notes, h.protocol, h.suite, h.first_seen_ms, h.last_seen_ms,
	c.sha256, c.subject, c.issuer, c.serial, c.names, c.key_alg, coalesce(c.not_before_ms, 0),
	coalesce((SELECT s.id FROM certificate s WHERE s.spki_sha256 = c.spki_sha256 AND +s.account = h.account AND s.sha256 = c.sha256 AND +s.deleted_ms = 0 AND +s.state <> 0 AND +s.state <> 6 LIMIT 1), 0),
	coalesce((SELECT m.id FROM monitor m WHERE m.host = h.id), 0)
FROM host h LEFT JOIN host_cert c ON c.id = h.cert
WHERE h.account = :account AND h.verdict = :verdict AND h.id < :before AND +h.not_after_ms > :after_ms ORDER BY h.id DESC LIMIT :n;

-- the last to end first; below (to_ms, before)
-- name host_list_end :many host
-- in account @id, but @int, worst @int, from_ms @int, to_ms @int, before @id, n @int
SELECT h.id, h.account, h.name, h.port, h.starttls, h.address, h.cert, h.not_after_ms, h.verdict, h.trusted, h.errors, h.warnings, h.notes, h.protocol, h.suite, h.first_seen_ms, h.last_seen_ms,
	c.sha256, c.subject, c.issuer, c.serial, c.names, c.key_alg, coalesce(c.not_before_ms, 0),
	coalesce((SELECT s.id FROM certificate s WHERE s.spki_sha256 = c.spki_sha256 AND +s.account = h.account AND s.sha256 = c.sha256 AND +s.deleted_ms = 0 AND +s.state <> 0 AND +s.state <> 6 LIMIT 1), 0),
	coalesce((SELECT m.id FROM monitor m WHERE m.host = h.id), 0)
FROM host h LEFT JOIN host_cert c ON c.id = h.cert
WHERE h.account = :account AND h.cert > 0 AND h.not_after_ms > :from_ms AND (h.not_after_ms, h.id) < (:to_ms, :before) AND +h.verdict <> :but AND +h.verdict >= :worst ORDER BY h.not_after_ms DESC, h.id DESC LIMIT :n;

-- name host_list_scan :many host
-- in account @id, scan @id, before @id, n @int
SELECT h.id, h.account, h.name, h.port, h.starttls, h.address, h.cert, h.not_after_ms, h.verdict, h.trusted, h.errors, h.warnings, h.notes, h.protocol, h.suite, h.first_seen_ms, h.last_seen_ms,
	c.sha256, c.subject, c.issuer, c.serial, c.names, c.key_alg, coalesce(c.not_before_ms, 0),
	coalesce((SELECT s.id FROM certificate s WHERE s.spki_sha256 = c.spki_sha256 AND +s.account = h.account AND s.sha256 = c.sha256 AND +s.deleted_ms = 0 AND +s.state <> 0 AND +s.state <> 6 LIMIT 1), 0),
	coalesce((SELECT m.id FROM monitor m WHERE m.host = h.id), 0)
FROM scan_host x JOIN host h ON h.id = x.host LEFT JOIN host_cert c ON c.id = h.cert
WHERE x.scan = :scan AND x.host < :before AND +h.account = :account ORDER BY x.host DESC LIMIT :n;

-- name host_list_name :many host
-- in account @id, name @text, after_port @int, n @int
SELECT h.id, h.account, h.name, h.port, h.starttls, h.address, h.cert, h.not_after_ms, h.verdict, h.trusted, h.errors, h.warnings, h.notes, h.protocol, h.suite, h.first_seen_ms, h.last_seen_ms,
	c.sha256, c.subject, c.issuer, c.serial, c.names, c.key_alg, coalesce(c.not_before_ms, 0),
	coalesce((SELECT s.id FROM certificate s WHERE s.spki_sha256 = c.spki_sha256 AND +s.account = h.account AND s.sha256 = c.sha256 AND +s.deleted_ms = 0 AND +s.state <> 0 AND +s.state <> 6 LIMIT 1), 0),
	coalesce((SELECT m.id FROM monitor m WHERE m.host = h.id), 0)
FROM host h LEFT JOIN host_cert c ON c.id = h.cert
WHERE h.account = :account AND h.name = :name AND h.port > :after_port ORDER BY h.port LIMIT :n;

-- a suffix is a prefix of the reversed name; behind (low, after)
-- name host_list_suffix :many host
-- in account @id, low @text, high @text, after @id, n @int
SELECT h.id, h.account, h.name, h.port, h.starttls, h.address, h.cert, h.not_after_ms, h.verdict, h.trusted, h.errors, h.warnings, h.notes, h.protocol, h.suite, h.first_seen_ms, h.last_seen_ms,
	c.sha256, c.subject, c.issuer, c.serial, c.names, c.key_alg, coalesce(c.not_before_ms, 0),
	coalesce((SELECT s.id FROM certificate s WHERE s.spki_sha256 = c.spki_sha256 AND +s.account = h.account AND s.sha256 = c.sha256 AND +s.deleted_ms = 0 AND +s.state <> 0 AND +s.state <> 6 LIMIT 1), 0),
	coalesce((SELECT m.id FROM monitor m WHERE m.host = h.id), 0)
FROM host h LEFT JOIN host_cert c ON c.id = h.cert
WHERE h.account = :account AND (h.reversed, h.id) > (:low, :after) AND h.reversed < :high ORDER BY h.reversed, h.id LIMIT :n;

-- name host_findings :one (findings @text, der @blob)
-- in account @id, id @id
SELECT h.findings, c.der FROM host h LEFT JOIN host_cert c ON c.id = h.cert WHERE h.id = :id AND +h.account = :account;

-- where a list goes on
-- name host_place :one (port @int, not_after_ms @int, reversed @text)
-- in account @id, id @id
SELECT port, not_after_ms, reversed FROM host WHERE id = :id AND +account = :account;

-- name host_cert_put :int
-- in account @id, sha256 @blob, spki_sha256 @blob, der @blob, subject @text, issuer @text, serial @blob, names @text, key_alg @text, not_before_ms @int, not_after_ms @int
INSERT INTO host_cert (account, sha256, spki_sha256, der, subject, issuer, serial, names, key_alg, not_before_ms, not_after_ms)
VALUES (:account, :sha256, :spki_sha256, :der, :subject, :issuer, :serial, :names, :key_alg, :not_before_ms, :not_after_ms)
ON CONFLICT (account, sha256) DO UPDATE SET sha256 = excluded.sha256
RETURNING id;

-- Waits for whoever is about to show it: only the next statement sees what that one has committed (read committed).
-- name host_cert_hold :exec
-- in account @id, id @id
UPDATE host_cert SET sha256 = sha256 WHERE id = :id AND +account = :account;

-- what no server shows any more
-- name host_cert_drop :exec
-- in account @id, id @id
DELETE FROM host_cert WHERE id = :id AND +account = :account AND NOT EXISTS (SELECT 1 FROM host h WHERE h.cert = :id);

-- one that nobody has seen yet; none when it is there already
-- name host_new :int
-- in account @id, name @text, reversed @text, port @int, starttls @int
INSERT INTO host (account, name, reversed, port, starttls, address, cert, not_after_ms, verdict, trusted, errors, warnings, notes, protocol, suite, findings, first_seen_ms, last_seen_ms)
VALUES (:account, :name, :reversed, :port, :starttls, '', 0, 0, 0, 0, 0, 0, 0, '', '', '', 0, 0)
ON CONFLICT (account, name, port) DO NOTHING
RETURNING id;

-- 0: it is not there, or not any more
-- name host_put :int
-- in account @id, name @text, port @int, starttls @int, address @text, cert @id, not_after_ms @int, verdict @int, trusted @int, errors @int, warnings @int, notes @int, protocol @text, suite @text, findings @text, now @int
UPDATE host SET starttls = :starttls, address = :address, cert = :cert, not_after_ms = :not_after_ms, verdict = :verdict, trusted = :trusted, errors = :errors, warnings = :warnings, notes = :notes, protocol = :protocol, suite = :suite, findings = :findings, first_seen_ms = CASE WHEN first_seen_ms = 0 THEN :now ELSE first_seen_ms END, last_seen_ms = :now
WHERE account = :account AND name = :name AND port = :port
RETURNING id;

-- It stays until this transaction ends; who deletes it then sees what watches it (read committed).
-- name host_hold :exec
-- in account @id, id @id
UPDATE host SET port = port WHERE id = :id AND +account = :account;

-- name host_delete :exec
-- in account @id, id @id
DELETE FROM host WHERE id = :id AND +account = :account AND NOT EXISTS (SELECT 1 FROM monitor m WHERE m.host = :id);

-- name host_scans_delete :exec
-- in account @id, host @id
DELETE FROM scan_host WHERE host = :host AND +account = :account;
