/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/rfc3339.h"
#include "cli/check_out.h"
#include "cli/inspect_live.h"

#define LIST_MAX 256

static const char *
version_word(unsigned i)
{
	return probe_version_word((enum probe_version)i);
}

static const char *
weak_word(unsigned i)
{
	return probe_weak_word((enum probe_weak)i);
}

/* -- for people */

static void
put(const char *what, struct str value)
{
	if (value.n)
		printf("%-14s %.*s\n", what, STRF(value));
}

static void
put_ms(const char *what, int64_t us)
{
	printf("%-14s %lld.%lld ms\n", what, (long long)(us / 1000), (long long)(us % 1000 / 100));
}

static void
put_those(const char *what, const uint8_t *v, unsigned n, enum probe_tried which, const char *(*word)(unsigned))
{
	BUF(b, LIST_MAX);

	for (unsigned i = 0; i < n; i++) {
		if (v[i] == which)
			buf_printf(&b, "%s%s", b.n ? ", " : "", word(i));
	}
	put(what, buf_str(&b));
}

static void
put_staple(const struct live *l)
{
	const char *word = live_staple_word(l->staple);
	char until[RFC3339_MAX];

	if (!word)
		printf("%-14s none%s\n", "stapled OCSP", l->must_staple ? ", though the certificate demands one" : "");
	else if (l->staple_next_ms == INT64_MAX || l->staple_next_ms <= 0)
		printf("%-14s %s\n", "stapled OCSP", word);
	else
		printf("%-14s %s, until %s\n", "stapled OCSP", word, rfc3339_put(l->staple_next_ms, until));
}

static void
put_handshake(const struct live_run *l)
{
	const struct probe *p = &l->probe;

	put("protocol", str_c(version_word(p->version)));
	put("suite", str_c(p->suite));
	put("key exchange", str_c(p->group));
	put("ALPN", out_harmless(p->alpn, l->c->arena));
	put_those("takes", p->versions, PROBE_VERSIONS, PROBE_TAKEN, version_word);
	put_those("takes not", p->versions, PROBE_VERSIONS, PROBE_NOT_TAKEN, version_word);
	put_those("not tried", p->versions, PROBE_VERSIONS, PROBE_NOT_TRIED, version_word);
	put_those("weak suites", p->weak, PROBE_WEAKS, PROBE_TAKEN, weak_word);
	put_those("weak, not tried", p->weak, PROBE_WEAKS, PROBE_NOT_TRIED, weak_word);
	if (p->asks_client)
		put("client", STR("is asked for a certificate"));
	put_ms("connected in", p->connect_us);
	put_ms("handshake in", p->handshake_us);
	put_staple(&l->live);
}

static void
put_server(const struct live_run *l)
{
	put("server", addr_text(l->c->arena, &l->address, true));
	put("name", out_harmless(l->name, l->c->arena));
	if (l->starttls != STARTTLS_NONE)
		put("STARTTLS", str_c(starttls_word(l->starttls)));
	if (l->probe.outcome == PROBE_SEEN)
		put_handshake(l);
	else
		put("failed", out_harmless(str_c(l->probe.why), l->c->arena));
}

static void
put_chains(const struct live_run *l)
{
	const struct check *k = &l->live.check;

	if (l->probe.n_chain)
		printf("\nsent by the server:\n");
	for (unsigned i = 0; i < l->probe.n_chain; i++)
		cert_put(l->probe.chain[i], i, NULL, l->c->arena);
	if (k->n_chain)
		printf("\nthe chain:\n");
	check_put_chain(k, l->c->arena);
	if (k->n_chain)
		printf("%s\n", k->trusted ? "trusted: the chain ends in a root of the trust store" : "not trusted");
}

static void
put_asks(const struct live_run *l)
{
	if (l->n_asks)
		printf("\nasked:\n");
	for (unsigned i = 0; i < l->n_asks; i++) {
		const struct live_ask *k = &l->asks[i];

		printf("  %-6s %s: %.*s\n", k->kind, k->url,
			STRF(k->fault ? out_harmless(str_c(k->fault), l->c->arena) : STR("answered")));
	}
}

