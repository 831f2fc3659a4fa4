/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates (RFC 5280 4) read strictly: DER, the sizes and forms of the ASN.1 module, every
 * known extension's value. A struct x509_cert owns nothing: its blobs are spans of the input, which
 * must outlive it. What a certificate says against the profile (a critical flag, an extension that
 * is missing) is not judged here; see inspect/rules.h.
 */
#pragma once

#include "base/err.h"
#include "x509/general.h"

#define X509_CERT_MAX (256 * 1024)
#define X509_EXTENSIONS_MAX 128

enum x509_ext {
	X509_EXT_SKI,
	X509_EXT_KEY_USAGE,
	X509_EXT_SAN,
	X509_EXT_IAN,
	X509_EXT_BASIC,
	X509_EXT_NAME_CONSTRAINTS,
	X509_EXT_CRL_POINTS,
	X509_EXT_POLICIES,
	X509_EXT_MAPPINGS,
	X509_EXT_AKI,
	X509_EXT_POLICY_CONSTRAINTS,
	X509_EXT_EKU,
	X509_EXT_FRESHEST,
	X509_EXT_INHIBIT_ANY,
	X509_EXT_AIA,
	X509_EXT_SIA,
	X509_EXT_DIRECTORY_ATTRIBUTES,
	X509_EXT_TLS_FEATURE,
	X509_EXT_SCT,
	X509_EXT_OCSP_NOCHECK,
	X509_EXT_KNOWN,
};
/* RFC 5280's name of the extension, as faults name their place: "nameConstraints". */
const char *x509_ext_name(enum x509_ext x);

/* RFC 5280 4.2.1.3: bit n of the ASN.1 is 1 << n. */
enum x509_key_usage {
	X509_KU_SIGNATURE = 1 << 0,
	X509_KU_NON_REPUDIATION = 1 << 1,
	X509_KU_KEY_ENCIPHERMENT = 1 << 2,
	X509_KU_DATA_ENCIPHERMENT = 1 << 3,
	X509_KU_KEY_AGREEMENT = 1 << 4,
	X509_KU_CERT_SIGN = 1 << 5,
	X509_KU_CRL_SIGN = 1 << 6,
};

/* AuthorityKeyIdentifier; absent fields are {NULL, 0}. */
struct x509_aki {
	struct blob id, issuers /* GeneralNames, contents */, serial;
};

struct x509_cert {
	struct blob der, tbs, sig_alg /* whole AlgorithmIdentifier */, sig;
	struct blob serial;		    /* content octets of the INTEGER */
	struct blob issuer, subject, spki;  /* whole */
	uint64_t issuer_hash, subject_hash; /* x509_name_hash() */
	int64_t not_before_ms, not_after_ms;
	unsigned version; /* 1 to 3 */
	bool self_issued, unique_ids;
	bool alg_differs;      /* inside the signed part another algorithm is named than outside */
	/* A DEFAULT value is written; the bits of keyUsage have zeros at their end (X.690 11.5, 11.2.2): no DER, yet common
	 * in the field, old roots included, and nothing that readers could understand differently. */
	bool loose_default, loose_bits;

	uint32_t present, critical; /* 1 << enum x509_ext */
	unsigned n_extensions;
	struct blob unknown_critical; /* OID of the first critical extension that is not known;
					 {NULL, 0} for none */

	struct blob ski;
	struct x509_aki aki;
	uint16_t key_usage; /* enum x509_key_usage */
	bool ca;
	int path_len; /* -1: none */
	/* contents of the lists, read with the iterators below; {NULL, 0} when absent */
	struct blob san, eku, policies, mappings, crl_points, freshest, aia, sia;
	struct blob permitted, excluded; /* name constraints; also {NULL, 0} for an empty list in
					    'constraints_empty' */
	bool constraints_empty; /* nameConstraints that constrain nothing, or hold an empty list
				   (RFC 5280 4.2.1.10) */
	bool must_staple; /* TLS feature status_request (RFC 7633) */
	int explicit_policy, inhibit_mapping, inhibit_any; /* skipCerts; -1: none */
};

static inline bool
x509_has(const struct x509_cert *c, enum x509_ext x)
{
	return c->present >> x & 1;
}

static inline bool
x509_is_critical(const struct x509_cert *c, enum x509_ext x)
{
	return c->critical >> x & 1;
}

/* E_CERT_UNREADABLE, the field naming the place ("validity", "extensions.subjectAltName"). */
int x509_cert_read(struct blob der, struct x509_cert *ret, struct err *e) CHECKED;

/* -- iterators over what x509_cert_read() has passed; start them with cursor_of(). False at the
 * end. */

/* EKU: content octets of each OID. */
bool x509_oid_next(struct cursor *c, struct blob *ret);
bool x509_has_eku(const struct x509_cert *c, struct blob oid);

struct x509_policy {
	struct blob oid, qualifiers /* contents; {NULL, 0} without */;
};
bool x509_policy_next(struct cursor *c, struct x509_policy *ret);
struct x509_mapping {
	struct blob from, to;
};
bool x509_mapping_next(struct cursor *c, struct x509_mapping *ret);
/* A GeneralSubtree's base. */
bool x509_subtree_next(struct cursor *c, struct x509_general *ret);

/* RFC 5280 5.3.1's numbers; a set of reasons has 1 << number. */
#define X509_REASONS_ALL 0x1feU
struct x509_point {
	bool named;
	struct blob full_names /* contents of GeneralNames */, relative /* contents of the RDN */;
	unsigned reasons;	 /* X509_REASONS_ALL when not said */
	struct blob crl_issuers; /* contents of GeneralNames; {NULL, 0} without */
};
bool x509_point_next(struct cursor *c, struct x509_point *ret);

struct x509_access {
	struct blob method;
	struct x509_general location;
};
bool x509_access_next(struct cursor *c, struct x509_access *ret);
