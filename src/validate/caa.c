/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/caa.h"

#include "base/buf.h"
#include "base/quote.h"

#define CRITICAL 0x80
#define QUOTE_MAX 90

/* -- the value of issue and issuewild (RFC 8659, 4.2) */

static bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static struct str
trim_wsp(struct str s)
{
	while (s.n && is_wsp(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_wsp(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT)) */
static bool
is_label(struct str s)
{
	if (s.n == 0 || !is_alnum(s.p[0]) || !is_alnum(s.p[s.n - 1]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

static bool
is_domain(struct str s)
{
	do {
		if (!is_label(str_cut(&s, '.')))
			return false;
	} while (s.p);
	return true;
}

/* *(%x21-3A / %x3C-7E) */
static bool
is_parameter_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 0x21 || s.p[i] > 0x7e || s.p[i] == ';')
			return false;
	return true;
}

/* -- parameters that bind us (RFC 8657) */

struct verdict {
	bool account_seen, account_bad, methods_seen, methods_bad;
};

/* [*(label ",") label], of which one must be our method; labels that we do not know count for nothing. */
static bool
lists_method(struct str list, const char *method)
{
	bool found = false;

	while (list.p) {
		struct str label = str_cut(&list, ',');

		for (size_t i = 0; i < label.n; i++)
			if (!is_alnum(label.p[i]) && label.p[i] != '-')
				return false;
		if (label.n == 0)
			return false;
		found |= str_eq_c(label, method);
	}
	return found;
}

/* A parameter that stands twice makes the property one that nobody satisfies (RFC 8657, 3 and 4). */
static void
weigh_parameter(struct str tag, struct str value, const struct caa_asker *who, struct verdict *v)
{
	if (str_eq_nocase(tag, STR("accounturi"))) {
		v->account_bad |= v->account_seen || who->account_uri.n == 0 || !str_eq(value, who->account_uri);
		v->account_seen = true;
	} else if (str_eq_nocase(tag, STR("validationmethods"))) {
		v->methods_bad |= v->methods_seen || !lists_method(value, who->method);
		v->methods_seen = true;
	}
}

/* `tag = value` pieces between semicolons; false: malformed. */
static bool
read_parameters(struct str s, const struct caa_asker *who, struct verdict *v)
{
	if (trim_wsp(s).n == 0)
		return true;
	while (s.p) {
		struct str value = str_cut(&s, ';'), tag;

		if (str_find(value, '=') < 0)
			return false;
		tag = trim_wsp(str_cut(&value, '='));
		value = trim_wsp(value);
		if (!is_label(tag) || !is_parameter_value(value))
			return false;
		weigh_parameter(tag, value, who, v);
	}
	return true;
}

/* NULL: this property lets us issue; else why not. */
static const char *
property_fault(struct str value, const struct caa_asker *who)
{
	struct verdict v = {0};
	struct str domain = trim_wsp(str_cut(&value, ';'));
	bool ours = false;

	for (unsigned i = 0; i < who->n_identities; i++)
		ours |= str_eq_nocase(domain, who->identities[i]);
	if (domain.n && !is_domain(domain))
		return "is malformed and so allows nobody";
	if (value.p && !read_parameters(value, who, &v))
		return "is malformed and so allows nobody";
	if (domain.n == 0)
		return "allows nobody to issue";
	if (!ours)
		return "names another CA";
	if (v.account_bad)
		return "binds issuing to an account that did not ask (accounturi)";
	if (v.methods_bad)
		return "does not list the method of the proof (validationmethods)";
	return NULL;
}

/* -- the set */

/* Properties whose meaning is known; those that say nothing about TLS certificates bind nobody here. */
static bool
is_known(struct str tag)
{
	static const char *const known[] = {"issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail"};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eq_nocase(tag, str_c(known[i])))
			return true;
	return false;
}

struct str
caa_text(const struct dns_record *r, struct arena *a)
{
	struct dns_caa c;

	if (!dns_caa(r->rdata, &c))
		return arena_printf(a, "unreadable (%zu bytes)", r->rdata.n);
	return arena_printf(a, "%u %.*s \"%.*s\"", c.flags, STRF(quote_text(c.tag, 30, a)),
		STRF(quote_text(c.value, QUOTE_MAX, a)));
}

static int
forbid(const struct dns_record *r, struct str owner, const char *why, struct arena *a, struct err *e)
{
	return err_set(e, E_CAA_FORBIDS, "the CAA record %.*s of %.*s %s", STRF(caa_text(r, a)), STRF(owner), why);
}

/* Records that forbid whatever else stands beside them. */
static int
check_whole(const struct dns_record *records, unsigned n, struct str owner, struct arena *a, struct err *e)
{
	for (unsigned i = 0; i < n; i++) {
		struct dns_caa c;

		if (!dns_caa(records[i].rdata, &c))
			return forbid(&records[i], owner, "cannot be read, so its wish is not known", a, e);
		if ((c.flags & CRITICAL) && !is_known(c.tag))
			return forbid(&records[i], owner, "is critical and its property is not known here", a, e);
	}
	return 0;
}

/* How many properties with this tag there are; *ret_fault stays NULL when one of them lets us issue. */
static unsigned
weigh_tag(const struct dns_record *records, unsigned n, const char *tag, const struct caa_asker *who,
	const char **ret_fault, const struct dns_record **ret_record)
{
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++) {
		struct dns_caa c;
		const char *fault;

		if (!dns_caa(records[i].rdata, &c) || !str_eq_nocase(c.tag, str_c(tag)))
			continue;
		fault = property_fault(c.value, who);
		if (count++ == 0 || !fault) {
			*ret_fault = fault;
			*ret_record = &records[i];
		}
		if (!fault)
			break;
	}
	return count;
}

int
caa_decide(const struct dns_record *records, unsigned n, const struct caa_asker *who, struct str owner,
	struct arena *a, struct err *e)
{
	const struct dns_record *record = NULL;
	const char *fault = NULL;
	unsigned count = 0;
	int r = check_whole(records, n, owner, a, e);

	if (r < 0)
		return r;
	/* for a wildcard, issuewild takes the place of issue; for others it means nothing (RFC 8659, 4.3) */
	if (who->wildcard)
		count = weigh_tag(records, n, "issuewild", who, &fault, &record);
	if (count == 0)
		count = weigh_tag(records, n, "issue", who, &fault, &record);
	if (count == 0 || !fault)
		return 0;
	forbid(record, owner, fault, a, e);
	if (who->n_identities)
		err_hint(e, "Add a CAA record that names this CA: %.*s CAA 0 %s \"%.*s\".", STRF(owner),
			who->wildcard ? "issuewild" : "issue", STRF(who->identities[0]));
	return e->code;
}
