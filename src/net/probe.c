/* SPDX-License-Identifier: Apache-2.0 */
#include "net/probe.h"

#include <stdio.h>

#include "base/clock.h"
#include "net/probe_priv.h"

#define ALERT_NO_PROTOCOL 120 /* no_application_protocol (RFC 7301 3.2) */

/* Seen is not trusted: digests, key sizes and uses that nobody should take do not end the handshake here. */
#define LAX ":+SIGN-RSA-SHA1:+SIGN-ECDSA-SHA1:%PROFILE_VERY_WEAK:%DEBUG_ALLOW_KEY_USAGE_VIOLATIONS"
#define OLD "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0"

static const char today[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0" LAX;
/* For servers that take nothing of today's. */
static const char yesterday[] = OLD ":+RSA:+DHE-RSA:+DHE-DSS:+3DES-CBC:+ARCFOUR-128:+MD5:+SIGN-DSA-SHA1" LAX;

static const struct {
	const char *word, *priorities;
} versions[PROBE_VERSIONS] = {[PROBE_SSL3] = {"SSL 3.0", NULL},
	[PROBE_TLS10] = {"TLS 1.0", "NORMAL:-VERS-ALL:+VERS-TLS1.0:+RSA" LAX},
	[PROBE_TLS11] = {"TLS 1.1", "NORMAL:-VERS-ALL:+VERS-TLS1.1:+RSA" LAX},
	[PROBE_TLS12] = {"TLS 1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2:+RSA" LAX},
	[PROBE_TLS13] = {"TLS 1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.3" LAX}};

static const struct {
	const char *word, *priorities;
} weaks[PROBE_WEAKS] = {[PROBE_WEAK_NULL] = {"null", OLD ":-CIPHER-ALL:+NULL:+RSA" LAX},
	[PROBE_WEAK_ANON] = {"anon", OLD ":-KX-ALL:+ANON-ECDH:+ANON-DH" LAX},
	[PROBE_WEAK_RC4] = {"rc4", OLD ":-CIPHER-ALL:+ARCFOUR-128:+RSA:+MD5" LAX},
	[PROBE_WEAK_3DES] = {"3des", OLD ":-CIPHER-ALL:+3DES-CBC:+RSA" LAX},
	[PROBE_WEAK_STATIC] = {"static_rsa", OLD ":-KX-ALL:+RSA" LAX}};

const char *
probe_outcome_word(enum probe_outcome o)
{
	static const char *const words[PROBE_OUTCOMES] = {[PROBE_SEEN] = "seen",
		[PROBE_REFUSED] = "refused",
		[PROBE_UNREACHABLE] = "unreachable",
		[PROBE_TIMEOUT] = "timeout",
		[PROBE_CLOSED] = "closed",
		[PROBE_STARTTLS] = "starttls",
		[PROBE_NO_TLS] = "no_tls",
		[PROBE_TLCP] = "tlcp",
		[PROBE_ALERT] = "alert",
		[PROBE_BROKEN] = "broken"};

	return words[o];
}

const char *
probe_step_word(enum probe_step s)
{
	static const char *const words[PROBE_STEPS] = {[PROBE_AT_CONNECT] = "connect",
		[PROBE_AT_STARTTLS] = "starttls",
		[PROBE_AT_HANDSHAKE] = "handshake",
		[PROBE_AT_MORE] = "more"};

	return words[s];
}

const char *
probe_version_word(enum probe_version v)
{
	return versions[v].word;
}

const char *
probe_weak_word(enum probe_weak w)
{
	return weaks[w].word;
}

/* -- one probe */

struct run {
	const struct probe_call *call;
	struct arena *a;
	int64_t until_ms;
};

/* A connection and a handshake of its own. */
static int
attempt(const struct run *run, const struct hello *hello, struct probe *ret, struct probe_end *end,
	enum probe_tried *ret_tried, struct err *e)
{
	WIRE(w);
	int64_t connect_us = 0;
	int r = probe_dial(run->call, run->until_ms, run->a, &w, end, &connect_us, e);

	*ret_tried = PROBE_NOT_TRIED;
	if (r < 0 || end->outcome != PROBE_SEEN)
		return r;
	ret->connect_us = connect_us;
	*ret_tried = probe_handshake(&w, hello, run->a, ret, end);
	return 0;
}

/* The same in a protocol without a library. */
static int
attempt_plain(const struct run *run, enum plain p, struct probe *ret, enum plain_end *ret_how, enum probe_tried *ret_tried,
	struct err *e)
{
	WIRE(w);
	struct probe_end end = {.alert = -1};
	int64_t connect_us;
	int r = probe_dial(run->call, run->until_ms, run->a, &w, &end, &connect_us, e);

	*ret_how = PLAIN_MORE;
	*ret_tried = PROBE_NOT_TRIED;
	if (r < 0 || end.outcome != PROBE_SEEN)
		return r;
	*ret_how = plain_ask(&w, p, run->a, ret);
	if (*ret_how == PLAIN_SHOWN)
		*ret_tried = PROBE_TAKEN;
	else if (!w.late)
		*ret_tried = PROBE_NOT_TAKEN;
	return 0;
}

/* Whether the server speaks TLCP or SSL 3.0, after it has taken no TLS. */
static int
attempt_others(const struct run *run, struct probe *ret, struct probe_end *end, struct err *e)
{
	enum plain_end how;
	enum probe_tried tried;
	int r = attempt_plain(run, PLAIN_TLCP, ret, &how, &tried, e);

	if (r < 0)
		return r;
	if (how == PLAIN_SHOWN || how == PLAIN_ALERTED) {
		probe_ends(end, PROBE_TLCP, "the server speaks TLCP (GB/T 38636) and no TLS that is known here%s",
			how == PLAIN_SHOWN ? "" : "; it showed no certificates");
		return 0;
	}
	r = attempt_plain(run, PLAIN_SSL3, ret, &how, &tried, e);
	if (r < 0 || how != PLAIN_SHOWN)
		return r;
	ret->version = PROBE_SSL3;
	ret->versions[PROBE_SSL3] = PROBE_TAKEN;
	for (unsigned i = PROBE_TLS10; i < PROBE_VERSIONS; i++)
		ret->versions[i] = PROBE_NOT_TAKEN;
	*end = (struct probe_end){.outcome = PROBE_SEEN, .step = PROBE_AT_HANDSHAKE, .alert = -1};
	return 0;
}

static bool
handshake_failed(const struct probe_end *end)
{
	return end->step == PROBE_AT_HANDSHAKE &&
	       (end->outcome == PROBE_ALERT || end->outcome == PROBE_CLOSED || end->outcome == PROBE_BROKEN);
}

/* The handshake that counts: as a client of today speaks; when that fails, without ALPN, as one of yesterday, as TLCP, as
 * SSL 3.0. */
static int
probe_first(const struct run *run, struct hello *hello, struct probe *ret, struct probe_end *end, struct err *e)
{
	struct probe_end again;
	enum probe_tried tried;
	int r = attempt(run, hello, ret, end, &tried, e);

	if (r == 0 && end->outcome == PROBE_ALERT && end->alert == ALERT_NO_PROTOCOL && hello->alpn) {
		hello->alpn = false;
		*end = (struct probe_end){.alert = -1};
		r = attempt(run, hello, ret, end, &tried, e);
	}
	if (r < 0 || !handshake_failed(end))
		return r;
	again = (struct probe_end){.alert = -1};
	hello->priorities = yesterday;
	r = attempt(run, hello, ret, &again, &tried, e);
	if (r == 0 && tried == PROBE_TAKEN)
		*end = again;
	else if (r == 0)
		r = attempt_others(run, ret, end, e);
	return r;
}

static int
probe_other(const struct run *run, const struct hello *hello, struct probe *other, uint8_t *ret_tried, struct err *e)
{
	struct probe_end end = {.alert = -1, .step = PROBE_AT_MORE};
	enum probe_tried tried = PROBE_NOT_TRIED;
	int r = clock_mono_ms() < run->until_ms ? attempt(run, hello, other, &end, &tried, e) : 0;

	*ret_tried = (uint8_t)tried;
	return r;
}

/* An answer in time is one, also that it hung up. */
static int
probe_ssl3(const struct run *run, struct probe *ignored, uint8_t *ret_tried, struct err *e)
{
	enum probe_tried tried = PROBE_NOT_TRIED;
	enum plain_end how;
	int r = clock_mono_ms() < run->until_ms ? attempt_plain(run, PLAIN_SSL3, ignored, &how, &tried, e) : 0;

	*ret_tried = (uint8_t)tried;
	return r;
}

static int
probe_versions(const struct run *run, const struct hello *first, struct probe *ret, struct err *e)
{
	struct probe *ignored = arena_new(run->a, struct probe);
	struct hello hello = *first;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < PROBE_VERSIONS; i++) {
		hello.priorities = versions[i].priorities;
		if (ret->versions[i] == PROBE_NOT_TRIED)
			r = i == PROBE_SSL3 ? probe_ssl3(run, ignored, &ret->versions[i], e)
					    : probe_other(run, &hello, ignored, &ret->versions[i], e);
	}
	hello.anonymous = true;
	for (unsigned i = 0; r == 0 && i < PROBE_WEAKS; i++) {
		hello.priorities = weaks[i].priorities;
		r = probe_other(run, &hello, ignored, &ret->weak[i], e);
	}
	return r;
}

