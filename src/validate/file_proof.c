/* SPDX-License-Identifier: Apache-2.0 */
/* The proof by a file on the web server (SPEC 3.4, method file). */
#include "base/clock.h"
#include "base/quote.h"
#include "net/http_client.h"
#include "validate/seen_priv.h"

#define PATH "/.well-known/pki-validation/fileauth.txt"
/* More than the longest value: what is longer is wrong, and its first bytes are shown. */
#define BODY_MAX 512
#define QUOTE_MAX 100
/* A host's addresses tried on one port: of each family the first two that may be reached. */
#define TRIES_MAX 4

struct file_proof {
	const struct validate_conf *c;
	struct str name, value;
	struct addr addresses[TRIES_MAX];
	unsigned n;
	int64_t deadline_ms;
	struct seen seen;
};

bool
validate_may_call(const struct validate_conf *c, const struct addr *ad)
{
	for (unsigned i = 0; i < c->n_allow; i++)
		if (addr_in(ad, &c->allow[i]))
			return true;
	return !addr_special(ad);
}

/* Keeps what may be called, at most two of each family, in the order given (IPv6 first). */
static int
vet(struct file_proof *p, const struct addr *all, size_t n, struct err *e)
{
	unsigned v6 = 0, v4 = 0;
	struct arena *a = p->seen.arena;

	for (size_t i = 0; i < n; i++) {
		unsigned *count = all[i].family == AF_INET6 ? &v6 : &v4;

		if (!validate_may_call(p->c, &all[i]))
			seen_add(&p->seen, arena_printf(a, "address %.*s", STRF(addr_text(a, &all[i], false))),
				STR("refused: private or special"));
		else if (*count < TRIES_MAX / 2) {
			p->addresses[p->n++] = all[i];
			++*count;
		}
	}
	if (p->n == 0)
		return err_set(e, E_ADDRESS_REFUSED, "the address %.*s of %.*s is private or special",
			STRF(addr_text(a, &all[0], false)), STRF(p->name));
	return 0;
}

static int
resolve(struct file_proof *p, struct err *e)
{
	struct arena *a = p->seen.arena;
	struct addr one, *all = &one;
	size_t n = 1;
	int r = 0;

	if (!addr_parse_ip(p->name, &one))
		r = dns_addresses(p->c->dns, p->name, true, p->c->timeout_ms / 2, a, &all, &n, e);
	if (r < 0) {
		seen_add(&p->seen, arena_printf(a, "A and AAAA %.*s", STRF(p->name)),
			arena_printf(a, "%s: %s", err_info(r)->name, e->msg));
		if (r == E_DNS_NO_RECORD)
			err_hint(e, "Give the name an A or AAAA record that leads to the web server with the file.");
		return r;
	}
	return vet(p, all, n, e);
}

static struct str
answer_text(const struct http_answer *an, struct arena *a)
{
	if (an->status == 200)
		return arena_printf(a, "200 \"%.*s\"%s", STRF(quote_text(str_of(an->body), QUOTE_MAX, a)),
			an->cut ? " (and more)" : "");
	if (an->location.n)
		return arena_printf(a, "%d to \"%.*s\"", an->status, STRF(quote_text(an->location, QUOTE_MAX, a)));
	return arena_printf(a, "%d", an->status);
}

/* Exactly the value; one newline behind it, as editors leave it, is tolerated. */
static bool
body_matches(struct str value, const struct http_answer *an)
{
	struct str body = str_of(an->body);

	if (an->cut)
		return false;
	if (str_ends(body, STR("\r\n")))
		body.n -= 2;
	else if (str_ends(body, STR("\n")))
		body.n--;
	return challenge_equal(value, body);
}

static int
judge(struct str url, struct str value, const struct http_answer *an, struct arena *a, struct err *e)
{
	struct str text = answer_text(an, a);

	if (an->status >= 300 && an->status < 400)
		return err_set(e, E_FILE_STATUS, "%.*s is answered with a redirect: %.*s", STRF(url), STRF(text));
	if (an->status != 200)
		return err_set(e, E_FILE_STATUS, "%.*s is answered with %.*s, not with 200", STRF(url), STRF(text));
	if (body_matches(value, an))
		return 0;
	err_set(e, E_FILE_BODY, "the file at %.*s holds something else: %.*s", STRF(url), STRF(text));
	err_hint(e, "Put exactly \"%.*s\" into the file.", STRF(value));
	return e->code;
}

