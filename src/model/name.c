/* SPDX-License-Identifier: Apache-2.0 */
#include "model/name.h"

#include <stdio.h>
#include <string.h>

#include "base/quote.h"
#include "base/utf8.h"
#include "net/addr.h"
#include "text/idna.h"
#include "text/psl.h"

#define QUOTE_MAX 100
#define NAME_MAX_CHARS 253
#define TYPED_MAX 1024

/* What is being read; q is the typed text, fit for messages. */
struct reading {
	struct str typed, rest; /* rest: without blanks, final dot and "*." */
	struct str q;
	bool wildcard;
	const struct name_rules *rules;
	struct arena *a;
};

/* Names that no public zone delegates. The longest fitting row speaks. */
static const struct special {
	const char *name, *why;
} specials[] = {
	{"test", "is reserved for testing (RFC 6761)"},
	{"example", "is reserved for documentation (RFC 6761)"},
	{"invalid", "is reserved for names that do not exist (RFC 6761)"},
	{"localhost", "always means the machine itself (RFC 6761)"},
	{"local", "is for multicast DNS on one link (RFC 6762)"},
	{"onion", "belongs to the Tor network (RFC 7686)"},
	{"home.arpa", "is for home networks (RFC 8375)"},
	{"alt", "is for names outside the DNS (RFC 9476)"},
	{"internal", "is reserved by ICANN for private use"},
	{"in-addr.arpa", "is for the reverse mapping of addresses (RFC 1035)"},
	{"ip6.arpa", "is for the reverse mapping of addresses (RFC 3596)"},
	{"arpa", "is for the infrastructure of the Internet (RFC 3172)"},
};

static const struct special *
special_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(specials); i++)
		if (name_below(name, str_c(specials[i].name)))
			return &specials[i];
	return NULL;
}

