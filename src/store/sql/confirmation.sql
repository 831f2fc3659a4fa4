-- row application_company (application @id, company @id, name @text, number @text, type @int, phone @text, country @text, province @text, city @text, address @text, postcode @text, department @text, licence @id, business_category @int, jurisdiction_country @text, jurisdiction_province @text, jurisdiction_locality @text)
-- name application_company_get :one application_company
-- in account @id, application @id
SELECT application, company, name, number, type, phone, country, province, city, address, postcode, department, licence, business_category, jurisdiction_country, jurisdiction_province, jurisdiction_locality
FROM application_company WHERE account = :account AND application = :application;

-- the company as it stands now
-- name application_company_take :exec
-- in account @id, application @id, company @id
INSERT INTO application_company (application, account, company, name, number, type, phone, country, province, city, address, postcode, department, licence, business_category, jurisdiction_country, jurisdiction_province, jurisdiction_locality)
SELECT :application, account, id, name, number, type, phone, country, province, city, address, postcode, department, licence, business_category, jurisdiction_country, jurisdiction_province, jurisdiction_locality
FROM company WHERE account = :account AND id = :company
ON CONFLICT (application) DO UPDATE SET company = excluded.company, name = excluded.name, number = excluded.number, type = excluded.type, phone = excluded.phone, country = excluded.country, province = excluded.province, city = excluded.city, address = excluded.address, postcode = excluded.postcode, department = excluded.department, licence = excluded.licence, business_category = excluded.business_category, jurisdiction_country = excluded.jurisdiction_country, jurisdiction_province = excluded.jurisdiction_province, jurisdiction_locality = excluded.jurisdiction_locality;

-- row confirmation (application @id, account @id, recipient @text, data_sha256 @blob, asked_ms @int, expires_ms @int, confirmed_ms @int)
-- name confirmation_get :one confirmation
-- in account @id, application @id
SELECT application, account, recipient, data_sha256, asked_ms, expires_ms, confirmed_ms
FROM confirmation WHERE account = :account AND application = :application;

-- name confirmation_ask :exec
-- in account @id, application @id, recipient @text, data_sha256 @blob, now @int, expires_ms @int
INSERT INTO confirmation (application, account, recipient, data_sha256, asked_ms, expires_ms, confirmed_ms)
VALUES (:application, :account, :recipient, :data_sha256, :now, :expires_ms, 0)
ON CONFLICT (application) DO UPDATE SET recipient = excluded.recipient, data_sha256 = excluded.data_sha256, asked_ms = excluded.asked_ms, expires_ms = excluded.expires_ms, confirmed_ms = 0;

-- name confirmation_give :exec
-- in account @id, application @id, recipient @text, now @int
UPDATE confirmation SET confirmed_ms = :now
WHERE account = :account AND application = :application AND recipient = :recipient AND confirmed_ms = 0;

-- name confirmation_drop :exec
-- in account @id, application @id
DELETE FROM confirmation WHERE account = :account AND application = :application;

-- not one that was given at the last moment
-- name confirmation_lapse :exec
-- in account @id, application @id, now @int
DELETE FROM confirmation WHERE account = :account AND application = :application AND confirmed_ms = 0 AND expires_ms <= :now;

-- those whose time is over, with where their applications stand
-- name confirmation_lapsed :many (account @id, application @id, state @int, recipient @text)
-- in now @int, n @int
SELECT k.account, k.application, a.state, k.recipient
FROM confirmation k JOIN application a ON a.id = k.application AND +a.account = k.account
WHERE k.confirmed_ms = 0 AND k.expires_ms <= :now ORDER BY k.expires_ms LIMIT :n;
