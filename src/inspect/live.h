/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A live server judged: what somebody has seen of it (net/probe.h sees it; nothing is asked here) becomes the findings of
 * a check to deploy its certificate for its name, those of the server itself, and what browsers would say.
 */
#pragma once

#include "inspect/check.h"
#include "inspect/single.h"

enum live_shown { LIVE_SHOWN, LIVE_NO_CONNECTION, LIVE_NO_TLS, LIVE_NO_HANDSHAKE };
/* As in net/probe.h, in the same order. */
enum live_version { LIVE_SSL3, LIVE_TLS10, LIVE_TLS11, LIVE_TLS12, LIVE_TLS13, LIVE_VERSIONS };
enum live_weak { LIVE_NULL, LIVE_ANON, LIVE_RC4, LIVE_3DES, LIVE_STATIC, LIVE_WEAKS };

struct live_in {
	enum live_shown shown;
	const char *why; /* what failed, unless LIVE_SHOWN */
	const struct blob *chain; /* as sent */
	unsigned n_chain;
	bool chain_cut;	    /* there was more */
	struct blob staple; /* {NULL, 0}: none */
	const char *suite;  /* IANA name of the first handshake's */
	int dh_bits;	    /* of a finite field; 0: none was used */
	unsigned versions, versions_tried; /* 1 << enum live_version: taken; tried */
	unsigned weak;			   /* 1 << enum live_weak: taken */
	bool bare_tried;		   /* without a name: */
	struct blob bare_leaf;		   /* the certificate shown; {NULL, 0}: no handshake */

	struct str target; /* host name or IP address that was meant */
	const struct path_cert *const *known, *const *anchors;
	size_t n_known, n_anchors;
	int64_t now_ms, soon_ms;
	const struct check_field *crls, *ocsp; /* fetched (check.h); the staple is not among them */
	unsigned n_crls, n_ocsp;
	bool status_wanted;
};

struct live_browser {
	const char *chrome, *firefox; /* "ok", or the browser's word for the error */
};

enum live_staple { LIVE_STAPLE_NONE, LIVE_STAPLE_GOOD, LIVE_STAPLE_REVOKED, LIVE_STAPLE_OLD, LIVE_STAPLE_BAD };

struct live {
	struct check check; /* all findings; untrusted is an error here: nobody could connect */
	bool must_staple;
	enum live_staple staple;
	int64_t staple_next_ms; /* of a good one: until when; INT64_MAX: not said */
	int64_t ends_ms; /* the earliest end in the chain below the root; 0: there is no chain */
	int64_t days_left; /* whole ones, negative when over */
	struct live_browser browser;
	bool ok; /* no error */
};

/* "good", "revoked", "old", "bad"; NULL without. */
const char *live_staple_word(enum live_staple s);
/* The weak classes of a suite by its name. */
unsigned live_weak_of(const char *suite);
/* E_TOO_LARGE; E_FIELD_FORM for a target that is no name. */
int live_judge(const struct live_in *in, struct arena *a, struct live *ret, struct err *e) CHECKED;
