-- Counting a day's certificates, and taking the newest, looks at no row: deleted_ms, which these indexes themselves fix,
-- stands in them because SQLite asks for it all the same.
DROP INDEX certificate_state;
DROP INDEX certificate_list;
CREATE INDEX certificate_state ON certificate (account, state, not_after_ms, id, deleted_ms) WHERE deleted_ms = 0;
CREATE INDEX certificate_list ON certificate (account, id, deleted_ms) WHERE deleted_ms = 0;
