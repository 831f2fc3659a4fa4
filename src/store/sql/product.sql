-- row product (id @id, code @text, brand @text, type @int, kind @int, algorithms @text, price_year @int, currency @text, names_max @int, months @text, rank @int, test @int, ip @int, professional @int, internal @int, sold @int, profile @text, guidance @text, active @int, version @int)
-- name product_get :one product
-- in id @id
SELECT id, code, brand, type, kind, algorithms, price_year, currency, names_max, months, rank, test, ip, professional, internal, sold, profile, guidance, active, version
FROM product WHERE id = :id;

-- name product_by_code :one product
-- in code @text
SELECT id, code, brand, type, kind, algorithms, price_year, currency, names_max, months, rank, test, ip, professional, internal, sold, profile, guidance, active, version
FROM product WHERE code = :code;

-- staff see what is not active, too
-- name product_list :many product
-- in after @id, n @int, staff @int
SELECT id, code, brand, type, kind, algorithms, price_year, currency, names_max, months, rank, test, ip, professional, internal, sold, profile, guidance, active, version
FROM product WHERE id > :after AND (active = 1 OR :staff = 1) AND internal <= :staff ORDER BY id LIMIT :n;

-- whole: the catalogue has some dozen products
-- name product_count :int
-- in staff @int
SELECT count(*) FROM product WHERE (active = 1 OR :staff = 1) AND internal <= :staff;

-- what can be recommended, the more compatible brands first
-- whole: the catalogue has some dozen products
-- name product_for_sale :many product
-- in n @int
SELECT id, code, brand, type, kind, algorithms, price_year, currency, names_max, months, rank, test, ip, professional, internal, sold, profile, guidance, active, version
FROM product WHERE active = 1 AND sold = 1 AND internal = 0 ORDER BY rank, type, kind, price_year, id LIMIT :n;

-- the brand's product that merged subscriptions become
-- name product_hybrid :one product
-- in brand @text, type @int
SELECT id, code, brand, type, kind, algorithms, price_year, currency, names_max, months, rank, test, ip, professional, internal, sold, profile, guidance, active, version
FROM product WHERE brand = :brand AND type = :type AND kind = 3 AND active = 1 ORDER BY id LIMIT 1;

-- name product_put :int
-- in code @text, brand @text, type @int, kind @int, algorithms @text, price_year @int, currency @text, names_max @int, months @text, rank @int, test @int, ip @int, professional @int, internal @int, sold @int, profile @text, guidance @text
INSERT INTO product (code, brand, type, kind, algorithms, price_year, currency, names_max, months, rank, test, ip, professional, internal, sold, profile, guidance, active, version)
VALUES (:code, :brand, :type, :kind, :algorithms, :price_year, :currency, :names_max, :months, :rank, :test, :ip, :professional, :internal, :sold, :profile, :guidance, 1, 1)
ON CONFLICT (code) DO NOTHING RETURNING id;

-- name product_update :exec
-- in id @id, version @int, algorithms @text, price_year @int, names_max @int, months @text, rank @int, guidance @text, active @int
UPDATE product SET algorithms = :algorithms, price_year = :price_year, names_max = :names_max, months = :months, rank = :rank, guidance = :guidance, active = :active, version = version + 1
WHERE id = :id AND version = :version;

-- Holds the accounts of one owner to one test purchase at a time: the first of them is the lock.
-- name owner_lock :exec
-- in account @id
UPDATE account SET balance = balance WHERE id = (SELECT min(b.id) FROM account a JOIN account b
	ON b.id = a.id OR (a.owner_state = 2 AND b.owner_state = 2 AND b.owner_kind = a.owner_kind AND b.owner_number_norm = a.owner_number_norm AND a.owner_number_norm <> '')
	WHERE a.id = :account);

-- test subscriptions of all accounts with the same verified owner; given back or not, they count
-- name owner_tests :int
-- in account @id, since @int
SELECT count(*) FROM subscription s JOIN product p ON p.id = s.product WHERE p.test = 1 AND s.created_ms >= :since
AND s.account IN (SELECT b.id FROM account a JOIN account b
	ON b.id = a.id OR (a.owner_state = 2 AND b.owner_state = 2 AND b.owner_kind = a.owner_kind AND b.owner_number_norm = a.owner_number_norm AND a.owner_number_norm <> '')
	WHERE a.id = :account);
