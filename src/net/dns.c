/* SPDX-License-Identifier: Apache-2.0 */
#include "net/dns.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/quote.h"
#include "net/dns_priv.h"
#include "os/file.h"

#define ROOT_ANCHOR "/usr/share/dns/root.key"
#define ANCHOR_FILE_MAX (256 * 1024)
/*
 * So soon a repaired record counts, whatever its TTL said; a batch of names of one domain is quicker than that.
 * The same for all contexts: libunbound keeps the limit once per process, and the context made last would set it for all.
 */
#define CACHE_S 10

/* "192.0.2.1:53" -> "192.0.2.1@53" */
static int
read_resolver(struct dns *d, const char *resolver, struct err *e)
{
	struct addr ad;
	struct addr_net loop4, loop6;

	if (!addr_parse(str_c(resolver), &ad) || ad.port == 0) {
		err_set(e, E_CONFIG, "resolver \"%s\" is no address with a port", resolver);
		err_hint(e, "Write it like 192.0.2.1:53 or [2001:db8::1]:53.");
		return e->code;
	}
	BUG_ON(!addr_net_parse(STR("127.0.0.0/8"), &loop4) || !addr_net_parse(STR("::1/128"), &loop6));
	d->setup.forward_loopback = addr_in(&ad, &loop4) || addr_in(&ad, &loop6);
	d->setup.forward = (char *)arena_printf(&d->arena, "%.*s@%u", STRF(addr_text(&d->arena, &ad, false)), ad.port).p;
	return 0;
}

static int
read_anchors(struct dns *d, const char *file, struct str text, struct err *e)
{
	struct blob content = blob_of(text);
	struct str *lines;
	int r = text.p ? 0 : file_read(AT_FDCWD, file, ANCHOR_FILE_MAX, &d->arena, &content, e);

	if (r == E_NOT_FOUND)
		return err_set(e, E_CONFIG, "trust anchor file \"%s\" does not exist", file);
	if (r < 0)
		return err_wrap(e, "trust anchor file");
	r = dns_anchors_read(str_of(content), file, &d->arena, &lines, &d->setup.n_anchors, e);
	if (r < 0)
		return r;
	d->setup.anchors = arena_new_n(&d->arena, d->setup.n_anchors, char *);
	for (unsigned i = 0; i < d->setup.n_anchors; i++)
		d->setup.anchors[i] = (char *)lines[i].p;
	return 0;
}

/* Names the record that the library does not take; all of them are tried one by one. */
static int
blame_anchor(const struct dns *d, const char *file, struct err *e)
{
	struct err last = *e;

	for (unsigned i = 0; i < d->setup.n_anchors; i++) {
		struct dns_setup one = {.anchors = &d->setup.anchors[i], .n_anchors = 1};
		struct dns_channel ch;
		ARENA(a);

		if (dns_channel_init(&ch, &one, CACHE_S, e) < 0)
			return err_set(e, E_CONFIG, "trust anchor file \"%s\": record \"%.*s\" cannot be used", file,
				STRF(quote_text(str_c(d->setup.anchors[i]), 80, &a)));
		dns_channel_done(&ch);
	}
	*e = last;
	return e->code;
}

int
dns_open(const struct dns_conf *conf, struct dns **ret, struct err *e)
{
	const char *file = conf->trust_anchor ? conf->trust_anchor : ROOT_ANCHOR;
	struct dns *d = calloc(1, sizeof(*d));
	int r;

	BUG_ON(!d);
	d->places = conf->fresh_max ? conf->fresh_max : 1;
	arena_init(&d->arena, 0);
	r = conf->resolver ? read_resolver(d, conf->resolver, e) : 0;
	if (r == 0)
		r = read_anchors(d, file, conf->trust_anchor ? conf->anchor_text : (struct str){NULL, 0}, e);
	if (r == 0) {
		r = dns_channel_init(&d->shared, &d->setup, CACHE_S, e);
		if (r == E_CONFIG)
			r = blame_anchor(d, file, e);
	}
	if (r < 0) {
		arena_done(&d->arena);
		free(d);
		return r;
	}
	BUG_ON(pthread_mutex_init(&d->lock, NULL) != 0);
	dns_cond_init(&d->freed);
	*ret = d;
	return 0;
}

void
dns_stop(struct dns *d)
{
	atomic_store(&d->setup.stopped, true);
}

struct dns *
dns_close(struct dns *d)
{
	if (!d)
		return NULL;
	dns_channel_done(&d->shared);
	pthread_cond_destroy(&d->freed);
	pthread_mutex_destroy(&d->lock);
	arena_done(&d->arena);
	free(d);
	return NULL;
}

static void
place_leave(struct dns *d)
{
	pthread_mutex_lock(&d->lock);
	d->places++;
	pthread_cond_signal(&d->freed);
	pthread_mutex_unlock(&d->lock);
}

static bool
place_take(struct dns *d, int64_t deadline_ms)
{
	bool got;

	pthread_mutex_lock(&d->lock);
	while (d->places == 0 && clock_mono_ms() < deadline_ms)
		dns_cond_wait(&d->freed, &d->lock, deadline_ms);
	got = d->places > 0;
	if (got)
		d->places--;
	pthread_mutex_unlock(&d->lock);
	return got;
}

int
dns_session_open(struct dns *d, int timeout_ms, struct dns_session **ret, struct err *e)
{
	struct dns_session *s;
	int r;

	if (!place_take(d, clock_mono_ms() + timeout_ms))
		return err_set(e, E_BUSY, "too many DNS checks are under way");
	s = calloc(1, sizeof(*s));
	BUG_ON(!s);
	s->dns = d;
	r = dns_channel_init(&s->ch, &d->setup, CACHE_S, e);
	if (r < 0) {
		place_leave(d);
		free(s);
		/* the same settings were good at the start: what is wrong now is room */
		return r == E_CONFIG ? err_set(e, E_BUSY, "the resolver library cannot make another context") : r;
	}
	*ret = s;
	return 0;
}

struct dns_session *
dns_session_close(struct dns_session *s)
{
	if (!s)
		return NULL;
	dns_channel_done(&s->ch);
	place_leave(s->dns);
	free(s);
	return NULL;
}

void
dns_session_closep(struct dns_session **s)
{
	*s = dns_session_close(*s);
}