static struct str
url_text(const struct http_call *call, struct arena *a)
{
	const char *scheme = call->https ? "https" : "http";
	struct str host = call->host;

	if (str_find(host, ':') >= 0)
		host = arena_printf(a, "[%.*s]", STRF(host));
	if (call->port == (call->https ? 443 : 80))
		return arena_printf(a, "%s://%.*s" PATH, scheme, STRF(host));
	return arena_printf(a, "%s://%.*s:%u" PATH, scheme, STRF(host), call->port);
}

/* Nobody was reached, or the handshake failed: the next address or scheme may do better. Silence counts as this. */
static bool
is_unreached(int r)
{
	return r == E_FILE_CONNECT || r == E_TIMEOUT || r == E_ADDRESS_REFUSED;
}

/* One request, written down. */
static int
fetch(struct seen *s, const struct http_call *call, struct str value, struct err *e)
{
	struct arena *a = s->arena;
	struct http_answer an = {0};
	struct str url = url_text(call, a);
	struct str what = arena_printf(a, "GET %.*s at %.*s", STRF(url), STRF(addr_text(a, &call->address, false)));
	int r = http_get(call, a, &an, e);

	if (r < 0) {
		seen_add(s, what, arena_str(a, str_c(e->msg)));
		return err_wrap(e, "%.*s", STRF(url));
	}
	seen_add(s, what, answer_text(&an, a));
	return judge(url, value, &an, a, e);
}

/* Every address on one port, until one answers; the time is shared out among those left. */
static int
try_scheme(struct file_proof *p, bool https, int64_t deadline_ms, struct err *e)
{
	int r = E_FILE_CONNECT;

	for (unsigned i = 0; i < p->n && is_unreached(r); i++) {
		int64_t left = deadline_ms - clock_mono_ms();
		struct http_call call = {.purpose = "validation", .https = https, .verify = false,
			.host = p->name, .port = https ? p->c->https_port : p->c->http_port,
			.path = STR(PATH), .address = p->addresses[i], .allow = p->c->allow, .n_allow = p->c->n_allow,
			.timeout_ms = (int)MAX(left / (p->n - i), 1), .body_max = BODY_MAX};

		err_clear(e);
		r = fetch(&p->seen, &call, p->value, e);
	}
	return r;
}

int
validate_file(const struct validate_conf *c, struct str name, struct str value, struct arena *a,
	struct validate_result *ret, struct err *e)
{
	int64_t start = clock_mono_ms();
	struct file_proof p = {.c = c, .name = name, .value = value, .deadline_ms = start + c->timeout_ms,
		.seen = seen_begin(ret, VALIDATE_FILE, name, a)};
	int64_t now;
	int r;

	if (str_starts(name, STR("*.")))
		return err_set(e, E_METHOD_UNFIT, "a file cannot prove the wildcard \"%.*s\"", STRF(name));
	r = resolve(&p, e);
	if (r < 0)
		return r;
	now = clock_mono_ms();
	r = try_scheme(&p, true, now + (p.deadline_ms - now) / 2, e);
	if (is_unreached(r))
		r = try_scheme(&p, false, p.deadline_ms, e);
	if (r == E_TIMEOUT || r == E_NET)
		e->code = r = E_FILE_CONNECT;
	if (r == 0) {
		err_clear(e);
		ret->name_proven = name;
	}
	return r;
}

int
validate_internal(struct str name, const struct addr *listener, struct str value, struct arena *a,
	struct validate_result *ret, struct err *e)
{
	struct seen s = seen_begin(ret, VALIDATE_INTERNAL, name, a);
	char which[FILE_WHICH_LEN + 1];
	struct http_call call = {.purpose = "validation", .https = true, .host = name, .port = listener->port,
		.path = arena_printf(a, PATH "?" FILE_WHICH "=%s", file_which(value, which)), .address = *listener,
		.allow_special = true, .timeout_ms = 5000, .body_max = BODY_MAX};
	int r = fetch(&s, &call, value, e);

	if (is_unreached(r)) {
		call.https = false;
		err_clear(e);
		r = fetch(&s, &call, value, e);
	}
	if (r == 0) {
		err_clear(e);
		ret->name_proven = name;
	}
	return r;
}
