/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of src/lint over certificates and revocation lists in files. Offline: no service is asked. */
#include <stdio.h>

#include "base/der.h"
#include "base/rfc3339.h"
#include "cli/offline.h"
#include "crypto/pem.h"
#include "lint/lint.h"
#include "text/psl.h"

struct linting {
	struct cli *c;
	struct jsonw *w; /* NULL: text */
	struct lint_conf conf;
	const char *file;
	unsigned nth; /* in the file, from 1 */
	size_t counts[3]; /* by severity, in all files */
	size_t judged;
};

static void
put_names(struct jsonw *w, const char *aka)
{
	struct str rest = str_c(aka);

	jsonw_key(w, "also_known_as");
	jsonw_array(w);
	while (rest.n) {
		struct str one = str_cut(&rest, ' ');
		char room[128];

		/* one of zlint's names has a blank */
		for (size_t i = 0; i < MIN(one.n, sizeof(room)); i++)
			room[i] = one.p[i] == '~' ? ' ' : one.p[i];
		jsonw_str(w, (struct str){room, MIN(one.n, sizeof(room))});
	}
	jsonw_array_end(w);
}

static void
put_json(const struct linting *l, const struct lint_finding *f)
{
	struct jsonw *w = l->w;

	jsonw_object(w);
	jsonw_kv_c(w, "file", l->file);
	jsonw_kv_int(w, "nth", l->nth);
	jsonw_kv_c(w, "rule", f->rule->id);
	jsonw_kv_c(w, "source", f->rule->source);
	jsonw_kv_c(w, "severity", lint_severity_word(f->severity));
	jsonw_kv_c(w, "place", f->place);
	jsonw_kv_c(w, "text", f->rule->text);
	jsonw_kv_c(w, "cure", f->rule->cure);
	put_names(w, f->aka);
	jsonw_object_end(w);
}

static void
put_text(const struct linting *l, const struct lint_finding *f)
{
	printf("%s", l->file);
	if (l->nth > 1)
		printf(" (number %u)", l->nth);
	printf(": %s: %s [%s] %s: %s\n", lint_severity_word(f->severity), f->place, f->rule->source, f->rule->id,
		f->rule->text);
	printf("  %s\n", f->rule->cure);
	if (f->aka[0])
		printf("  also known as %s\n", f->aka);
}

static void
judge(struct linting *l, struct blob der, bool crl)
{
	struct lint_finding *f;
	size_t n;
	ARENA(a);

	if (crl)
		lint_crl(der, &a, &f, &n);
	else
		lint_certificate(der, &l->conf, &a, &f, &n);
	l->judged++;
	for (size_t i = 0; i < n; i++) {
		l->counts[f[i].severity]++;
		if (l->w)
			put_json(l, &f[i]);
		else
			put_text(l, &f[i]);
	}
}

/* A file without PEM is DER: a CertificateList has its version or algorithm where a certificate has [0] or a serial. */
static bool
der_is_crl(struct blob der)
{
	struct cursor c = cursor_of(der), outer, in;

	if (!der_open(&c, DER_SEQUENCE, &outer) || !der_open(&outer, DER_SEQUENCE, &in))
		return false;
	der_optional(&in, DER_INTEGER, NULL);
	return der_optional(&in, DER_SEQUENCE, NULL) && der_optional(&in, DER_SEQUENCE, NULL) &&
	       (der_peek(&in) == DER_UTC_TIME || der_peek(&in) == DER_GENERALIZED_TIME);
}

static int
judge_pem(struct linting *l, struct blob file, struct err *e)
{
	struct pem_reader reader;
	struct pem_block b;
	int r;

	r = pem_open(file, l->c->arena, &reader, e);
	if (r < 0)
		return r;
	while ((r = pem_next(&reader, l->c->arena, &b, e)) == 0) {
		bool crl = str_eq(b.label, STR("X509 CRL"));

		if (!crl && !str_eq(b.label, STR("CERTIFICATE")) && !str_eq(b.label, STR("X509 CERTIFICATE")))
			continue;
		l->nth++;
		judge(l, b.body, crl);
	}
	return e->code == E_NOT_FOUND ? 0 : r;
}

static int
judge_file(struct linting *l, struct err *e)
{
	struct blob bytes;
	size_t before = l->judged;
	int r;

	r = offline_file(l->c, l->file, &bytes, e);
	if (r < 0)
		return r;
	l->nth = 0;
	if (bytes.n && bytes.p[0] == DER_SEQUENCE) {
		l->nth = 1;
		judge(l, bytes, der_is_crl(bytes));
		return 0;
	}
	r = judge_pem(l, bytes, e);
	if (r == 0 && l->judged == before)
		r = err_set(e, E_CERT_UNREADABLE, "\"%s\" holds no certificate and no revocation list", l->file);
	return r;
}