static struct str
last_label(struct str name)
{
	while (str_find(name, '.') >= 0)
		str_cut(&name, '.');
	return name;
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static bool
holds(struct str s, struct str part)
{
	return s.n && memmem(s.p, s.n, part.p, part.n);
}

/* Cuts a suffix off; whether it was there. */
static bool
chop(struct str *s, struct str suffix)
{
	if (!str_ends(*s, suffix))
		return false;
	s->n -= suffix.n;
	return true;
}

/* Blanks at the ends and one final dot, also in the forms that UTS 46 maps to a dot. */
static void
trim(struct reading *rd, struct name *ret)
{
	struct str s = str_trim(rd->typed);

	if (s.n > 1)
		(void)(chop(&s, STR(".")) || chop(&s, STR("\u3002")) || chop(&s, STR("\uff0e")) || chop(&s, STR("\uff61")));
	ret->trimmed = s.n != rd->typed.n;
	rd->rest = s;
}

static bool
is_ip(struct str s, struct addr *ret)
{
	if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = (struct str){s.p + 1, s.n - 2};
	return addr_parse_ip(s, ret);
}

static int
read_ip(const struct reading *rd, const struct addr *ad, struct name *ret, struct err *e)
{
	if (!rd->rules->allow_ip)
		return err_set(e, E_NAME_IP, "\"%.*s\" is an IP address; this product takes domain names", STRF(rd->q));
	if (!rd->rules->any_name && addr_special(ad)) {
		err_set(e, E_NAME_IP, "the address \"%.*s\" is private or special: the public Internet cannot reach it",
			STRF(rd->q));
		err_hint(e, "Public certificates need a public address; use a private-tls product.");
		return e->code;
	}
	ret->kind = NAME_IP;
	ret->ip_len = ad->family == AF_INET ? 4 : 16;
	memcpy(ret->ip, ad->ip, ret->ip_len);
	ret->ascii = ret->unicode = ret->base = addr_text(rd->a, ad, false);
	return 0;
}

/* An asterisk may stand only as the whole leftmost label. */
static int
read_wildcard(struct reading *rd, struct err *e)
{
	struct addr ad;

	if (holds(rd->rest, STR("\uff0a")) || holds(rd->rest, STR("\ufe61")))
		return err_set(e, E_NAME_WILDCARD, "name \"%.*s\" has a full-width asterisk; type the plain one: *",
			STRF(rd->q));
	if (str_find(rd->rest, '*') < 0)
		return 0;
	if (str_eq_c(rd->rest, "*") || str_eq_c(rd->rest, "*."))
		return err_set(e, E_NAME_WILDCARD, "\"%.*s\" covers no domain: the asterisk stands alone", STRF(rd->q));
	if (str_starts(rd->rest, STR("*."))) {
		rd->wildcard = true;
		rd->rest = (struct str){rd->rest.p + 2, rd->rest.n - 2};
	}
	if (rd->wildcard && str_find(rd->rest, '*') >= 0)
		return err_set(e, E_NAME_WILDCARD, "name \"%.*s\" has more than one asterisk", STRF(rd->q));
	if (!rd->wildcard && rd->rest.p[0] == '*')
		return err_set(e, E_NAME_WILDCARD, "the asterisk of name \"%.*s\" is only a part of its label", STRF(rd->q));
	if (!rd->wildcard)
		return err_set(e, E_NAME_WILDCARD, "the asterisk of name \"%.*s\" is not its leftmost label", STRF(rd->q));
	if (is_ip(rd->rest, &ad))
		return err_set(e, E_NAME_WILDCARD, "name \"%.*s\" is a wildcard over an IP address", STRF(rd->q));
	return 0;
}

/* Things that people paste in place of a name. */
static int
refuse_pasted(const struct reading *rd, struct err *e)
{
	struct str s = rd->rest;

	if (holds(s, STR("://")))
		return err_set(e, E_NAME_SYNTAX, "\"%.*s\" is a URL; give the host name in it alone", STRF(rd->q));
	if (str_find(s, '@') >= 0)
		return err_set(e, E_NAME_SYNTAX, "\"%.*s\" is an e-mail address; give a domain name", STRF(rd->q));
	if (str_find(s, ':') >= 0)
		return err_set(e, E_NAME_SYNTAX, "\"%.*s\" holds a colon: a domain name has no port, and an IPv6 address it "
			"is not", STRF(rd->q));
	if (str_find(s, '/') >= 0)
		return err_set(e, E_NAME_SYNTAX, "\"%.*s\" holds a slash: a domain name has no path", STRF(rd->q));
	return 0;
}

static bool
looks_like_ipv4(struct str s)
{
	unsigned labels = 0;

	while (s.p) {
		if (!all_digits(str_cut(&s, '.')))
			return false;
		labels++;
	}
	return labels == 4;
}

/* What holds of every name, whatever signs it. */
static int
check_always(const struct reading *rd, const struct name *n, struct err *e)
{
	if (looks_like_ipv4(n->base))
		return err_set(e, E_NAME_IP, "\"%.*s\" looks like an IPv4 address and is none", STRF(rd->q));
	if (name_below(n->base, STR("onion")))
		return err_set(e, E_NAME_SPECIAL, "name \"%.*s\": \".onion\" belongs to the Tor network (RFC 7686) and needs "
			"a proof that is not offered", STRF(rd->q));
	/* a single label may be a machine's name that happens to be a top-level domain too (decision 0061) */
	if ((rd->wildcard || str_find(n->base, '.') >= 0) && psl_is_suffix(n->base))
		return err_set(e, E_NAME_PUBLIC_SUFFIX, "name \"%.*s\": \"%.*s\" is a public suffix, under which others "
			"register", STRF(rd->q), STRF(n->base));
	return 0;
}

static int
check_public(const struct reading *rd, const struct name *n, struct err *e)
{
	struct str tld = last_label(n->base);
	const struct special *sp = special_find(n->base);

	if (!rd->wildcard && str_find(n->base, '.') < 0)
		return err_set(e, E_NAME_SINGLE_LABEL, "name \"%.*s\" has a single label", STRF(rd->q));
	if (sp)
		return err_set(e, E_NAME_SPECIAL, "name \"%.*s\": \".%s\" %s", STRF(rd->q), sp->name, sp->why);
	if (all_digits(tld))
		return err_set(e, E_NAME_SPECIAL, "the top-level domain \"%.*s\" of name \"%.*s\" is all digits", STRF(tld),
			STRF(rd->q));
	if (!psl_tld_known(n->base))
		return err_set(e, E_NAME_SPECIAL, "the top-level domain \"%.*s\" of name \"%.*s\" is not known", STRF(tld),
			STRF(rd->q));
	return 0;
}

static int
check_private(const struct reading *rd, const struct name *n, struct err *e)
{
	if (rd->wildcard && str_find(n->base, '.') < 0)
		return err_set(e, E_NAME_SINGLE_LABEL, "wildcard \"%.*s\" stands over a single label: no client accepts it",
			STRF(rd->q));
	return 0;
}

static int
read_dns(struct reading *rd, struct name *ret, struct err *e)
{
	struct arena *a = rd->a;
	int r = refuse_pasted(rd, e);

	if (r == 0)
		r = idna_to_ascii(rd->rest, a, &ret->base, e);
	if (r < 0)
		return r;
	ret->kind = rd->wildcard ? NAME_WILDCARD : NAME_DNS;
	ret->ascii = rd->wildcard ? arena_printf(a, "*.%.*s", STRF(ret->base)) : ret->base;
	if (ret->ascii.n > NAME_MAX_CHARS)
		return err_set(e, E_NAME_LENGTH, "name \"%.*s\" has %zu characters with its \"*.\", more than %d",
			STRF(rd->q), ret->ascii.n, NAME_MAX_CHARS);
	ret->unicode = idna_to_unicode(ret->ascii, a);
	for (size_t i = 0; i < rd->rest.n; i++)
		ret->converted |= (uint8_t)rd->rest.p[i] >= 0x80;
	r = check_always(rd, ret, e);
	if (r == 0)
		r = rd->rules->any_name ? check_private(rd, ret, e) : check_public(rd, ret, e);
	if (r < 0)
		return r;
	if (!rd->rules->allow_dns)
		return err_set(e, E_NAME_KIND, "\"%.*s\" is no IP address; this product takes only addresses", STRF(rd->q));
	ret->registered = psl_registered(ret->base, false);
	return 0;
}

static int
read_any(struct reading *rd, struct name *ret, struct err *e)
{
	struct addr ad;
	int r;

	trim(rd, ret);
	if (rd->rest.n == 0)
		return err_set(e, E_NAME_SYNTAX, "the name is empty");
	if (rd->rest.n > TYPED_MAX)
		return err_set(e, E_NAME_LENGTH, "name \"%.*s\" is longer than %d characters", STRF(rd->q), NAME_MAX_CHARS);
	if (!utf8_ok(rd->rest))
		return err_set(e, E_NAME_SYNTAX, "name \"%.*s\" is not valid UTF-8", STRF(rd->q));
	if (is_ip(rd->rest, &ad))
		return read_ip(rd, &ad, ret, e);
	r = read_wildcard(rd, e);
	return r < 0 ? r : read_dns(rd, ret, e);
}

int
name_read(struct str typed, const struct name_rules *rules, const char *field, struct arena *a, struct name *ret,
	struct err *e)
{
	struct reading rd = {.typed = typed, .rules = rules, .a = a, .q = quote_text(typed, QUOTE_MAX, a)};
	int r;

	memset(ret, 0, sizeof(*ret));
	r = read_any(&rd, ret, e);
	if (r < 0)
		snprintf(e->field, sizeof(e->field), "%s", field ? field : "");
	return r;
}
