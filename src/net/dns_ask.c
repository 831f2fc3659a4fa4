/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/quote.h"
#include "net/dns_priv.h"

#define NAME_ROOM 256

static const char *
type_name(enum dns_type t)
{
	static const struct {
		enum dns_type type;
		const char *name;
	} names[] = {{DNS_A, "A"}, {DNS_NS, "NS"}, {DNS_CNAME, "CNAME"}, {DNS_SOA, "SOA"}, {DNS_MX, "MX"}, {DNS_TXT, "TXT"},
		{DNS_AAAA, "AAAA"}, {DNS_CAA, "CAA"}};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].type == t)
			return names[i].name;
	return "?";
}

static const char *
rcode_name(int rcode)
{
	static const char *const names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};

	return rcode >= 0 && rcode < (int)ARRAY_LEN(names) ? names[rcode] : "an error";
}

static struct str
canonical_name(struct arena *a, const struct ub_result *res, struct str asked)
{
	struct str name = arena_str(a, res->canonname ? str_c(res->canonname) : asked);
	char *p = (char *)name.p; /* our copy */

	for (size_t i = 0; i < name.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + ('a' - 'A'));
	if (name.n && p[name.n - 1] == '.')
		name.n--;
	return name;
}

/* `bogus` comes first: such an answer may well have data and a good response code. */
static int
read_result(const struct ub_result *res, struct str name, enum dns_type type, struct arena *a, struct dns_answer *ret,
	struct err *e)
{
	if (res->bogus)
		return err_set(e, E_DNS_BOGUS, "the answer for %s %.*s fails DNSSEC validation: %.*s", type_name(type),
			STRF(name), STRF(quote_text(str_c(res->why_bogus ? res->why_bogus : "no reason given"), 120, a)));
	if (res->rcode != 0 && res->rcode != 3)
		return err_set(e, E_DNS_SERVFAIL, "the question for %s %.*s was answered with %s", type_name(type),
			STRF(name), rcode_name(res->rcode));
	*ret = (struct dns_answer){.nxdomain = res->nxdomain, .secure = res->secure, .rcode = res->rcode, .ttl_s = res->ttl,
		.canonical = canonical_name(a, res, name)};
	if (!res->havedata)
		return 0;
	while (res->data[ret->n])
		ret->n++;
	ret->records = arena_new_n(a, ret->n, struct dns_record);
	for (unsigned i = 0; i < ret->n; i++)
		ret->records[i].rdata = arena_blob(a, BLOB(res->data[i], (size_t)res->len[i]));
	return 0;
}

static struct dns_question *
ask_start(struct dns_channel *ch, struct str name, enum dns_type type)
{
	char text[NAME_ROOM];

	/* the library reads escapes: a backslash is not for us, and no name that was read has one */
	if (name.n == 0 || name.n >= sizeof(text) || str_find(name, '\\') >= 0 || str_find(name, '\0') >= 0)
		return NULL;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	return dns_question_start(ch, text, (int)type);
}

static int
ask_end(struct dns_question *q, struct str name, enum dns_type type, int64_t deadline_ms, struct arena *a,
	struct dns_answer *ret, struct err *e)
{
	struct ub_result *res;
	int ub_err, r;

	if (!q)
		return err_set(e, E_DNS_SERVFAIL, "the question for %s \"%.*s\" cannot be asked", type_name(type),
			STRF(quote_text(name, 100, a)));
	res = dns_question_end(q, deadline_ms, &ub_err);
	if (!res && ub_err == 0)
		return err_set(e, E_DNS_TIMEOUT, "the question for %s %.*s was not answered in time", type_name(type),
			STRF(name));
	if (!res)
		return err_set(e, E_DNS_SERVFAIL, "the question for %s %.*s failed: %s", type_name(type), STRF(name),
			ub_strerror(ub_err));
	r = read_result(res, name, type, a, ret, e);
	ub_resolve_free(res);
	return r;
}

static int
channel_ask(struct dns_channel *ch, struct str name, enum dns_type type, int timeout_ms, struct arena *a,
	struct dns_answer *ret, struct err *e)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;

	return ask_end(ask_start(ch, name, type), name, type, deadline, a, ret, e);
}

int
dns_session_ask(struct dns_session *s, struct str name, enum dns_type type, int timeout_ms, struct arena *a,
	struct dns_answer *ret, struct err *e)
{
	return channel_ask(&s->ch, name, type, timeout_ms, a, ret, e);
}

