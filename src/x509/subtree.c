/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/subtree.h"

#include "x509/name.h"

static struct str
behind(struct str s, size_t n)
{
	return (struct str){s.p + n, s.n - n};
}

/* host is base or, with more labels before it, ends in it. */
static bool
host_under(struct str host, struct str base)
{
	if (host.n < base.n || !str_eq_nocase(behind(host, host.n - base.n), base))
		return false;
	return host.n == base.n || !base.n || host.p[host.n - base.n - 1] == '.';
}

/* With a leading period: at least one label more. */
static bool
domain_under(struct str host, struct str base)
{
	if (base.n && base.p[0] == '.')
		return host.n > base.n && host_under(host, behind(base, 1));
	return host_under(host, base);
}

static struct str
without_final_dot(struct str s)
{
	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

static bool
dns_fit(struct str name, struct str base, bool excluding)
{
	struct str parent, first;

	name = without_final_dot(name);
	base = without_final_dot(base);
	if (name.n < 2 || name.p[0] != '*' || name.p[1] != '.')
		return domain_under(name, base);
	parent = behind(name, 2);
	if (host_under(parent, base.n && base.p[0] == '.' ? behind(base, 1) : base))
		return true;
	/* base is one of the names that the wildcard stands for */
	first = base;
	str_cut(&first, '.');
	return excluding && first.n && str_eq_nocase(first, parent);
}

/* Splits at the last "@"; false without one. */
static bool
mailbox(struct str s, struct str *ret_local, struct str *ret_host)
{
	size_t at = s.n;

	while (at > 0 && s.p[at - 1] != '@')
		at--;
	if (!at)
		return false;
	*ret_local = (struct str){s.p, at - 1};
	*ret_host = behind(s, at);
	return true;
}

static enum x509_fit
email_fit(struct str name, struct str base, bool excluding)
{
	struct str local, host, want_local, want_host;

	if (!mailbox(name, &local, &host))
		return X509_FIT_UNCLEAR;
	if (mailbox(base, &want_local, &want_host)) {
		/* The local part is its host's to interpret; excluding, its case is not relied on.
		 */
		if (!str_eq_nocase(host, want_host))
			return X509_FIT_NO;
		return excluding ? str_eq_nocase(local, want_local) : str_eq(local, want_local);
	}
	if (base.n && base.p[0] == '.')
		return domain_under(host, base);
	return !base.n || str_eq_nocase(host, base);
}

static enum x509_fit
uri_fit(struct str name, struct str base)
{
	struct str host = without_final_dot(x509_uri_host(name));

	/* "applications MUST reject": no authority, or a host that is no domain name */
	if (!x509_dns_ok(host, false))
		return X509_FIT_UNCLEAR;
	if (base.n && base.p[0] == '.')
		return domain_under(host, base);
	return !base.n || str_eq_nocase(host, base);
}

static bool
ip_fit(struct blob name, struct blob base)
{
	if (name.n * 2 != base.n)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		if ((name.p[i] ^ base.p[i]) & base.p[name.n + i])
			return false;
	}
	return true;
}

enum x509_fit
x509_subtree_fit(const struct x509_general *name, const struct x509_general *base, bool excluding)
{
	struct str n = str_of(name->value), b = str_of(base->value);

	BUG_ON(name->kind != base->kind);
	switch (name->kind) {
	case X509_DNS:
		return dns_fit(n, b, excluding);
	case X509_EMAIL:
		return email_fit(n, b, excluding);
	case X509_URI:
		return uri_fit(n, b);
	case X509_IP:
		if (name->value.n != 4 && name->value.n != 16)
			return X509_FIT_UNCLEAR;
		return ip_fit(name->value, base->value);
	case X509_DIRECTORY:
		return x509_name_within(name->value, base->value);
	case X509_OTHER_NAME:
	case X509_X400:
	case X509_EDI_PARTY:
	case X509_REGISTERED_ID:
	case X509_GENERAL_KINDS:
		break;
	}
	return X509_FIT_UNCLEAR;
}

bool
x509_subtree_base_ok(const struct x509_general *base)
{
	struct str b = str_of(base->value), local, host;

	switch (base->kind) {
	case X509_DNS:
		return !b.n || x509_dns_ok(b, false);
	case X509_EMAIL:
		if (mailbox(b, &local, &host))
			return x509_email_ok(b);
		return !b.n || x509_dns_ok(b.p[0] == '.' ? behind(b, 1) : b, false);
	case X509_URI:
		return !b.n || x509_dns_ok(b.p[0] == '.' ? behind(b, 1) : b, false);
	case X509_IP:
	case X509_DIRECTORY:
	case X509_OTHER_NAME:
		return true;
	case X509_X400:
	case X509_EDI_PARTY:
	case X509_REGISTERED_ID:
	case X509_GENERAL_KINDS:
		break;
	}
	return false;
}
