/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at one server: its name is resolved once, the addresses are held against what the operator allows, one of them is
 * asked (net/probe.h), and what it shows is judged (inspect/live.h). Nothing is written. Blocks up to the time given: on
 * lanes of slow calls, and in jobs through look_many().
 */
#pragma once

#include "crypto/cert.h"
#include "inspect/live.h"
#include "net/probe.h"
#include "service/scan_target.h"
#include "service/svc.h"

struct trust;

#define LOOK_MS 8000 /* of scans and monitors */
#define LOOK_FINDINGS_MAX (64 * 1024)

struct look_call {
	struct scan_place place;
	enum starttls starttls;
	struct str name; /* asked for in its place; {NULL, 0}: the place's own */
	bool thorough; /* all versions and weak suites, too */
	bool status; /* ask for the chain's status, too */
	int timeout_ms;
	const struct trust *trust; /* read already; NULL: read now */
};

struct look {
	struct addr address; /* with its port; the last that was tried */
	struct probe probe;
	enum live_staple staple;
	bool must_staple;
	int64_t ends_ms; /* the earliest end in the chain; 0: there is none */
	struct live_browser browser;
	struct str findings; /* JSON: an array */
	unsigned errors, warnings, notes;
	bool trusted;
	bool shown; /* a certificate that can be read; the rest stands then */
	struct cert_info leaf;
	uint8_t spki_sha256[32];
	struct str names; /* of the leaf: with blanks between them */
	enum host_status verdict; /* without what time does */
};

/* 0 also where nobody answered or no certificate was shown: the probe says so. E_ADDRESS_REFUSED, E_DNS_*, E_NET. */
int look_at(struct svc *s, const struct look_call *call, struct arena *a, struct look *ret, struct err *e) CHECKED;
/* The names of a certificate's subjectAltName as one text, with blanks between them. */
struct str look_names(const struct cert_info *c, struct arena *a);
/* Why no certificate was seen, as an error. */
int look_fault(const struct look *l, struct err *e);
/* Whether servers at this address may be looked at: public ones, and those of the networks that the operator has named. */
bool look_may(const struct svc_settings *st, const struct addr *ad);
/* The status that a person sees now. */
enum host_status host_status_at(int64_t verdict, int64_t not_after_ms, int64_t now_ms);

/* -- many at once (look_many.c) */

struct look_one {
	struct look_call call;
	struct look look;
	int result; /* of look_at() */
	struct err *why;
};
/* Looks at all of them, as many at once as LOOK_THREADS, beginning one each pace_us. The arena takes the results. Ends
 * early when the service stops. E_DRAINING, and E_NET and E_BUSY where this machine was the reason: nothing of it counts. */
#define LOOK_THREADS 64
int look_many(struct svc *s, struct look_one *ones, size_t n, int64_t pace_us, struct arena *a, struct err *e) CHECKED;
