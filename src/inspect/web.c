/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/web_priv.h"

#include <arpa/inet.h>

#include "text/psl.h"
#include "x509/name.h"
#include "x509/oid.h"

#define EXT(name) "extensions." name
#define CN_MAX 256

/* -- names */

/* Letters small, for the list of suffixes; false for what is too long for a name. */
static bool
small_letters(struct str name, char out[static 256])
{
	if (name.n > 255)
		return false;
	for (size_t i = 0; i < name.n; i++)
		out[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
	return true;
}

/* BR 3.2.2.6; a suffix of one label needs no list. */
bool
web_public_wildcard(struct str name)
{
	char lower[256];
	struct str parent;

	if (name.n < 2 || name.p[0] != '*' || name.p[1] != '.' || !small_letters(name, lower))
		return false;
	parent = (struct str){lower + 2, name.n - 2};
	return str_find(parent, '.') < 0 || psl_is_suffix(parent);
}

/* Addresses that nobody can be shown to hold (RFC 6890). */
static bool
internal_ip(struct blob ip)
{
	const uint8_t *p = ip.p;

	if (ip.n == 4)
		return p[0] == 0 || p[0] == 10 || p[0] == 127 || (p[0] == 169 && p[1] == 254) ||
		       (p[0] == 172 && (p[1] & 0xf0) == 16) || (p[0] == 192 && p[1] == 168);
	return ip.n == 16 &&
	       (p[0] == 0 || (p[0] & 0xfe) == 0xfc || (p[0] == 0xfe && (p[1] & 0xc0) == 0x80));
}

/* Some name is one that no public CA may certify (BR 4.2.2), so that the certificate is a private
 * one's. */
static bool
has_internal_name(const struct x509_cert *x)
{
	struct cursor c = cursor_of(x->san);
	struct x509_general g;
	char lower[256];

	while (x509_general_next(&c, &g)) {
		if (g.kind == X509_IP && internal_ip(g.value))
			return true;
		if (g.kind == X509_DNS && small_letters(str_of(g.value), lower) &&
			!psl_tld_known((struct str){lower, g.value.n}))
			return true;
	}
	return false;
}

/* -- the common name (BR 7.1.4.3) */

/* It is meant as a host name or address: one word with a dot or colon in it. */
static bool
host_like(struct str cn)
{
	return cn.n && (str_find(cn, '.') > 0 || str_find(cn, ':') > 0) && str_find(cn, ' ') < 0 &&
	       str_find(cn, '@') < 0 && str_find(cn, '/') < 0;
}

/* RFC 3986 3.2.2, RFC 5952: the one spelling of an address. */
static bool
is_ip_text(struct blob ip, struct str text)
{
	char out[INET6_ADDRSTRLEN];
	int family = ip.n == 4 ? AF_INET : AF_INET6;

	return (ip.n == 4 || ip.n == 16) && inet_ntop(family, ip.p, out, sizeof(out)) &&
	       str_eq_c(text, out);
}

/* Digits of an address, but not its one spelling: leading zeros, hexadecimal parts, colons not
 * shortened. */
static bool
misspelt_ip(struct str cn)
{
	struct x509_peer p;
	struct err why;

	for (size_t i = 0; i < cn.n; i++) {
		if (!memchr("0123456789abcdefABCDEFxX.:", cn.p[i], 26))
			return false;
	}
	if (str_find(cn, ':') < 0 && (cn.p[0] < '0' || cn.p[0] > '9'))
		return false;
	err_clear(&why);
	return x509_peer_ip(cn, &p, &why) < 0 || !is_ip_text(BLOB(p.ip, p.ip_n), cn);
}

static bool
not_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((uint8_t)s.p[i] > 0x7f)
			return true;
	}
	return false;
}

enum copy { COPY_NONE, COPY_OTHER_CASE, COPY_EXACT };

