-- row company (id @id, account @id, name @text, number @text, type @int, phone @text, country @text, province @text, city @text, address @text, postcode @text, department @text, licence @id, business_category @int, jurisdiction_country @text, jurisdiction_province @text, jurisdiction_locality @text, created_ms @int, recent_ms @int, version @int, is_default @int)
-- name company_get :one company
-- in account @id, id @id
SELECT id, account, name, number, type, phone, country, province, city, address, postcode, department, licence, business_category, jurisdiction_country, jurisdiction_province, jurisdiction_locality, created_ms, recent_ms, version,
CASE WHEN id = (SELECT d.id FROM company d WHERE d.account = :account ORDER BY d.recent_ms DESC, d.id DESC LIMIT 1) THEN 1 ELSE 0 END
FROM company WHERE account = :account AND id = :id;

-- name company_list :many company
-- in account @id, before @id, n @int
SELECT id, account, name, number, type, phone, country, province, city, address, postcode, department, licence, business_category, jurisdiction_country, jurisdiction_province, jurisdiction_locality, created_ms, recent_ms, version,
CASE WHEN id = (SELECT d.id FROM company d WHERE d.account = :account ORDER BY d.recent_ms DESC, d.id DESC LIMIT 1) THEN 1 ELSE 0 END
FROM company WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :n;

-- the most recent one
-- name company_default :int
-- in account @id
SELECT id FROM company WHERE account = :account ORDER BY recent_ms DESC, id DESC LIMIT 1;

-- name company_insert :int
-- in account @id, name @text, number @text, type @int, phone @text, country @text, province @text, city @text, address @text, postcode @text, department @text, licence @id, business_category @int, jurisdiction_country @text, jurisdiction_province @text, jurisdiction_locality @text, now @int
INSERT INTO company (account, name, number, type, phone, country, province, city, address, postcode, department, licence, business_category, jurisdiction_country, jurisdiction_province, jurisdiction_locality, created_ms, recent_ms, version)
VALUES (:account, :name, :number, :type, :phone, :country, :province, :city, :address, :postcode, :department, :licence, :business_category, :jurisdiction_country, :jurisdiction_province, :jurisdiction_locality, :now, :now, 1)
RETURNING id;

-- name company_update :exec
-- in account @id, id @id, version @int, name @text, number @text, type @int, phone @text, country @text, province @text, city @text, address @text, postcode @text, department @text, licence @id, business_category @int, jurisdiction_country @text, jurisdiction_province @text, jurisdiction_locality @text, now @int
UPDATE company SET name = :name, number = :number, type = :type, phone = :phone, country = :country, province = :province, city = :city, address = :address, postcode = :postcode, department = :department, licence = :licence, business_category = :business_category, jurisdiction_country = :jurisdiction_country, jurisdiction_province = :jurisdiction_province, jurisdiction_locality = :jurisdiction_locality, recent_ms = :now, version = version + 1
WHERE account = :account AND id = :id AND version = :version;

-- whoever copies it, or takes its licence away, has it to himself until the end of the transaction
-- name company_hold :exec
-- in account @id, id @id
UPDATE company SET version = version WHERE account = :account AND id = :id;

-- name company_delete :exec
-- in account @id, id @id
DELETE FROM company WHERE account = :account AND id = :id;

-- a licence that no company and no application shows any more
-- name company_drop_licence :exec
-- in account @id, id @id
DELETE FROM attachment WHERE account = :account AND id = :id AND object = 'companies'
AND NOT EXISTS (SELECT 1 FROM company c WHERE c.account = :account AND c.licence = :id AND c.licence > 0)
AND NOT EXISTS (SELECT 1 FROM application_company n WHERE n.account = :account AND n.licence = :id AND n.licence > 0);
