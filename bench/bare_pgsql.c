/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bare_pgsql {
	struct bare_db db;
	PGconn *h;
};

static PGresult *
need(struct bare_pgsql *s, PGresult *res)
{
	ExecStatusType st = PQresultStatus(res);

	if (st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK)
		return res;
	fprintf(stderr, "postgresql: %s\n", PQerrorMessage(s->h));
	abort();
}

static void
begin(struct bare_db *db)
{
	struct bare_pgsql *s = (struct bare_pgsql *)db;

	PQclear(need(s, PQexec(s->h, "BEGIN")));
}

static void
commit(struct bare_db *db)
{
	struct bare_pgsql *s = (struct bare_pgsql *)db;

	PQclear(need(s, PQexec(s->h, "COMMIT")));
}

static int64_t
run(struct bare_db *db, unsigned stmt, const struct bare_value *v, unsigned n)
{
	struct bare_pgsql *s = (struct bare_pgsql *)db;
	const char *values[BARE_PARAMS_MAX];
	int lengths[BARE_PARAMS_MAX], formats[BARE_PARAMS_MAX];
	int64_t ints[BARE_PARAMS_MAX], id = 0;
	char name[8];
	PGresult *res;

	for (unsigned i = 0; i < n; i++) {
		ints[i] = (int64_t)htobe64((uint64_t)v[i].i);
		values[i] = v[i].p ? v[i].p : (const char *)&ints[i];
		lengths[i] = v[i].p ? (int)v[i].n : (int)sizeof(ints[i]);
		formats[i] = 1;
	}
	snprintf(name, sizeof(name), "s%u", stmt);
	res = need(s, PQexecPrepared(s->h, name, (int)n, values, lengths, formats, 1));
	if (PQntuples(res) == 1) {
		memcpy(&id, PQgetvalue(res, 0, 0), sizeof(id));
		id = (int64_t)be64toh((uint64_t)id);
	}
	PQclear(res);
	return id;
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
	s->db = (struct bare_db){begin, run, commit, done};
	s->h = PQconnectdb(url);
	if (PQstatus(s->h) != CONNECTION_OK)
		abort();
	for (unsigned i = 0; i < BARE_STMTS; i++) {
		snprintf(name, sizeof(name), "s%u", i);
		PQclear(need(s, PQprepare(s->h, name, bare_sql[i], 0, NULL)));
	}
	return &s->db;
}
