/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_pgsql_priv.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

/* Plans shall be those that the indexes were made for, whatever the statistics say or whether there are any: made once per
 * statement, by the index that leaves the fewest rows to look at. Of hidden parameters PostgreSQL expects next to nothing, so
 * a walk over a whole table looks cheap to it, or one down the ids when most rows are of one account. Between two indexes
 * that look as good, `account = :account + 0` decides for the one that holds the column: elsewhere the sum is done for each
 * row. */
#define PLANS \
	"SET plan_cache_mode = force_generic_plan; SET seq_page_cost = 0; SET random_page_cost = 0; " \
	"SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_incremental_sort = off; "
#define SETTINGS                                                                                   \
	"SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; SET jit = off; " PLANS \
	"SET cursor_tuple_fraction = 1; SET client_min_messages = error; "                         \
	"SET default_transaction_isolation = 'read committed'; "                                   \
	"SELECT set_config('synchronous_commit', 'on', false) "                                    \
	"WHERE current_setting('synchronous_commit') = 'off'"

void
pgsql_result_free(PGresult **res)
{
	PQclear(*res);
}

bool
pgsql_alive(const struct pgsql_conn *c)
{
	return c->h && PQstatus(c->h) == CONNECTION_OK;
}

void
pgsql_disconnect(struct pgsql_conn *c)
{
	db_cache_done(&c->stmts, NULL);
	c->n_stmts = c->n_queue = 0;
	c->must = false;
	c->asked_mono_ms = 0;
	c->c.epoch++;
	PQfinish(c->h);
	c->h = NULL;
}

/* -- errors */

static int
code_of(const struct pgsql_conn *c, const char *state)
{
	static const struct {
		const char *begin;
		int code;
	} codes[] = {
		{"08", E_DB_DOWN}, {"57P0", E_DB_DOWN}, {"25006", E_DB_DOWN}, /* a standby after a failover */
		{"23", E_DB_CONSTRAINT}, {"53100", E_DB_FULL}, {"53", E_DB_BUSY}, {"40001", E_DB_BUSY},
		{"40P01", E_DB_BUSY}, {"55P03", E_DB_BUSY}, {"57014", E_DB_BUSY},
	};

	if (!pgsql_alive(c))
		return E_DB_DOWN;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (strncmp(state, codes[i].begin, strlen(codes[i].begin)) == 0)
			return codes[i].code;
	}
	return E_DB_ERROR;
}

int
pgsql_result_fail(struct pgsql_conn *c, const PGresult *res, const char *what, struct err *e)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *said = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	int code = code_of(c, state ? state : "");

	if (state && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0))
		c->collided = true;
	err_set(e, code, "%s: %s", what,
		code == E_DB_DOWN ? "the connection to PostgreSQL is lost" :
		code == E_DB_FULL ? "the database's disk is full" :
		code == E_DB_CONSTRAINT ? "a constraint of the database forbids it" :
		code == E_DB_BUSY ? "the database is busy" : "the database reports a fault");
	/* The primary message alone: PostgreSQL's detail quotes values. */
	err_detail(e, "PostgreSQL %s: %s", state ? state : "-", said ? said : PQerrorMessage(c->h));
	if (code == E_DB_BUSY || code == E_DB_DOWN)
		e->retry_after_s = 1;
	return c->c.fault = code;
}

bool
pgsql_result_ok(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

int
pgsql_do(struct pgsql_conn *c, const char *sql, const char *what, struct err *e)
{
	PGSQL_RESULT(res);
	int r = pgsql_queue_end(c, NULL, e);

	if (r < 0)
		return r;
	res = PQexec(c->h, sql);
	return pgsql_result_ok(res) ? 0 : pgsql_result_fail(c, res, what, e);
}

/* -- connecting */

static void
notice_drop(UNUSED void *arg, UNUSED const PGresult *res)
{
}

static int
down(struct pgsql_db *db, struct pgsql_conn *c, struct err *e)
{
	char said[ERR_TEXT_MAX];

	snprintf(said, sizeof(said), "%s", c->h ? PQerrorMessage(c->h) : "out of memory");
	said[strcspn(said, "\n")] = '\0';
	pgsql_disconnect(c);
	atomic_store(&db->down_until, clock_mono_ms() + PGSQL_DOWN_MS);
	err_set(e, E_DB_DOWN, "PostgreSQL cannot be reached");
	err_detail(e, "%s", said);
	e->retry_after_s = 1;
	return E_DB_DOWN;
}

static int
server_check(struct pgsql_conn *c, struct err *e)
{
	const char *encoding = PQparameterStatus(c->h, "server_encoding");

	if (PQserverVersion(c->h) < 150000)
		return err_set(e, E_CONFIG, "the server is PostgreSQL %d, at least 15 is needed",
			PQserverVersion(c->h) / 10000);
	if (!encoding || strcmp(encoding, "UTF8") != 0)
		return err_set(e, E_CONFIG, "the database's encoding is \"%s\", it must be \"UTF8\"",
			encoding ? encoding : "");
	return pgsql_do(c, SETTINGS, "settings", e);
}

int
pgsql_connect(struct pgsql_conn *c, struct err *e)
{
	struct pgsql_db *db = (struct pgsql_db *)c->c.db;
	/* Those before dbname can be set otherwise in the url, those behind it cannot. */
	const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "application_name", "dbname", "client_encoding", NULL};
	const char *const values[] = {"5", "15000", "10", "5", "3", "signet", db->url, "UTF8", NULL};
	int r;

	if (pgsql_alive(c))
		return 0;
	pgsql_disconnect(c);
	if (clock_mono_ms() < atomic_load(&db->down_until)) {
		err_set(e, E_DB_DOWN, "PostgreSQL cannot be reached");
		err_detail(e, "tried a moment ago");
		e->retry_after_s = 1;
		return E_DB_DOWN;
	}
	c->h = PQconnectdbParams(keys, values, 1);
	if (PQstatus(c->h) != CONNECTION_OK)
		return down(db, c, e);
	PQsetNoticeReceiver(c->h, notice_drop, NULL);
	r = server_check(c, e);
	if (r < 0)
		pgsql_disconnect(c);
	return r;
}