void
inspect_live_put(const struct live_run *l)
{
	const struct live *live = &l->live;
	char end[RFC3339_MAX];

	put_server(l);
	put_chains(l);
	put_asks(l);
	printf("\n");
	if (live->ends_ms)
		printf("%-14s %lld, until %s\n", "days left", (long long)live->days_left, rfc3339_put(live->ends_ms, end));
	if (l->starttls == STARTTLS_NONE)
		printf("%-14s Chrome: %s; Firefox: %s\n", "browsers say", live->browser.chrome, live->browser.firefox);
	printf("\n");
	check_put_findings(&live->check, l->chinese, l->c->arena);
}

/* -- for programs */

static void
json_tried(struct jsonw *w, const char *what, const uint8_t *v, unsigned n, const char *(*word)(unsigned))
{
	static const char *const words[] = {
		[PROBE_NOT_TRIED] = "not_tried", [PROBE_TAKEN] = "taken", [PROBE_NOT_TAKEN] = "not_taken"};

	jsonw_key(w, what);
	jsonw_object(w);
	for (unsigned i = 0; i < n; i++)
		jsonw_kv_c(w, word(i), words[v[i]]);
	jsonw_object_end(w);
}

static void
json_handshake(const struct live_run *l, struct jsonw *w)
{
	const struct probe *p = &l->probe;

	jsonw_key(w, "handshake");
	jsonw_object(w);
	jsonw_kv_c(w, "protocol", version_word(p->version));
	jsonw_kv_c(w, "suite", p->suite);
	jsonw_kv_c(w, "key_exchange", p->group);
	jsonw_kv_str(w, "alpn", p->alpn);
	json_tried(w, "versions", p->versions, PROBE_VERSIONS, version_word);
	json_tried(w, "weak_suites", p->weak, PROBE_WEAKS, weak_word);
	jsonw_kv_bool(w, "asks_for_client_certificate", p->asks_client);
	jsonw_kv_int(w, "connect_us", p->connect_us);
	jsonw_kv_int(w, "handshake_us", p->handshake_us);
	jsonw_kv_bool(w, "must_staple", l->live.must_staple);
	jsonw_kv_c(w, "staple", live_staple_word(l->live.staple));
	jsonw_object_end(w);
}

static void
json_chains(const struct live_run *l, struct jsonw *w)
{
	jsonw_key(w, "sent");
	jsonw_array(w);
	for (unsigned i = 0; i < l->probe.n_chain; i++)
		cert_json(l->probe.chain[i], NULL, l->c->arena, w);
	jsonw_array_end(w);
	check_json_chain(&l->live.check, l->c->arena, w);
	jsonw_kv_bool(w, "trusted", l->live.check.trusted);
	if (!l->live.ends_ms)
		return;
	jsonw_kv_time(w, "ends", l->live.ends_ms);
	jsonw_kv_int(w, "days_left", l->live.days_left);
}

static void
json_asks(const struct live_run *l, struct jsonw *w)
{
	jsonw_key(w, "asked");
	jsonw_array(w);
	for (unsigned i = 0; i < l->n_asks; i++) {
		jsonw_object(w);
		jsonw_kv_c(w, "kind", l->asks[i].kind);
		jsonw_kv_c(w, "url", l->asks[i].url);
		jsonw_kv_c(w, "fault", l->asks[i].fault);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
json_browsers(const struct live_run *l, struct jsonw *w)
{
	jsonw_key(w, "browsers");
	jsonw_object(w);
	jsonw_kv_c(w, "chrome", l->live.browser.chrome);
	jsonw_kv_c(w, "firefox", l->live.browser.firefox);
	jsonw_object_end(w);
}

void
inspect_live_json(const struct live_run *l)
{
	BUF(out, CLI_ANSWER_MAX);
	struct jsonw w;

	body_begin(&w, &out);
	jsonw_kv_bool(&w, "ok", l->live.ok);
	jsonw_kv_str(&w, "server", addr_text(l->c->arena, &l->address, true));
	jsonw_kv_str(&w, "name", l->name);
	jsonw_kv_c(&w, "starttls", starttls_word(l->starttls));
	jsonw_kv_c(&w, "outcome", probe_outcome_word(l->probe.outcome));
	jsonw_kv_c(&w, "step", probe_step_word(l->probe.step));
	jsonw_kv_c(&w, "why", l->probe.why);
	if (l->probe.outcome == PROBE_SEEN)
		json_handshake(l, &w);
	json_chains(l, &w);
	json_asks(l, &w);
	json_browsers(l, &w);
	check_json_findings(&l->live.check, l->chinese, &w);
	body_end(&w);
	printf("%.*s\n", STRF(buf_str(&out)));
}
