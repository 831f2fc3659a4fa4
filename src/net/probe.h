/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at one TLS server: what it speaks and shows, without any judgement and without trusting anything (GnuTLS).
 * The address was resolved and vetted by the caller and is pinned. Each probe is bounded by one deadline and by caps on
 * every byte read: silent, slow, endless and lying servers cost no more than that. No bytes of an application are sent.
 *
 * Thread: any, several at once; blocks up to timeout_ms (lanes and job threads). Nothing is logged.
 */
#pragma once

#include "net/addr.h"
#include "net/starttls.h"

#define PROBE_CHAIN_MAX 32
#define PROBE_CHAIN_BYTES_MAX (256 * 1024)
#define PROBE_STAPLE_MAX (64 * 1024)
#define PROBE_SUITE_MAX 64
#define PROBE_WHY_MAX 288

struct probe_call {
	struct addr address; /* with the port; pinned */
	struct str name;     /* sent as SNI; {NULL, 0}, or an IP address: none is sent (RFC 6066 3) */
	enum starttls starttls;
	int timeout_ms; /* for all of it, however many handshakes */
	bool thorough;	/* every version and weak class, and once without SNI: up to twelve connections, one after another */
	const struct addr_net *allow; /* special addresses that may be called */
	unsigned n_allow;
	bool allow_special; /* the caller vouches: all of them */
};

/* How it ended. Numbers are stored: append only. */
enum probe_outcome {
	PROBE_SEEN,	   /* a handshake was completed but for a client's certificate, or begun in SSL 3.0; the rest of
			      struct probe stands */
	PROBE_REFUSED,	   /* nobody listens there */
	PROBE_UNREACHABLE, /* no way to that address */
	PROBE_TIMEOUT,	   /* the deadline came; step says at what */
	PROBE_CLOSED,	   /* the server hung up without a word */
	PROBE_STARTTLS,	   /* STARTTLS refused, or another protocol than the one asked for */
	PROBE_NO_TLS,	   /* what answers is no TLS */
	PROBE_TLCP,	   /* it speaks TLCP (GB/T 38636) and no TLS that is known here; the chain stands when it was shown */
	PROBE_ALERT,	   /* the server broke the handshake off */
	PROBE_BROKEN,	   /* the handshake failed on what the server sent (the chain stands when it was the cause), or it
			      sent more than is read */
	PROBE_OUTCOMES
};
enum probe_step { PROBE_AT_CONNECT, PROBE_AT_STARTTLS, PROBE_AT_HANDSHAKE, PROBE_AT_MORE, PROBE_STEPS };

/* Of SSL 3.0 the beginning alone is spoken (probe_plain.c): nobody should go on in it (RFC 7568). */
enum probe_version { PROBE_SSL3, PROBE_TLS10, PROBE_TLS11, PROBE_TLS12, PROBE_TLS13, PROBE_VERSIONS };
/* Classes of suites that nobody should take any more (RFC 9325 4). */
enum probe_weak {
	PROBE_WEAK_NULL,   /* no encryption */
	PROBE_WEAK_ANON,   /* no authentication */
	PROBE_WEAK_RC4,	   /* RFC 7465 */
	PROBE_WEAK_3DES,   /* 64-bit blocks: Sweet32 */
	PROBE_WEAK_STATIC, /* RSA key exchange: no forward secrecy */
	PROBE_WEAKS
};
/* NOT_TRIED: not asked for, the library here cannot speak it, or no time was left. */
enum probe_tried { PROBE_NOT_TRIED, PROBE_TAKEN, PROBE_NOT_TAKEN };

struct probe {
	enum probe_outcome outcome;
	enum probe_step step; /* the last one reached; of PROBE_TIMEOUT and the like: where it ended */
	char why[PROBE_WHY_MAX]; /* in English, with what the server said in quotes; "" when seen */
	int alert;		 /* TLS alert of PROBE_ALERT (RFC 8446 6); -1: none */

	enum probe_version version; /* of the first handshake, as are the following */
	char suite[PROBE_SUITE_MAX]; /* IANA name: "TLS_AES_128_GCM_SHA256" */
	char group[32];		     /* "X25519", "SECP256R1", "FFDHE2048", "DH 1024 bits"; "": RSA key exchange */
	int dh_bits;		     /* of a finite field; 0: none was used */
	struct str alpn;	     /* {NULL, 0}: none was chosen (asked for without STARTTLS only) */
	unsigned n_chain;	     /* as sent, leaf first; nothing is known of their form but the cap */
	struct blob chain[PROBE_CHAIN_MAX];
	bool chain_cut; /* more certificates were sent */
	struct blob staple; /* DER of the stapled OCSP response; {NULL, 0}: none */
	bool asks_client;   /* for a client's certificate */
	int64_t connect_us, handshake_us; /* of the first handshake; without the time of STARTTLS */

	/* thorough alone */
	uint8_t versions[PROBE_VERSIONS]; /* enum probe_tried; the one of the first handshake always */
	uint8_t weak[PROBE_WEAKS];	  /* enum probe_tried */
	uint8_t bare;			  /* enum probe_tried: a handshake without SNI */
	struct blob bare_leaf;		  /* the certificate shown then */
};

/* "seen", "refused", "unreachable", "timeout", "closed", "starttls", "no_tls", "tlcp", "alert", "broken" */
const char *probe_outcome_word(enum probe_outcome o);
/* "connect", "starttls", "handshake", "more" */
const char *probe_step_word(enum probe_step s);
/* "SSL 3.0", "TLS 1.0" … */
const char *probe_version_word(enum probe_version v);
/* "null", "anon", "rc4", "3des", "static_rsa" */
const char *probe_weak_word(enum probe_weak w);

/* 0 with every outcome: what a server does is no error of ours. What was seen lives in the arena. E_ADDRESS_REFUSED,
 * E_NET (no socket to be had). */
int probe_run(const struct probe_call *call, struct arena *a, struct probe *ret, struct err *e) CHECKED;