static int
judge_files(struct linting *l, struct err *e)
{
	for (unsigned i = 0; i < l->c->n_args; i++) {
		int r;

		l->file = l->c->args[i];
		r = judge_file(l, e);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
lint_json(struct linting *l, struct err *e)
{
	BUF(b, CLI_ANSWER_MAX);
	struct jsonw w;
	int r;

	jsonw_init(&w, &b);
	l->w = &w;
	jsonw_object(&w);
	jsonw_key(&w, "findings");
	jsonw_array(&w);
	r = judge_files(l, e);
	if (r < 0)
		return r;
	jsonw_array_end(&w);
	jsonw_kv_int(&w, "judged", (int64_t)l->judged);
	jsonw_kv_bool(&w, "ok", l->counts[LINT_ERROR] == 0);
	jsonw_object_end(&w);
	printf("%.*s\n", (int)b.n, b.p);
	return 0;
}

/* -- the rules themselves */

static void
put_day(struct jsonw *w, const char *key, int64_t ms)
{
	struct civil c;
	char day[32];

	if (!ms) {
		jsonw_key(w, key);
		jsonw_null(w);
		return;
	}
	civil_of_ms(ms, &c);
	snprintf(day, sizeof(day), "%04d-%02d-%02d", c.year, c.month, c.day);
	jsonw_kv_c(w, key, day);
}

static void
rules_json(struct jsonw *w)
{
	jsonw_array(w);
	for (const struct lint_rule *r = NULL; (r = lint_next(r));) {
		jsonw_object(w);
		jsonw_kv_c(w, "rule", r->id);
		jsonw_kv_c(w, "source", r->source);
		jsonw_kv_c(w, "severity", lint_severity_word(r->severity));
		put_day(w, "from", r->from_ms);
		put_day(w, "until", r->until_ms);
		jsonw_kv_bool(w, "house", !r->cure);
		jsonw_kv_c(w, "text", r->text);
		jsonw_kv_c(w, "cure", r->cure);
		put_names(w, r->aka);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static int
list_rules(const struct cli *c)
{
	BUF(b, CLI_ANSWER_MAX);
	struct jsonw w;

	if (!c->json) {
		for (const struct lint_rule *r = NULL; (r = lint_next(r));)
			printf("%-8s %s [%s]: %s\n", lint_severity_word(r->severity), r->id, r->source, r->text);
		return 0;
	}
	jsonw_init(&w, &b);
	rules_json(&w);
	printf("%.*s\n", (int)b.n, b.p);
	return 0;
}

static int
run_lint(struct cli *c, struct err *e)
{
	struct linting l = {.c = c, .conf = {.public_rules = !opt_given(c, "private")}};
	int r;

	if (opt_given(c, "rules"))
		return list_rules(c);
	if (!c->n_args)
		return err_set(e, E_USAGE, "no file was named");
	/* without the list the rules about top-level domains are silent */
	if (psl_init(e) == 0) {
		l.conf.tld_known = psl_tld_known;
		l.conf.suffix = psl_is_suffix;
	}
	r = c->json ? lint_json(&l, e) : judge_files(&l, e);
	if (r < 0)
		return offline_no(c, e);
	if (!c->json)
		fprintf(stderr, "%zu judged: %zu errors, %zu warnings, %zu notices\n", l.judged, l.counts[LINT_ERROR],
			l.counts[LINT_WARN], l.counts[LINT_NOTE]);
	return l.counts[LINT_ERROR] ? 1 : 0;
}

const struct cmd cmds_lint[] = {
	{"lint", NULL, "[FILE...]", 0, CMD_ARGS_MAX,
		"judge certificates and revocation lists by the rules of their kinds",
		"Works without a service, on PEM (any number in a file) and DER. Each finding says which rule is\n"
		"broken, where it comes from, what to do, and what zlint and pkilint call it. Exit code 0: none but\n"
		"warnings and notices; 1: an error, or a file that cannot be read. All rules: docs/lint-rules.md.",
		"  signet lint chain.pem\n"
		"  signet lint --json server.crt ca.crl",
		{{"private", NULL, "of a private hierarchy: without the rules for public CAs"},
			{"rules", NULL, "list the rules; judge nothing"}, CMD_NONE},
		run_lint},
	{0},
};
