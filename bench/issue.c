/* SPDX-License-Identifier: Apache-2.0 */
/* Durable issuing through the service floor, beside a bare loop that writes the same rows. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bare.h"
#include "base/log.h"
#include "bench.h"
#include "load.h"
#include "pg.h"
#include "service/svc_priv.h"

#define IN_FLIGHT 64
#define ROUNDS 4 /* the service and its peer take turns: both see the same machine */
#define USUAL 8000

struct issuing_all {
	const struct load *load;
	const int64_t *ids;
	double *took;
};

static void
issue_one(void *arg, size_t i)
{
	struct issuing_all *t = arg;
	double start = now_s();
	ERR(e);

	world_need(issue_application(t->load->w->svc, t->load->w->staff.account, t->ids[i], &e), &e, "issue");
	t->took[i] = now_s() - start;
}

struct counting {
	int64_t account, n;
};

static int
count_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct counting *t = arg;

	return q_certificate_count_between(tx, t->account, CERTIFICATE_ISSUED, 0, INT64_MAX, &t->n, e);
}

/* Nothing counts that is not there. */
static void
check_all(struct world *w, size_t n)
{
	struct counting t = {w->staff.account, 0};
	ERR(e);

	world_need(db_read(w->db, count_body, &t, &e), &e, "count");
	if (t.n != (int64_t)n) {
		fprintf(stderr, "%lld certificates instead of %zu\n", (long long)t.n, n);
		abort();
	}
}

/* What was measured over all rounds. */
struct sums {
	double service_s, service_cpu_s, bare_s, bare_cpu_s;
	double service_pg_s, bare_pg_s; /* of PostgreSQL */
};

static double
pg_cpu_s(const struct world *w)
{
	return w->pg ? pg_server_cpu_s(w->pg) : 0;
}

static void
round_run(struct world *w, const struct load *load, const char *url, size_t first, size_t n, double *took, struct sums *sums)
{
	struct issuing_all t = {load, load->ids + first, took};
	double start = now_s(), cpu = cpu_s(), pg = pg_cpu_s(w);

	crowd("issue", IN_FLIGHT, n, issue_one, &t);
	sums->service_s += now_s() - start;
	sums->service_cpu_s += cpu_s() - cpu;
	sums->service_pg_s += pg_cpu_s(w) - pg;
	pg = pg_cpu_s(w);
	bare_issue(w, url, t.ids + n, n, &sums->bare_s, &sums->bare_cpu_s);
	sums->bare_pg_s += pg_cpu_s(w) - pg;
}

static void
show(const char *engine, const char *mode, size_t n, const struct sums *sums, double *took)
{
	bool sqlite = strcmp(engine, "sqlite") == 0;
	char name[100];

	snprintf(name, sizeof(name), "issuing, %s, signer %s", engine, mode);
	figure(name, (double)n / sums->service_s, "certificates/s", "bare loop", (double)n / sums->bare_s,
		sqlite ? "2000 / 3500" : "800 / 1500");
	figure("  one takes, half of them", percentile(took, n, 50) * 1e3, "ms", NULL, 0, NULL);
	figure("  one takes, 99 of 100", percentile(took, n, 99) * 1e3, "ms", NULL, 0, NULL);
	figure("  processor time of one, this process", sums->service_cpu_s / (double)n * 1e6, "us", "bare loop",
		sums->bare_cpu_s / (double)n * 1e6, NULL);
	if (!sqlite)
		figure("  processor time of one, PostgreSQL", sums->service_pg_s / (double)n * 1e6, "us", "bare loop",
			sums->bare_pg_s / (double)n * 1e6, NULL);
}

static void
run(struct world *w, const char *engine, const char *mode, const char *url, size_t n)
{
	size_t part = n / ROUNDS;
	double *took = calloc(part * ROUNDS, sizeof(*took));
	struct sums sums = {0};
	struct load load;

	if (!took || part == 0)
		abort();
	load_make(&load, w, 2 * part * ROUNDS);
	for (size_t i = 0; i < ROUNDS; i++)
		round_run(w, &load, url, 2 * i * part, part, took + i * part, &sums);
	check_all(w, 2 * part * ROUNDS);
	show(engine, mode, part * ROUNDS, &sums, took);
	load_done(&load);
	free(took);
}

int
issue_main(int argc, char **argv)
{
	static struct world w;
	uint64_t n = USUAL;
	char url[160];
	int log;

	if (argc < 2 || (argc > 2 && !str_u64(str_c(argv[2]), 1000000, &n)))
		return 2;
	if (!world_open_with(&w, argv[0], strcmp(argv[1], "process") == 0 ? SIGNER_EXE : NULL)) {
		fact("skipped", "issuing on %s: no such server is installed", argv[0]);
		return 0;
	}
	/* The service logs each certificate. */
	log = openat(w.dirfd, "log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	log_init("bench", log, LOG_INFO);
	if (w.pg)
		snprintf(url, sizeof(url), "%s", pg_server_url(w.pg));
	else
		snprintf(url, sizeof(url), "sqlite:%s/signet.db", w.dir);
	run(&w, argv[0], argv[1], url, n);
	world_close(&w);
	close(log);
	return 0;
}
