/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_MAX 128 /* statements that travel together */

struct bare_pgsql {
	struct bare_db db;
	PGconn *h;
	int64_t *rets[QUEUE_MAX];
	unsigned n;
};

static PGresult *
need(struct bare_pgsql *s, PGresult *res)
{
	ExecStatusType st = PQresultStatus(res);

	if (st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK || st == PGRES_PIPELINE_SYNC)
		return res;
	fprintf(stderr, "postgresql: %s\n", PQerrorMessage(s->h));
	abort();
}

static void
need_sent(struct bare_pgsql *s, int ok)
{
	if (ok == 1)
		return;
	fprintf(stderr, "postgresql: %s\n", PQerrorMessage(s->h));
	abort();
}

/* The result of one statement; NULL ends those of each. */
static void
take(struct bare_pgsql *s, int64_t *ret)
{
	PGresult *res = need(s, PQgetResult(s->h));

	if (ret && PQntuples(res) == 1) {
		memcpy(ret, PQgetvalue(res, 0, 0), sizeof(*ret));
		*ret = (int64_t)be64toh((uint64_t)*ret);
	}
	PQclear(res);
	PQclear(PQgetResult(s->h));
}

static void
settle(struct bare_db *db)
{
	struct bare_pgsql *s = (struct bare_pgsql *)db;

	need_sent(s, PQpipelineSync(s->h));
	for (unsigned i = 0; i < s->n; i++)
		take(s, s->rets[i]);
	PQclear(need(s, PQgetResult(s->h)));
	s->n = 0;
}

static void
sent(struct bare_pgsql *s, int ok, int64_t *ret)
{
	need_sent(s, ok);
	s->rets[s->n++] = ret;
	if (s->n == QUEUE_MAX)
		settle(&s->db);
}

static void
begin(struct bare_db *db)
{
	struct bare_pgsql *s = (struct bare_pgsql *)db;

	sent(s, PQsendQueryParams(s->h, "BEGIN", 0, NULL, NULL, NULL, NULL, 1), NULL);
}

static void
commit(struct bare_db *db)
{
	struct bare_pgsql *s = (struct bare_pgsql *)db;

	sent(s, PQsendQueryParams(s->h, "COMMIT", 0, NULL, NULL, NULL, NULL, 1), NULL);
	if (s->n)
		settle(db);
}

static void
run(struct bare_db *db, unsigned stmt, const struct bare_value *v, unsigned n, int64_t *ret)
{
	struct bare_pgsql *s = (struct bare_pgsql *)db;
	const char *values[BARE_PARAMS_MAX];
	int lengths[BARE_PARAMS_MAX], formats[BARE_PARAMS_MAX];
	int64_t ints[BARE_PARAMS_MAX];
	char name[8];

	for (unsigned i = 0; i < n; i++) {
		ints[i] = (int64_t)htobe64((uint64_t)v[i].i);
		values[i] = v[i].p ? v[i].p : (const char *)&ints[i];
		lengths[i] = v[i].p ? (int)v[i].n : (int)sizeof(ints[i]);
		formats[i] = 1;
	}
	snprintf(name, sizeof(name), "s%u", stmt);
	sent(s, PQsendQueryPrepared(s->h, name, (int)n, values, lengths, formats, 1), ret);
}

static void
done(struct bare_db *db)
{
	struct bare_pgsql *s = (struct bare_pgsql *)db;

	PQfinish(s->h);
	free(s);
}

struct bare_db *
bare_pgsql_open(const char *url)
{
	struct bare_pgsql *s = calloc(1, sizeof(*s));
	char name[8];

	if (!s)
		abort();
	s->db = (struct bare_db){begin, run, settle, commit, done};
	s->h = PQconnectdb(url);
	if (PQstatus(s->h) != CONNECTION_OK)
		abort();
	for (unsigned i = 0; i < BARE_STMTS; i++) {
		snprintf(name, sizeof(name), "s%u", i);
		PQclear(need(s, PQprepare(s->h, name, bare_sql[i], 0, NULL)));
	}
	need_sent(s, PQenterPipelineMode(s->h));
	return &s->db;
}
