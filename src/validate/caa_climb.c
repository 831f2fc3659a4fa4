/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the CAA records that speak for a name (RFC 8659, section 3). */
#include "base/buf.h"
#include "validate/caa.h"
#include "validate/seen_priv.h"

#define LABELS_MAX 127
#define SHOWN_MAX 8

static const char *
method_label(enum validate_method m)
{
	return m == VALIDATE_DNS ? "ca-dns" : m == VALIDATE_EMAIL ? "ca-email" : "ca-file";
}

static void
see(struct seen *s, const struct dns_query *q)
{
	struct str what = arena_printf(s->arena, "CAA %.*s", STRF(q->name));
	BUF(out, 4096);

	if (q->result == 0 && !str_eq(q->answer.canonical, q->name))
		what = arena_printf(s->arena, "%.*s (CNAME to %.*s)", STRF(what), STRF(q->answer.canonical));
	if (q->result < 0)
		buf_printf(&out, "%s: %.*s", err_info(q->result)->name, STRF(q->fault));
	else if (q->answer.n == 0)
		buf_put_c(&out, q->answer.nxdomain ? "NXDOMAIN" : "no record");
	for (unsigned i = 0; q->result == 0 && i < q->answer.n && i <= SHOWN_MAX; i++) {
		if (i == SHOWN_MAX)
			buf_printf(&out, ", and %u more", q->answer.n - i);
		else
			buf_printf(&out, "%s%.*s", i ? ", " : "", STRF(caa_text(&q->answer.records[i], s->arena)));
	}
	seen_add(s, what, arena_str(s->arena, buf_str(&out)));
}

/* From the name upwards, the first set that is not empty decides; what could not be looked up refuses. */
static int
judge(struct seen *s, const struct dns_query *queries, unsigned n, const struct caa_asker *who, struct err *e)
{
	for (unsigned i = 0; i < n; i++) {
		const struct dns_query *q = &queries[i];

		see(s, q);
		if (q->result < 0)
			return err_set(e, E_CAA_FAILED, "whether %.*s forbids issuing is not known: %.*s", STRF(q->name),
				STRF(q->fault));
		if (q->answer.n > 0) {
			s->result->name_proven = q->name;
			return caa_decide(q->answer.records, q->answer.n, who, q->name, s->arena, e);
		}
	}
	return 0;
}

int
validate_caa(const struct validate_conf *c, const struct validate_caa_ask *ask, struct arena *a,
	struct validate_result *ret, struct err *e)
{
	struct caa_asker who = {.identities = c->caa_identities, .n_identities = c->n_caa_identities,
		.wildcard = ask->wildcard, .method = method_label(ask->method), .account_uri = ask->account_uri};
	struct dns_query *queries = arena_new_n(a, LABELS_MAX, struct dns_query);
	struct seen s = seen_begin(ret, ask->method, ask->base, a);
	CLEANUP(dns_session_closep) struct dns_session *session = NULL;
	struct str up = ask->base;
	struct addr ip;
	unsigned n = 0;
	int r;

	if (addr_parse_ip(ask->base, &ip))
		return 0;
	while (up.n && n < LABELS_MAX) {
		queries[n++] = (struct dns_query){.name = up, .type = DNS_CAA};
		str_cut(&up, '.');
	}
	if (ask->fresh) {
		r = dns_session_open(c->dns, c->timeout_ms, &session, e);
		if (r < 0)
			return r;
		dns_session_ask_all(session, queries, n, c->timeout_ms, a);
	} else {
		dns_ask_all(c->dns, queries, n, c->timeout_ms, a);
	}
	return judge(&s, queries, n, &who, e);
}
