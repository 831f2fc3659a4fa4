-- Quota that fits an order is found without looking at all of it: the smallest first. Certificates are found by their
-- key, domains in the order of their pages, and records that were taken away by when.
DROP INDEX subscription_quota;
CREATE INDEX subscription_fit ON subscription (account, product, (n_common + n_wildcard), id) WHERE state = 0;
CREATE INDEX certificate_key ON certificate (key_id) WHERE key_id IS NOT NULL AND deleted_ms = 0;
CREATE INDEX domain_page ON domain (account, id);
CREATE INDEX dns_change_gone ON dns_change (changed_ms) WHERE state = 4;