/* The parent of a wildcard was proven with it. */
static enum copy
copy_of_alt_name(const struct x509_cert *x, struct str cn)
{
	struct cursor c = cursor_of(x->san);
	enum copy best = COPY_NONE;
	struct x509_general g;

	while (x509_general_next(&c, &g)) {
		struct str name = str_of(g.value);

		if (g.kind == X509_IP && is_ip_text(g.value, cn))
			return COPY_EXACT;
		if (g.kind != X509_DNS)
			continue;
		if (str_eq(name, cn) || (str_starts(name, STR("*.")) &&
						str_eq((struct str){name.p + 2, name.n - 2}, cn)))
			return COPY_EXACT;
		if (str_eq_nocase(name, cn))
			best = COPY_OTHER_CASE;
	}
	return best;
}

static bool
common_name_ok(const struct x509_cert *x, struct str cn)
{
	enum copy copy;

	if (!host_like(cn))
		return true;
	if (not_ascii(cn) || misspelt_ip(cn))
		return false;
	copy = copy_of_alt_name(x, cn);
	return copy == COPY_EXACT || (copy == COPY_NONE && has_internal_name(x));
}

static void
common_names(const struct x509_cert *x, int at, struct faults *f)
{
	struct x509_name_walk it = x509_name_walk(x->subject);
	struct x509_attr a;
	char text[CN_MAX];
	size_t n = 0;

	while (x509_name_next(&it, &a)) {
		/* what is no text can be no host's either; what is too long for a host is a name of
		 * something else */
		if (blob_eq(a.oid, X509_OID(X509_OID_CN)) &&
			x509_attr_text(&a, text, sizeof(text), &n) &&
			!common_name_ok(x, (struct str){text, n}))
			fault(f, PATH_WEB_COMMON_NAME, at, "subject.commonName",
				"the common name \"%.*s\" is not in subjectAltName as such",
				(int)MIN(n, (size_t)100), text);
	}
}

/* -- the leaf */

/* BR 7.1.2.7.6, 7.1.2.7.10 */
static void
server_eku(const struct x509_cert *x, int at, struct faults *f)
{
	if (!x509_has(x, X509_EXT_EKU))
		fault(f, PATH_WEB_EKU, at, EXT("extKeyUsage"), "there is no extKeyUsage");
	else if (x509_is_critical(x, X509_EXT_EKU))
		fault(f, PATH_WEB_EKU, at, EXT("extKeyUsage"), "extKeyUsage is critical");
	if (x509_has_eku(x, X509_OID(X509_OID_ANY_EKU)))
		fault(f, PATH_WEB_EKU, at, EXT("extKeyUsage"), "extKeyUsage allows every purpose");
}

void
web_judge(const struct path_cert *c, enum role role, int at, struct faults *f)
{
	const struct x509_cert *x = &c->x;

	/* nobody's browser reads it */
	if (c->key && verify_key_kind(c->key) == VERIFY_RSA_PSS)
		fault(f, PATH_WEB_KEY, at, "subjectPublicKeyInfo", "the RSA key is for PSS alone (BR 7.1.3.1.1)");
	if (c->key && verify_key_kind(c->key) <= VERIFY_RSA_PSS && verify_key_bits(c->key) % 8)
		fault(f, PATH_WEB_KEY, at, "subjectPublicKeyInfo", "the RSA key has %u bits",
			verify_key_bits(c->key));
	if (role == ROLE_LEAF) {
		if (x->ca)
			fault(f, PATH_WEB_CA_AS_LEAF, at, EXT("basicConstraints"),
				"it is a CA's certificate");
		server_eku(x, at, f);
		common_names(x, at, f);
	}
	/* BR 7.1.2.1.2, 7.1.2.1.3: of roots, which sign themselves */
	if (role == ROLE_ANCHOR && x->self_issued) {
		if (x509_has(x, X509_EXT_EKU))
			fault(f, PATH_WEB_ROOT, at, EXT("extKeyUsage"),
				"a root has an extKeyUsage");
		if (x509_has(x, X509_EXT_AKI) &&
			(!blob_eq(x->aki.id, x->ski) || x->aki.issuers.p || x->aki.serial.p))
			fault(f, PATH_WEB_ROOT, at, EXT("authorityKeyIdentifier"),
				"a root's authorityKeyIdentifier is more than its own key "
				"identifier");
	}
}
