/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/rules.h"

#include <arpa/inet.h>

#include "base/der.h"
#include "base/rfc3339.h"
#include "signer/serials.h"
#include "signer/window.h"

#define CA_USAGES (KU_DIGITAL_SIGNATURE | KU_CERT_SIGN | KU_CRL_SIGN)
#define NAME_LONGEST 253

static int
refused(struct err *e, const char *what)
{
	return err_set(e, E_LIMIT_REFUSED, "the signer refuses the certificate: %s", what);
}

/* -- validity */

static int
check_validity(
	const struct tbs_cert *t, const struct signer_limits *l, int64_t now_ms, struct err *e)
{
	/* RFC 5280 4.1.2.5: both ends belong to it */
	int64_t length = t->not_after_ms - t->not_before_ms + MS_SECOND;
	char nb[RFC3339_MAX];

	if (length < MS_SECOND)
		return refused(e, "it ends before it begins");
	if (length > l->max_validity_ms)
		return err_set(e, E_LIMIT_REFUSED,
			"the signer refuses the certificate: valid for %lld s, the issuer's limit "
			"is %lld s",
			(long long)(length / MS_SECOND),
			(long long)(l->max_validity_ms / MS_SECOND));
	if (t->not_before_ms < now_ms - window_ms(now_ms) - WINDOW_BACKDATE_MS ||
		t->not_before_ms > now_ms + WINDOW_BACKDATE_MS)
		return err_set(e, E_LIMIT_REFUSED,
			"the signer refuses the certificate: it begins at %s, too far from now",
			rfc3339_put(t->not_before_ms, nb));
	if (t->not_after_ms < now_ms - window_ms(now_ms))
		return refused(e, "it has ended");
	return 0;
}

int
rules_common(const struct tbs_cert *t, struct blob sig_alg, const struct signer_limits *l,
	int64_t now_ms, struct err *e)
{
	int r;

	if (t->serial.n != SERIAL_LEN || t->serial.p[0] == 0)
		return err_set(e, E_LIMIT_REFUSED,
			"the signer refuses the certificate: its serial has %zu octets instead of "
			"%d",
			t->serial.n, SERIAL_LEN);
	r = serials_fresh(t->serial.p, now_ms, e);
	if (r < 0)
		return r;
	if (!blob_eq(t->sig_alg, sig_alg))
		return refused(e, "its signature algorithm is not the issuer's");
	return check_validity(t, l, now_ms, e);
}

/* -- purposes */

static int
check_eku(const struct tbs_cert *t, struct err *e)
{
	static const struct {
		const char *oid, *what;
	} forbidden[] = {
		{"2.5.29.37.0", "it is for any purpose"},
		{"1.3.6.1.5.5.7.3.3", "it is for code signing"},
		{"1.3.6.1.5.5.7.3.8", "it is for time stamping"},
		{"1.3.6.1.5.5.7.3.9", "it is for OCSP signing"},
	};
	struct cursor c = cursor_of(t->eku);

	while (!der_done(&c)) {
		struct blob oid;

		if (!der_get(&c, DER_OID, &oid))
			return refused(e, "its extKeyUsage is malformed");
		for (size_t i = 0; i < ARRAY_LEN(forbidden); i++) {
			if (der_oid_is(oid, forbidden[i].oid))
				return refused(e, forbidden[i].what);
		}
	}
	return 0;
}

/* -- names */

struct net {
	uint8_t at[4];
	uint8_t bits;
};

/* IANA special-purpose address registry: what is not of the public. */
static const struct net special4[] = {
	{{0, 0, 0, 0}, 8},
	{{10, 0, 0, 0}, 8},
	{{100, 64, 0, 0}, 10},
	{{127, 0, 0, 0}, 8},
	{{169, 254, 0, 0}, 16},
	{{172, 16, 0, 0}, 12},
	{{192, 0, 0, 0}, 24},
	{{192, 0, 2, 0}, 24},
	{{192, 88, 99, 0}, 24},
	{{192, 168, 0, 0}, 16},
	{{198, 18, 0, 0}, 15},
	{{198, 51, 100, 0}, 24},
	{{203, 0, 113, 0}, 24},
	{{224, 0, 0, 0}, 3},
};
/* Within 2000::/3, which alone is of the public. */
static const struct net special6[] = {
	{{0x20, 0x01, 0x00, 0x00}, 23},
	{{0x20, 0x01, 0x0d, 0xb8}, 32},
	{{0x20, 0x02, 0x00, 0x00}, 16},
	{{0x3f, 0xff, 0x00, 0x00}, 20},
};

static bool
in_net(const uint8_t *p, const struct net *n)
{
	uint32_t a = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	uint32_t b = (uint32_t)n->at[0] << 24 | (uint32_t)n->at[1] << 16 | (uint32_t)n->at[2] << 8 |
		     n->at[3];

	return (a ^ b) >> (32 - n->bits) == 0;
}

static bool
is_public_address(struct blob ip)
{
	const struct net *nets = ip.n == 4 ? special4 : special6;
	size_t n = ip.n == 4 ? ARRAY_LEN(special4) : ARRAY_LEN(special6);

	if (ip.n == 16 && ip.p[0] >> 5 != 1)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (in_net(ip.p, &nets[i]))
			return false;
	}
	return true;
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Labels of lower-case letters, digits and hyphens, the leftmost may be "*". Returns their number,
 * 0 for no name. */
