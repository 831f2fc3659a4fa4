-- Rows that are issued leave the indexes of what waits for a window's end, and enter those of periods only when they
-- have one: each write of a certificate pays for every index of the rows that it moves.
DROP INDEX subscription_window;
DROP INDEX subscription_paid;
DROP INDEX subscription_notice_window;
DROP INDEX subscription_notice_period;
DROP INDEX application_deadline;
CREATE INDEX subscription_window ON subscription (state, window_end_ms) WHERE state < 3;
CREATE INDEX subscription_paid ON subscription (paid_until_ms) WHERE state = 3;
CREATE INDEX subscription_notice_window ON subscription (state, window_end_ms) WHERE notice_stage = 0 AND state < 3;
CREATE INDEX subscription_notice_period ON subscription (paid_until_ms) WHERE notice_stage < 2 AND state = 3;
CREATE INDEX application_deadline ON application (state, deadline_ms) WHERE deadline_ms > 0;
