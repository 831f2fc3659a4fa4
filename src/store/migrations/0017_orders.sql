-- The orders page (SPEC 3.5): each subscription knows its newest application and its status, so that a page of any filter is
-- one walk over one index. The numbers are those of enum order_status.
ALTER TABLE subscription ADD COLUMN status @int NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN application @id NOT NULL DEFAULT 0;
CREATE INDEX application_order ON application (subscription, id);
UPDATE subscription SET
	application = coalesce((SELECT max(a.id) FROM application a WHERE a.subscription = subscription.id AND a.state <> 9), 0),
	status = CASE state WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 4 THEN 7 WHEN 5 THEN 8 WHEN 7 THEN 8 WHEN 6 THEN 9
		ELSE coalesce((SELECT CASE WHEN a.state IN (1, 2) THEN 3 WHEN a.state IN (3, 4) THEN 4 WHEN a.state = 6 THEN 5
				WHEN a.state = 5 OR subscription.state = 3 THEN 6 ELSE 2 END
			FROM application a WHERE a.subscription = subscription.id AND a.state <> 9 ORDER BY a.id DESC LIMIT 1),
			CASE state WHEN 3 THEN 6 ELSE 2 END) END;
CREATE INDEX order_all ON subscription (account, id);
CREATE INDEX order_status ON subscription (account, status, id);
CREATE INDEX order_product ON subscription (account, product, id);
CREATE INDEX order_product_status ON subscription (account, product, status, id);
CREATE INDEX order_created ON subscription (account, created_ms, id);
CREATE INDEX application_name_ascii ON application_name (account, ascii, application);