static int
probe_bare(const struct run *run, const struct hello *first, struct probe *ret, struct err *e)
{
	struct probe *bare = arena_new(run->a, struct probe);
	struct hello hello = *first;
	int r;

	hello.name = (struct str){0};
	r = probe_other(run, &hello, bare, &ret->bare, e);
	if (r == 0 && bare->n_chain)
		ret->bare_leaf = bare->chain[0];
	return r;
}

static int
call_check(const struct probe_call *call, struct arena *a, struct err *e)
{
	BUG_ON(call->timeout_ms <= 0 || call->starttls >= STARTTLS_KINDS);
	if (call->allow_special || addr_allowed(&call->address, call->allow, call->n_allow))
		return 0;
	return err_set(e, E_ADDRESS_REFUSED, "the address %s may not be called", addr_text(a, &call->address, true).p);
}

int
probe_run(const struct probe_call *call, struct arena *a, struct probe *ret, struct err *e)
{
	struct run run = {call, a, clock_mono_ms() + call->timeout_ms};
	struct hello hello = {.priorities = today, .alpn = call->starttls == STARTTLS_NONE};
	struct probe_end end = {.alert = -1};
	struct probe *p = arena_new(a, struct probe);
	struct addr ip;
	int r = call_check(call, a, e);

	if (!addr_parse_ip(call->name, &ip))
		hello.name = call->name;
	if (r == 0)
		r = probe_first(&run, &hello, p, &end, e);
	if (r == 0 && call->thorough && end.outcome == PROBE_SEEN)
		r = probe_versions(&run, &hello, p, e);
	if (r == 0 && call->thorough && end.outcome == PROBE_SEEN && hello.name.n)
		r = probe_bare(&run, &hello, p, e);
	if (r < 0)
		return r;
	p->outcome = end.outcome;
	p->step = end.step;
	p->alert = end.alert;
	snprintf(p->why, sizeof(p->why), "%s", end.why);
	*ret = *p;
	return 0;
}
