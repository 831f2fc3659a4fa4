/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the probe share. */
#pragma once

#include "net/probe.h"

/* What one connection may send in all. */
#define WIRE_MAX (PROBE_CHAIN_BYTES_MAX + 128 * 1024)
#define WIRE_FIRST_MAX 48

/* One connection, with a deadline and a cap. */
struct wire {
	int fd;
	int64_t until_ms; /* monotonic */
	size_t left;	  /* bytes that may still be read */
	bool late, cut, closed;
	uint8_t first[WIRE_FIRST_MAX]; /* what the server sent first, from the beginning of TLS on */
	size_t n_first;
};
#define WIRE(name) CLEANUP(wire_done) struct wire name = {.fd = -1}

void wire_done(struct wire *w);
/* > 0 bytes, 0 at the end, < 0 with late, cut, or closed (reset) set. */
ptrdiff_t wire_read(struct wire *w, void *p, size_t n);
/* Takes what has come already into first, without waiting. */
void wire_first_fill(struct wire *w);
/* All of it, or < 0 with late or closed set. */
int wire_write(struct wire *w, struct blob b);

/* How one attempt ended; goes into a struct probe when it is the one that counts. */
struct probe_end {
	enum probe_outcome outcome;
	enum probe_step step;
	int alert;
	char why[PROBE_WHY_MAX];
};
/* Returns o. */
enum probe_outcome probe_ends(struct probe_end *end, enum probe_outcome o, const char *fmt, ...) PRINTF(3, 4);
/* Reading or writing failed: why, by what w says. */
enum probe_outcome probe_broke(struct probe_end *end, const struct wire *w);

/* Connects and speaks STARTTLS; PROBE_SEEN when TLS may begin. E_NET. */
int probe_dial(const struct probe_call *call, int64_t until_ms, struct arena *a, struct wire *w, struct probe_end *end,
	int64_t *ret_connect_us, struct err *e) CHECKED;

/* What is said first. */
struct hello {
	const char *priorities; /* GnuTLS's */
	struct str name;	/* {NULL, 0}: no SNI */
	bool alpn, anonymous;
};
/* One handshake over w. What is seen goes to *ret, when there was one. PROBE_NOT_TRIED: the library cannot speak so, or it
 * did not come to an answer. */
enum probe_tried probe_handshake(
	struct wire *w, const struct hello *hello, struct arena *a, struct probe *ret, struct probe_end *end);

/* -- protocols whose hello and certificates are plain, and which no library here speaks: TLCP (GB/T 38636), SSL 3.0
 * (RFC 6101) */

enum plain { PLAIN_TLCP, PLAIN_SSL3 };
#define PLAIN_ANSWER_MAX (32 * 1024)
struct plain_answer {
	unsigned suite;
	unsigned n_chain; /* TLCP: the signing certificate, that for encryption, then their issuers */
	struct blob chain[PROBE_CHAIN_MAX]; /* spans of what was joined in the arena */
	bool chain_cut;
};
/* MORE: it ended before an answer. ALERTED: refused, in that protocol's own records. FOREIGN: something else answered. */
enum plain_end { PLAIN_MORE, PLAIN_SHOWN, PLAIN_ALERTED, PLAIN_FOREIGN };
/* seen: all that came in answer to the hello. */
enum plain_end plain_read(enum plain p, struct blob seen, struct arena *a, struct plain_answer *ret);
/* Says hello over w and reads up to the certificates; what is shown goes to *ret. */
enum plain_end plain_ask(struct wire *w, enum plain p, struct arena *a, struct probe *ret);
