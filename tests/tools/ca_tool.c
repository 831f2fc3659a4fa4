/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives src/ca from a script: keeps hierarchies with throw-away keys in memory and answers blocks on stdin. A block is
 * a line with the command, lines "key value", and an empty line; the answer is lines "key hex", or "refused message",
 * and an empty line. tests/contract/ca_*.py speak it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "base/rfc3339.h"
#include "ca/crl.h"
#include "ca/hierarchy.h"
#include "ca/ocsp.h"
#include "crypto/cert.h"

#define LINES_MAX 4096
#define ISSUERS_MAX 8

struct line {
	struct str key, value;
};

struct block {
	struct arena a;
	struct str command;
	unsigned n;
	struct line line[LINES_MAX];
};

static struct issuer {
	struct ca_issuer is;
	struct key *private;
} issuers[ISSUERS_MAX];
static unsigned n_issuers;
static struct arena forever;
static struct str status_url;

NORETURN static void
die(const char *what)
{
	fprintf(stderr, "ca_tool: %s\n", what);
	exit(2);
}

/* -- reading */

static struct str
value(const struct block *b, const char *key)
{
	for (unsigned i = 0; i < b->n; i++)
		if (str_eq_c(b->line[i].key, key))
			return b->line[i].value;
	return (struct str){NULL, 0};
}

static struct blob
hex_value(struct block *b, struct str s)
{
	struct blob ret;

	if (!hex_decode(&b->a, s, &ret))
		die("a value is no hexadecimal");
	return ret;
}

static int64_t
time_value(const struct block *b, const char *key)
{
	int64_t ms;

	if (!rfc3339_get(value(b, key), &ms))
		die(key);
	return ms;
}

static uint64_t
number_value(const struct block *b, const char *key)
{
	uint64_t v = 0;
	struct str s = value(b, key);

	if (s.p && !str_u64(s, UINT32_MAX, &v))
		die(key);
	return v;
}

static struct issuer *
issuer_find(struct str name)
{
	for (unsigned i = 0; i < n_issuers; i++)
		if (str_eq(issuers[i].is.name, name))
			return &issuers[i];
	return NULL;
}

static bool
block_read(struct block *b)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t n;

	b->n = 0;
	b->command = (struct str){NULL, 0};
	while ((n = getline(&text, &size, stdin)) > 1) {
		struct str rest = arena_str(&b->a, (struct str){text, (size_t)n - 1}), key = str_cut(&rest, ' ');

		if (!b->command.p) {
			b->command = key;
			continue;
		}
		if (b->n == LINES_MAX)
			die("a block is too long");
		b->line[b->n++] = (struct line){key, rest};
	}
	free(text);
	return b->command.p != NULL;
}

/* -- answering */

static void
answer(struct block *b, const char *key, struct blob bytes)
{
	printf("%s %s\n", key, arena_cstr(&b->a, hex_encode(&b->a, bytes)));
}

static void
refused(const struct err *e)
{
	printf("refused %s\n", e->msg);
}

static void
subject_of(const struct block *b, struct ca_subject *s)
{
	*s = (struct ca_subject){.c = value(b, "c"), .st = value(b, "st"), .l = value(b, "l"), .o = value(b, "o"),
		.ou = value(b, "ou"), .cn = value(b, "cn"), .serial_number = value(b, "serial_number"),
		.business_category = value(b, "business_category"), .jurisdiction_c = value(b, "jurisdiction_c"),
		.jurisdiction_st = value(b, "jurisdiction_st"), .jurisdiction_l = value(b, "jurisdiction_l")};
}

static const uint8_t *
serial_of(struct block *b)
{
	struct blob s = hex_value(b, value(b, "serial"));

	if (s.n != SERIAL_LEN)
		die("serial");
	return s.p;
}

static int
sign(struct block *b, const struct issuer *is, enum key_alg alg, struct blob tbs, struct blob *ret, struct err *e)
{
	struct blob sig;
	int r = key_sign(is->private, tbs, &b->a, &sig, e);

	if (r == 0)
		*ret = cert_assemble(tbs, alg, sig, &forever);
	return r;
}

static void
birth(struct block *b)
{
	const struct hierarchy_row *row = hierarchy_find(value(b, "name"));
	struct issuer *in = &issuers[n_issuers];
	struct ca_birth birth = {0};
	struct issuer *parent;
	struct blob tbs, cert;
	ERR(e);

	if (!row || n_issuers == ISSUERS_MAX)
		die("no such hierarchy");
	parent = row->parent ? issuer_find(str_c(row->parent)) : NULL;
	birth.profile = profile_find(str_c(row->profile), 0);
	birth.subject = (struct ca_subject){.c = str_c(row->c), .o = str_c(row->o), .cn = str_c(row->cn)};
	birth.alg = row->alg;
	birth.parent = parent ? &parent->is : NULL;
	ca_validity(birth.profile, birth.parent, time_value(b, "now"), row->validity_ms, 0, &birth.not_before_ms,
		&birth.not_after_ms);
	*in = (struct issuer){.is = {.id = n_issuers + 1, .name = str_c(row->name), .shards = row->shards,
				      .status_url = status_url, .parent = parent ? &parent->is : NULL}};
	if (key_generate(row->alg, &in->private, &e) < 0 || key_spki(in->private, &b->a, &birth.spki, &e) < 0 ||
		ca_birth_tbs(&birth, serial_of(b), &b->a, &tbs, &e) < 0 ||
		sign(b, parent ? parent : in, parent ? parent->is.alg : row->alg, tbs, &cert, &e) < 0 ||
		ca_issuer_load(&in->is, cert, &forever, &e) < 0) {
		refused(&e);
		return;
	}
	n_issuers++;
	answer(b, "tbs", tbs);
	answer(b, "cert", cert);
	answer(b, "spki", birth.spki);
}

