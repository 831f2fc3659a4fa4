/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Applications submitted and validated, against a DNS server that validate.py runs: the records to publish go to a file, a
 * line on standard input says that they are there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "load.h"
#include "service/apply.h"
#include "service/purchase.h"

#define APPLICANTS 64
#define LOOKS 8 /* threads of the lane that validates */
#define BUY_MAX 1000 /* of one bill */
#define PRODUCT "digicert-dv-single"

struct one {
	int64_t subscription, application;
	struct str name, csr, where, value; /* csr: PEM */
	double took;
};

struct all {
	struct world *w;
	struct one *ones;
	size_t n;
	struct arena *arena;
};

static void
buy(struct all *t)
{
	ARENA(a);
	struct row_account account;
	ERR(e);

	world_need(ledger_top_up(t->w->svc, &t->w->staff, t->w->owner.account, INT64_C(100000000000), STR("bench"), &a, &account,
			   &e),
		&e, "top-up");
	for (size_t done = 0; done < t->n;) {
		struct purchase in = {.product = STR(PRODUCT), .quantity = (int64_t)MIN(t->n - done, (size_t)BUY_MAX),
			.months = 12, .n_common = 1, .pay = true};
		struct row_subscription *subs;
		struct row_bill bill;
		size_t n;

		world_need(purchase_make(t->w->svc, &t->w->owner, &in, &a, &bill, &subs, &n, &e), &e, "purchase");
		for (size_t i = 0; i < n; i++)
			t->ones[done++].subscription = subs[i].id;
	}
}

static void
prepare(struct all *t)
{
	buy(t);
	for (size_t i = 0; i < t->n; i++) {
		t->ones[i].name = arena_printf(t->arena, "host-%zu.signet-bench.com", i);
		t->ones[i].csr = load_signing_request(t->arena, t->ones[i].name);
	}
}

static void
submit_one(void *arg, size_t i)
{
	struct all *t = arg;
	struct one *one = &t->ones[i];
	struct apply in = {.subscription = one->subscription, .names = &one->name, .n_names = 1, .no_companions = true,
		.method = METHOD_DNS, .key_source = KEY_SOURCE_CSR, .csr = one->csr, .submit = true,
		.contact = {STR("Li"), STR("li@signet-bench.com"), STR("+86 10 1234 5678")}};
	struct application_view v;
	double start = now_s();
	ARENA(a);
	ERR(e);

	world_need(apply_create(t->w->svc, &t->w->owner, &in, &a, &v, &e), &e, "apply");
	one->took = now_s() - start;
	one->application = v.row.id;
}

/* What the applicant would publish now. */
static void
publish(struct all *t, const char *path)
{
	FILE *f = fopen(path, "we");
	char line[8];
	ERR(e);

	if (!f)
		abort();
	for (size_t i = 0; i < t->n; i++) {
		ARENA(a);
		struct application_view v;
		struct publish p;

		world_need(apply_show(t->w->svc, &t->w->owner, t->ones[i].application, &a, &v, &e), &e, "application");
		p = apply_publish(t->w->svc, &v.row, &v.authzs[0], &a);
		fprintf(f, "%.*s %.*s\n", STRF(p.where), STRF(p.value));
	}
	if (fclose(f) != 0)
		abort();
	printf("published\n");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		exit(1);
}

static void
verify_one(void *arg, size_t i)
{
	struct all *t = arg;
	struct one *one = &t->ones[i];
	struct application_view v;
	struct verify_name *names;
	double start = now_s();
	size_t n;
	ARENA(a);
	ERR(e);

	world_need(apply_verify(t->w->svc, &t->w->owner, one->application, &a, &v, &names, &n, &e), &e, "verify");
	one->took = now_s() - start;
	if (v.row.state != APPLICATION_ISSUED) {
		fprintf(stderr, "application %lld is not issued: %.*s\n", (long long)v.row.id, STRF(n ? names[0].message : STR("")));
		abort();
	}
}

static void
measure(struct all *t, const char *engine, const char *what, unsigned threads, void (*fn)(void *arg, size_t i))
{
	double start = now_s(), cpu = cpu_s(), *took = calloc(t->n, sizeof(*took)), s;
	char name[100];

	if (!took)
		abort();
	crowd("bench", threads, t->n, fn, t);
	s = now_s() - start;
	for (size_t i = 0; i < t->n; i++)
		took[i] = t->ones[i].took * 1000;
	snprintf(name, sizeof(name), "%s, %u at once, %s", what, threads, engine);
	figure(name, (double)t->n / s, "/s", NULL, 0, NULL);
	figure("  one takes, half of them", percentile(took, t->n, 50), "ms", "99 of 100", percentile(took, t->n, 99), NULL);
	figure("  processor time of one, this process", (cpu_s() - cpu) / (double)t->n * 1e6, "us", NULL, 0, NULL);
	free(took);
}

int
validate_main(int argc, char **argv)
{
	static struct world w;
	ARENA(a);
	struct all t = {.w = &w, .arena = &a};
	uint64_t n;

	if (argc != 5 || !str_u64(str_c(argv[1]), 100000, &n))
		return 2;
	if (!world_open_with(&w, argv[0], SIGNER_EXE)) {
		fact("skipped", "validation on %s: no such server is installed", argv[0]);
		return 0;
	}
	world_stop(&w);
	w.resolver = argv[2];
	w.trust_anchor = argv[3];
	world_start(&w);
	t.n = (size_t)n;
	t.ones = arena_new_n(&a, t.n, struct one);
	prepare(&t);
	measure(&t, argv[0], "applications submitted", APPLICANTS, submit_one);
	publish(&t, argv[4]);
	measure(&t, argv[0], "applications validated (DNS, CAA) and issued", LOOKS, verify_one);
	world_close(&w);
	return 0;
}