int
dns_ask(struct dns *d, struct str name, enum dns_type type, bool fresh, int timeout_ms, struct arena *a,
	struct dns_answer *ret, struct err *e)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	CLEANUP(dns_session_closep) struct dns_session *s = NULL;
	int r;

	if (!fresh)
		return channel_ask(&d->shared, name, type, timeout_ms, a, ret, e);
	r = dns_session_open(d, timeout_ms, &s, e);
	return r < 0 ? r : dns_session_ask(s, name, type, (int)(deadline - clock_mono_ms()), a, ret, e);
}

static void
channel_ask_all(struct dns_channel *ch, struct dns_query *queries, unsigned n, int timeout_ms, struct arena *a)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	struct dns_question **q = arena_new_n(a, n, struct dns_question *);

	for (unsigned i = 0; i < n; i++)
		q[i] = ask_start(ch, queries[i].name, queries[i].type);
	for (unsigned i = 0; i < n; i++) {
		ERR(e);

		queries[i].result = ask_end(q[i], queries[i].name, queries[i].type, deadline, a, &queries[i].answer, &e);
		queries[i].fault = queries[i].result < 0 ? arena_str(a, str_c(e.msg)) : (struct str){NULL, 0};
	}
}

void
dns_session_ask_all(struct dns_session *s, struct dns_query *queries, unsigned n, int timeout_ms, struct arena *a)
{
	channel_ask_all(&s->ch, queries, n, timeout_ms, a);
}

void
dns_ask_all(struct dns *d, struct dns_query *queries, unsigned n, int timeout_ms, struct arena *a)
{
	channel_ask_all(&d->shared, queries, n, timeout_ms, a);
}

static void
put_addresses(const struct dns_answer *an, int family, struct addr *out, size_t *n)
{
	size_t len = family == AF_INET ? 4 : 16;

	for (unsigned i = 0; i < an->n; i++) {
		if (an->records[i].rdata.n != len)
			continue;
		out[*n] = (struct addr){.family = family};
		memcpy(out[*n].ip, an->records[i].rdata.p, len);
		++*n;
	}
}

static int
channel_addresses(struct dns_channel *ch, struct str host, int timeout_ms, struct arena *a, struct addr **ret,
	size_t *ret_n, struct err *e)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	struct dns_question *q6 = ask_start(ch, host, DNS_AAAA), *q4 = ask_start(ch, host, DNS_A);
	struct dns_answer a6 = {0}, a4 = {0};
	ERR(e4);
	ERR(e6);
	int r4 = ask_end(q4, host, DNS_A, deadline, a, &a4, &e4);
	int r6 = ask_end(q6, host, DNS_AAAA, deadline, a, &a6, &e6);
	const struct err *worst = r6 == E_DNS_BOGUS || r4 == 0 ? &e6 : &e4;

	*ret_n = 0;
	*ret = arena_new_n(a, a4.n + a6.n, struct addr);
	put_addresses(&a6, AF_INET6, *ret, ret_n);
	put_addresses(&a4, AF_INET, *ret, ret_n);
	if (worst->code == E_DNS_BOGUS || (worst->code && *ret_n == 0)) {
		*e = *worst;
		return e->code;
	}
	if (*ret_n == 0) {
		err_set(e, E_DNS_NO_RECORD, "host %.*s has neither an A nor an AAAA record", STRF(host));
		err_hint(e, "Check the name, or publish its address.");
		return e->code;
	}
	return 0;
}

int
dns_session_addresses(struct dns_session *s, struct str host, int timeout_ms, struct arena *a, struct addr **ret,
	size_t *ret_n, struct err *e)
{
	return channel_addresses(&s->ch, host, timeout_ms, a, ret, ret_n, e);
}

int
dns_addresses(struct dns *d, struct str host, bool fresh, int timeout_ms, struct arena *a, struct addr **ret,
	size_t *ret_n, struct err *e)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	CLEANUP(dns_session_closep) struct dns_session *s = NULL;
	int r;

	if (!fresh)
		return channel_addresses(&d->shared, host, timeout_ms, a, ret, ret_n, e);
	r = dns_session_open(d, timeout_ms, &s, e);
	return r < 0 ? r : dns_session_addresses(s, host, (int)(deadline - clock_mono_ms()), a, ret, ret_n, e);
}
