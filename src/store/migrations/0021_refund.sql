-- Which period of an allowance a bill was taken from (its begin; 0: none), so that what is given back goes there.
ALTER TABLE bill ADD COLUMN allowance_ms @int NOT NULL DEFAULT 0;
UPDATE bill SET allowance_ms = coalesce((SELECT l.period_start_ms FROM allowance l
	WHERE l.account = bill.account AND l.product = bill.product AND l.period_start_ms <= bill.created_ms), 0)
	WHERE amount = 0 AND product IN (SELECT p.id FROM product p WHERE p.price_year > 0 OR p.sold = 0);
