/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a domain names for questions about its certificates (BR 3.2.2.4.13, 3.2.2.4.14, appendix A.1). */
#include "base/buf.h"
#include "base/clock.h"
#include "base/quote.h"
#include "model/name.h"
#include "net/mime.h"
#include "validate/caa.h"
#include "validate/seen_priv.h"

#define CONTACTS_MAX 32
#define QUOTE_MAX 100

struct contacts {
	struct arena *arena;
	struct seen seen;
	struct validate_contact *list;
	size_t n;
};

static void
add(struct contacts *t, struct str address, struct str proves, bool caa)
{
	ERR(e);

	for (size_t i = 0; i < t->n; i++) {
		if (str_eq(t->list[i].address, address) && str_eq(t->list[i].proves, proves))
			return;
	}
	if (t->n < CONTACTS_MAX && mail_address(address, &e) == 0)
		t->list[t->n++] = (struct validate_contact){address, proves, caa};
}

static void
see(struct contacts *t, const struct dns_query *q, const char *type)
{
	BUF(out, 4096);

	if (q->result < 0)
		buf_printf(&out, "%s: %.*s", err_info(q->result)->name, STRF(q->fault));
	else if (q->answer.n == 0)
		buf_put_c(&out, q->answer.nxdomain ? "NXDOMAIN" : "no record");
	for (unsigned i = 0; q->result == 0 && i < q->answer.n && i < 8; i++) {
		const struct dns_record *record = &q->answer.records[i];
		struct str text = STR("?");

		if (q->type == DNS_CAA)
			text = caa_text(record, t->arena);
		else if (dns_txt(record->rdata, t->arena, &text))
			text = quote_text(text, QUOTE_MAX, t->arena);
		buf_printf(&out, "%s%.*s", i ? ", " : "", STRF(text));
	}
	seen_add(&t->seen, arena_printf(t->arena, "%s %.*s", type, STRF(q->name)), arena_str(t->arena, buf_str(&out)));
}

static void
take_caa(struct contacts *t, const struct dns_query *q, struct str proves)
{
	struct dns_caa caa;

	see(t, q, "CAA");
	if (q->result < 0 || !str_eq(q->answer.canonical, q->name))
		return;
	for (unsigned i = 0; i < q->answer.n; i++) {
		if (dns_caa(q->answer.records[i].rdata, &caa) && str_eq_nocase(caa.tag, STR("contactemail")))
			add(t, arena_str(t->arena, caa.value), proves, true);
	}
}

/* The whole text is one address (BR appendix A.1.2). */
static void
take_txt(struct contacts *t, const struct dns_query *q, struct str proves)
{
	struct str text;

	see(t, q, "TXT");
	for (unsigned i = 0; q->result == 0 && i < q->answer.n; i++) {
		if (dns_txt(q->answer.records[i].rdata, t->arena, &text))
			add(t, text, proves, false);
	}
}

int
validate_contacts(const struct validate_conf *c, struct str base, struct str registered, struct arena *a,
	struct validate_contact **ret, size_t *ret_n, struct validate_result *ret_seen, struct err *e)
{
	int64_t deadline = clock_mono_ms() + c->timeout_ms;
	CLEANUP(dns_session_closep) struct dns_session *s = NULL;
	struct contacts t = {.arena = a, .seen = seen_begin(ret_seen, VALIDATE_EMAIL, base, a)};
	struct dns_query queries[2 * NAME_LEVELS_MAX];
	struct str levels[NAME_LEVELS_MAX];
	size_t n = name_levels(base, registered, levels);
	int r;

	for (size_t i = 0; i < n; i++) {
		struct str txt = arena_printf(a, "_validation-contactemail.%.*s", STRF(levels[i]));

		queries[2 * i] = (struct dns_query){.name = levels[i], .type = DNS_CAA};
		queries[2 * i + 1] = (struct dns_query){.name = txt, .type = DNS_TXT};
	}
	r = dns_session_open(c->dns, c->timeout_ms, &s, e);
	if (r < 0)
		return r;
	dns_session_ask_all(s, queries, (unsigned)(2 * n), (int)(deadline - clock_mono_ms()), a);
	t.list = arena_new_n(a, CONTACTS_MAX, struct validate_contact);
	for (size_t i = 0; i < n; i++) {
		take_caa(&t, &queries[2 * i], levels[i]);
		take_txt(&t, &queries[2 * i + 1], levels[i]);
	}
	*ret = t.list;
	*ret_n = t.n;
	return 0;
}