static unsigned
count_labels(struct str name)
{
	unsigned n = 0;
	size_t start = 0;

	if (name.n == 0 || name.n > NAME_LONGEST)
		return 0;
	for (size_t i = 0; i <= name.n; i++) {
		if (i < name.n && name.p[i] != '.') {
			bool star = name.p[i] == '*' && i == 0 && name.n > 2 && name.p[1] == '.';

			if (!star && !is_name_char(name.p[i]))
				return 0;
			continue;
		}
		if (i == start || i - start > 63)
			return 0;
		start = i + 1;
		n++;
	}
	return n;
}

static int
check_dns(struct str name, const struct signer_limits *l, struct err *e)
{
	unsigned labels = count_labels(name), star = name.n && name.p[0] == '*' ? 1 : 0;

	if (labels <= star)
		return refused(e, "one of its dNSNames is no name");
	if (!l->any_name && labels - star < 2)
		return err_set(e, E_LIMIT_REFUSED,
			"the signer refuses the certificate: \"%.*s\" has a single label, which "
			"the issuer may not sign",
			STRF(name));
	return 0;
}

static int
check_address(struct blob ip, const struct signer_limits *l, struct err *e)
{
	if (ip.n != 4 && ip.n != 16)
		return refused(e, "one of its iPAddresses has a wrong length");
	if (!l->any_name && !is_public_address(ip))
		return refused(
			e, "one of its addresses is not public, which the issuer may not sign");
	return 0;
}

/* The commonName is one of the names: as it stands, or as the text of an address. */
static bool
is_cn(struct str cn, uint8_t tag, struct blob name)
{
	char text[INET6_ADDRSTRLEN + 1] = "";

	if (tag == DER_CTX(2))
		return str_eq(cn, str_of(name));
	return inet_ntop(name.n == 4 ? AF_INET : AF_INET6, name.p, text, sizeof(text)) &&
	       str_eq_c(cn, text);
}

static int
check_names(const struct tbs_cert *t, const struct signer_limits *l, struct err *e)
{
	struct cursor c = cursor_of(t->san);
	bool cn_found = t->cn.p == NULL;

	if (!t->san.p)
		return refused(e, "it has no subjectAltName");
	while (!der_done(&c)) {
		struct blob name;
		uint8_t tag;
		int r;

		if (!der_next(&c, &tag, &name, NULL) || (tag != DER_CTX(2) && tag != DER_CTX(7)))
			return refused(e, "one of its names is neither a dNSName nor an iPAddress");
		r = tag == DER_CTX(2) ? check_dns(str_of(name), l, e) : check_address(name, l, e);
		if (r < 0)
			return r;
		cn_found = cn_found || is_cn(t->cn, tag, name);
	}
	return cn_found ? 0 : refused(e, "its commonName is none of its names");
}

/* -- leaves and CAs */

int
rules_leaf(const struct tbs_cert *t, const struct signer_limits *l, struct err *e)
{
	int r;

	if (!l->leaves)
		return refused(e, "the issuer signs no end-entity certificates");
	if (t->ca || t->path_len >= 0)
		return refused(e, "it is a CA certificate");
	if (!t->has_usage || t->key_usage == 0)
		return refused(e, "it has no keyUsage");
	if (t->key_usage & (KU_CERT_SIGN | KU_CRL_SIGN))
		return refused(e, "its key may sign certificates or CRLs");
	if (t->key_usage & ~l->key_usages)
		return err_set(e, E_LIMIT_REFUSED,
			"the signer refuses the certificate: keyUsage 0x%x is beyond the issuer's "
			"0x%x",
			t->key_usage, l->key_usages);
	if (!t->eku.p)
		return refused(e, "it has no extKeyUsage");
	r = check_eku(t, e);
	return r < 0 ? r : check_names(t, l, e);
}

int
rules_ca(const struct tbs_cert *t, const struct signer_limits *l, bool self,
	const struct signer_limits *child, struct err *e)
{
	if (!l->ca)
		return refused(e, "the issuer signs no CA certificates");
	if (!t->has_basic || !t->basic_critical || !t->ca)
		return refused(e, "it is no CA certificate with critical basicConstraints");
	if (!t->has_usage || !(t->key_usage & KU_CERT_SIGN) || t->key_usage & ~(unsigned)CA_USAGES)
		return refused(e, "its keyUsage is not that of a CA");
	if (t->san.p)
		return refused(e, "a CA certificate has no subjectAltName here");
	if (!child)
		return refused(e, "its key is none of this signer's issuers");
	if (self) {
		if (!blob_eq(t->issuer, t->subject))
			return refused(e, "a root names itself as its issuer");
	} else {
		/* RFC 5280 4.2.1.9: an issuing CA has no CA below it */
		if (child->ca || t->path_len != 0)
			return refused(e,
				"an intermediate signs leaves alone and has pathLenConstraint 0");
		if (blob_eq(t->issuer, t->subject))
			return refused(e, "an intermediate does not name itself as its issuer");
	}
	return t->eku.p ? check_eku(t, e) : 0;
}
