/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: bytes to sign that are right but for what a test makes wrong. */
#pragma once

#include "base/arena.h"
#include "ca/issue.h"
#include "crypto/key.h"

struct make_tbs {
	int64_t version; /* 2 is version 3; -1: left out */
	uint8_t serial[SERIAL_LEN + 4];
	size_t serial_n;
	struct blob sig_alg, spki;
	const char *issuer_cn, *subject_cn; /* subject_cn NULL: an empty subject */
	const char *before_cn; /* a further common name of the subject, before that one; NULL: none */
	int64_t not_before_ms, not_after_ms;
	int ca;		    /* basicConstraints: -1 none, 0 empty, 1 CA:TRUE */
	int path_len;	    /* -1: none */
	unsigned usage;	    /* 0: no extension; bit i is 1 << i */
	const char *eku[4]; /* [0] NULL: no extension */
	const char *dns[4]; /* [0] NULL and no ip: no extension */
	struct blob ip;
	bool uri;	       /* a URI among the names */
	bool twice;	       /* keyUsage twice */
	const char *extra_oid; /* a further extension */
	bool no_extensions, unique_id, trailing;
};

/* A leaf for "www.example.com", valid for 90 days from now, under an issuer's algorithm. */
struct make_tbs make_leaf(enum key_alg issuer_alg, struct blob spki);
/* A CA certificate: a root when path_len is -1. */
struct make_tbs make_ca(enum key_alg issuer_alg, struct blob spki, int path_len);
struct blob make_tbs(const struct make_tbs *m, struct arena *a);
struct blob make_crl(enum key_alg issuer_alg, struct arena *a);
struct blob make_ocsp(struct arena *a);
struct blob make_csr(struct blob spki, struct arena *a);