static void
leaf(struct block *b)
{
	struct issuer *is = issuer_find(value(b, "issuer"));
	struct ca_request rq = {.profile = profile_find(value(b, "profile"), 0)};
	struct str *dns = arena_new_n(&b->a, b->n, struct str);
	struct blob *ip = arena_new_n(&b->a, b->n, struct blob), tbs, cert;
	ERR(e);

	if (!is || !rq.profile)
		die("no such issuer or profile");
	subject_of(b, &rq.subject);
	for (unsigned i = 0; i < b->n; i++) {
		if (str_eq_c(b->line[i].key, "dns"))
			dns[rq.n_dns++] = b->line[i].value;
		if (str_eq_c(b->line[i].key, "ip"))
			ip[rq.n_ip++] = hex_value(b, b->line[i].value);
	}
	rq.dns = dns;
	rq.ip = ip;
	rq.spki = hex_value(b, value(b, "spki"));
	rq.must_staple = value(b, "must_staple").p != NULL;
	if (value(b, "now").p)
		ca_validity(rq.profile, &is->is, time_value(b, "now"), 0, 0, &rq.not_before_ms, &rq.not_after_ms);
	else {
		rq.not_before_ms = time_value(b, "not_before");
		rq.not_after_ms = time_value(b, "not_after");
	}
	if (ca_tbs_build(&is->is, &rq, serial_of(b), &b->a, &tbs, &e) < 0 ||
		sign(b, is, is->is.alg, tbs, &cert, &e) < 0) {
		refused(&e);
		return;
	}
	answer(b, "tbs", tbs);
	answer(b, "cert", cert);
}

/* "entry SERIAL SECONDS REASON" */
static void
crl_entry(struct block *b, struct str text, struct crl_writer *w)
{
	struct crl_entry en = {.serial = hex_value(b, str_cut(&text, ' '))};
	uint64_t seconds, reason;

	if (!str_u64(str_cut(&text, ' '), UINT32_MAX, &seconds) || !str_u64(text, 10, &reason))
		die("entry");
	en.revoked_ms = (int64_t)seconds * 1000;
	en.reason = (int)reason;
	crl_add(w, &en);
}

static void
crl(struct block *b)
{
	struct issuer *is = issuer_find(value(b, "issuer"));
	struct crl_writer *w;
	struct blob tbs, sig;
	uint8_t *der;
	size_t n;
	ERR(e);

	if (!is)
		die("no such issuer");
	if (crl_begin(&is->is, (unsigned)number_value(b, "shard"), (int64_t)number_value(b, "number"),
		    time_value(b, "this_update"), time_value(b, "next_update"), &w, &e) < 0) {
		refused(&e);
		return;
	}
	for (unsigned i = 0; i < b->n; i++)
		if (str_eq_c(b->line[i].key, "entry"))
			crl_entry(b, b->line[i].value, w);
	if (crl_tbs(w, &tbs, &e) < 0 || key_sign(is->private, tbs, &b->a, &sig, &e) < 0 ||
		crl_end(w, &sig, &der, &n, &e) < 0) {
		refused(&e);
		return;
	}
	answer(b, "crl", BLOB(der, n));
	free(der);
}

static enum ocsp_status
status_of(const struct block *b)
{
	struct str s = value(b, "status");

	return str_eq_c(s, "good") ? OCSP_GOOD : str_eq_c(s, "revoked") ? OCSP_REVOKED : OCSP_UNKNOWN;
}

static void
ocsp(struct block *b)
{
	struct issuer *is = issuer_find(value(b, "issuer"));
	struct ocsp_request rq;
	struct ocsp_answer an[OCSP_CERTS_MAX];
	struct blob tbs, sig;
	ERR(e);

	if (!is)
		die("no such issuer");
	if (!ocsp_request_read(hex_value(b, value(b, "request")), &rq)) {
		answer(b, "response", ocsp_failure(OCSP_MALFORMED));
		return;
	}
	for (unsigned i = 0; i < rq.n; i++) {
		if (!ocsp_names_issuer(&rq.certs[i], &is->is)) {
			answer(b, "response", ocsp_failure(OCSP_UNAUTHORIZED));
			return;
		}
		an[i] = (struct ocsp_answer){.id = rq.certs[i],
			.status = status_of(b),
			.revoked_ms = value(b, "revoked").p ? time_value(b, "revoked") : 0,
			.reason = (int)number_value(b, "reason"), .this_update_ms = time_value(b, "this_update"),
			.next_update_ms = time_value(b, "next_update")};
	}
	if (ocsp_tbs(&is->is, an, rq.n, rq.nonce, time_value(b, "this_update"), &b->a, &tbs, &e) < 0 ||
		key_sign(is->private, tbs, &b->a, &sig, &e) < 0) {
		refused(&e);
		return;
	}
	answer(b, "response", ocsp_response(&is->is, tbs, sig, &b->a));
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fn)(struct block *b);
	} commands[] = {{"birth", birth}, {"leaf", leaf}, {"crl", crl}, {"ocsp", ocsp}};
	struct block *b = calloc(1, sizeof(*b));

	if (argc != 2 || !b)
		die("usage: ca_tool STATUS_URL");
	status_url = str_c(argv[1]);
	while (block_read(b)) {
		size_t i = 0;

		while (!str_eq_c(b->command, commands[i].name))
			if (++i == ARRAY_LEN(commands))
				die("no such command");
		commands[i].fn(b);
		printf("\n");
		fflush(stdout);
		arena_done(&b->a);
	}
	for (unsigned i = 0; i < n_issuers; i++)
		key_free(issuers[i].private);
	arena_done(&forever);
	free(b);
	return 0;
}
