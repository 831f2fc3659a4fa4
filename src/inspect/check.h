/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The check of a foreign certificate (SPEC 3.8): what was handed in, its key and chain, judged for
 * a purpose. All findings at once, each with its place. The one engine of uploads, deployments, the
 * API and `signet inspect`.
 */
#pragma once

#include "inspect/intake.h"
#include "inspect/path.h"

enum check_code {
#define CHECK(code, ...) CHECK_##code,
#include "inspect/checks.def"
#undef CHECK
	CHECK_CODES
};

enum check_purpose { CHECK_STORE, CHECK_DEPLOY, CHECK_MAIL, CHECK_PURPOSES };
enum check_severity { CHECK_NOTHING, CHECK_NOTE, CHECK_WARNING, CHECK_ERROR };

enum check_severity check_severity(enum check_code code, enum check_purpose purpose);
const char *check_word(enum check_code code);
/* "error", "warning", "note"; "" for nothing. */
const char *check_severity_word(enum check_severity s);
/* In English or Chinese. NULL: there is no cure. */
const char *check_text(enum check_code code, bool chinese);
const char *check_cure(enum check_code code, bool chinese);

#define CHECK_FINDINGS_MAX 64

struct check_finding {
	enum check_code code;
	enum check_severity severity;
	const char *file; /* the field or file; NULL: the chain as a whole */
	unsigned line;	  /* of the PEM block; 0: none */
	int at;		  /* in the chain; -1: none */
	unsigned seen;	  /* in which order they were found */
	char text[240];	  /* what exactly, with the value, in English; "" when the code says all */
};

/* bytes.p NULL: not given. */
struct check_field {
	const char *name;
	struct blob bytes;
};

/* The fields taken apart, for checks that look at the same ones several times: opening what is protected costs time. */
struct check_files {
	struct intake items;
	struct err faults;
};

struct check_in {
	const struct check_files *files; /* of check_take() with the same fields; NULL: taken apart here */
	const struct check_field *fields; /* the first is that of the certificate; the others take
					     chain and key alike */
	unsigned n_fields;
	unsigned chain_field;	   /* which of them is the chain's; 0: none is */
	unsigned encryption_field; /* which of them is that of an SM2 pair's encryption certificate;
				      0: none is */
	struct str passphrase;
	/* Public keys (SubjectPublicKeyInfo) of stored signing requests whose private keys are held elsewhere: each counts
	 * as a key that was given, but for an SM2 pair. */
	const struct blob *requests;
	size_t n_requests;
	bool key_needed;
	enum check_purpose purpose;
	struct str target; /* host name, or IP address; {NULL, 0}: none is asked for */
	const struct path_cert *const *known; /* issuers that may complete the chain */
	size_t n_known;
	const struct path_cert *const *anchors;
	size_t n_anchors;
	int64_t now_ms, soon_ms; /* soon: how long before the end it is told */
	/*
	 * What is told of revocation, each as it came from its address (its name): DER or PEM; bytes {NULL, 0} when there
	 * was no answer. Lists among the fields count as well. Nothing is fetched here. To have it fetched: run the
	 * check once without it, ask sources_of_chain() (inspect/source.h) of chain[] where to ask, ask there what
	 * policy allows, run it again with what came, and the stapled response if there is one. Whatever does not
	 * belong to the chain, is out of date or not well signed does no harm: it is not believed. Of what is
	 * believed *revoked* wins.
	 */
	const struct check_field *crls, *ocsp;
	unsigned n_crls, n_ocsp;
	/* CHECK_STATUS_UNKNOWN for each certificate below the root of which nothing is known; otherwise only for the
	 * leaf, and only when some list or response is given. */
	bool status_wanted;
};

struct check {
	const struct item *leaf, *key; /* NULL: none was found; of an SM2 pair the signing half */
	const struct item *pair, *pair_key; /* the encryption half; NULL: it is no pair */
	unsigned n_chain;
	struct blob chain[PATH_LENGTH_MAX]; /* DER, leaf first; with a self-signed root when that
					       was given */
	enum path_told told[PATH_LENGTH_MAX]; /* what was found of the status of each */
	bool by_request; /* the leaf's key is that of a stored signing request */
	bool trusted;
	unsigned n;
	struct check_finding v[CHECK_FINDINGS_MAX];
	unsigned n_errors, n_warnings;
};

/* Everything lives in the arena. */
void check_take(const struct check_in *in, struct arena *a, struct check_files *ret);
/* Adds what the caller found out by other means. at: in the chain; -1: none. */
void check_add(struct check *c, enum check_purpose purpose, enum check_code code, int at, const char *fmt, ...)
	PRINTF(5, 6);
/* Fails only for what no check can answer: E_TOO_LARGE. Everything found lives in the arena. */
int check_run(const struct check_in *in, struct arena *a, struct check *ret, struct err *e) CHECKED;
