/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect_live.h"

#include <netdb.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cert_files.h"
#include "cli/offline.h"
#include "text/idna.h"
#include "text/psl.h"

#define ADDRESSES_MAX 8
#define KNOWN_MORE 8 /* issuers that are fetched */
#define SOON_MS (30 * MS_DAY)
#define TIMEOUT_S 10
#define TIMEOUT_S_MAX 300

/* -- what is asked */

static bool
host_port_read(struct str s, struct str *ret_host, uint16_t *ret_port)
{
	struct addr with_port;
	struct str port = s, host;
	uint64_t n;

	if (s.n && s.p[0] == '[') {
		if (!addr_parse(s, &with_port) || !with_port.port)
			return false;
		*ret_host = (struct str){s.p + 1, (size_t)str_find(s, ']') - 1};
		*ret_port = with_port.port;
		return true;
	}
	host = str_cut(&port, ':');
	if (!host.n || !str_u64(port, UINT16_MAX, &n) || !n)
		return false;
	for (size_t i = 0; i < host.n; i++) {
		if ((unsigned char)host.p[i] <= ' ' || strchr("/\\@?#%", host.p[i]))
			return false;
	}
	*ret_host = host;
	*ret_port = (uint16_t)n;
	return true;
}

bool
inspect_live_meant(const struct cli *c)
{
	struct str host;
	uint16_t port;

	return c->n_args == 1 && host_port_read(str_c(c->args[0]), &host, &port) && access(c->args[0], F_OK) != 0;
}

/* Names in A-labels; addresses as they are. */
static int
name_read(struct str given, struct arena *a, struct str *ret, struct err *e)
{
	struct addr ip;

	*ret = given;
	return addr_parse_ip(given, &ip) ? 0 : idna_to_ascii(given, a, ret, e);
}

static int
starttls_read(struct live_run *l, struct err *e)
{
	const char *word = opt_value(l->c, "starttls");

	l->starttls = word ? starttls_by_word(str_c(word)) : starttls_by_port(l->port);
	if (l->starttls != STARTTLS_KINDS)
		return 0;
	return err_field(e, E_USAGE, "starttls",
		"--starttls is smtp, imap, pop3, ldap, postgresql or none, not \"%s\"", word);
}

static int
timeout_read(struct live_run *l, struct err *e)
{
	int64_t s = TIMEOUT_S;
	int r = opt_int(l->c, "timeout", &s, e);

	if (r >= 0 && (s < 1 || s > TIMEOUT_S_MAX))
		return err_field(e, E_USAGE, "timeout", "--timeout is a number of seconds from 1 to %d, not %lld",
			TIMEOUT_S_MAX, (long long)s);
	l->timeout_ms = (int)(s * MS_SECOND);
	return MIN(r, 0);
}

static int
stores_read(struct live_run *l, struct err *e)
{
	const char *more = opt_value(l->c, "root"), *known = opt_value(l->c, "known");
	struct cert_list roots = {0}, issuers = {0};
	struct left_out left_out = {0};
	int r = cert_roots_read(opt_value(l->c, "roots"), l->c->arena, &roots, e);

	if (r == 0 && more)
		r = cert_file_read(more, l->c->arena, &roots, &left_out, e);
	if (r == 0 && known)
		r = cert_file_read(known, l->c->arena, &issuers, &left_out, e);
	if (r < 0)
		return r;
	l->known = arena_new_n(l->c->arena, issuers.n + KNOWN_MORE, const struct path_cert *);
	for (size_t i = 0; i < issuers.n; i++)
		l->known[i] = issuers.v[i];
	l->in.known = l->known;
	l->in.n_known = issuers.n;
	l->in.anchors = roots.v;
	l->in.n_anchors = roots.n;
	return 0;
}

static int
question_read(struct live_run *l, struct err *e)
{
	const char *name = opt_value(l->c, "name");
	int r;

	l->chinese = opt_given(l->c, "chinese");
	l->fetch = !opt_given(l->c, "no-revocation");
	l->in.now_ms = clock_wall_ms();
	l->in.soon_ms = SOON_MS;
	if (!host_port_read(str_c(l->c->args[0]), &l->host, &l->port))
		return err_set(e, E_USAGE, "\"%s\" is not HOST:PORT", l->c->args[0]);
	r = name_read(l->host, l->c->arena, &l->host, e);
	l->name = l->host;
	if (r == 0 && name)
		r = name_read(str_c(name), l->c->arena, &l->name, e);
	if (r == 0)
		r = starttls_read(l, e);
	if (r == 0)
		r = timeout_read(l, e);
	if (r == 0)
		r = stores_read(l, e);
	l->in.target = l->name;
	return r;
}

/* -- looking */

int
host_addresses(
	struct str host, uint16_t port, struct arena *a, struct addr *ret, unsigned max, unsigned *ret_n, struct err *e)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
	unsigned n = 0;
	int r;

	if (addr_parse_ip(host, &ret[0])) {
		ret[0].port = port;
		*ret_n = 1;
		return 0;
	}
	r = getaddrinfo(arena_cstr(a, host), NULL, &hints, &found);
	if (r != 0)
		return err_set(e, E_NET, "\"%.*s\" has no address: %s", STRF(host), gai_strerror(r));
	for (struct addrinfo *i = found; i && n < max; i = i->ai_next) {
		if (!addr_of_sockaddr(i->ai_addr, &ret[n]))
			continue;
		ret[n++].port = port;
	}
	freeaddrinfo(found);
	*ret_n = n;
	return n ? 0 : err_set(e, E_NET, "\"%.*s\" has no address", STRF(host));
}

/* One address after another until somebody is there. */
static int
look(struct live_run *l, struct err *e)
{
	struct probe_call call = {.name = l->name,
		.starttls = l->starttls,
		.timeout_ms = l->timeout_ms,
		.thorough = true,
		.allow_special = true};
	struct addr addresses[ADDRESSES_MAX];
	unsigned n;
	int r = host_addresses(l->host, l->port, l->c->arena, addresses, ADDRESSES_MAX, &n, e);

	l->probe.step = PROBE_AT_CONNECT;
	for (unsigned i = 0; r == 0 && i < n && l->probe.step == PROBE_AT_CONNECT; i++) {
		l->address = call.address = addresses[i];
		r = probe_run(&call, l->c->arena, &l->probe, e);
	}
	return r;
}

/* -- what was seen, in the words of the judge */

_Static_assert((int)LIVE_TLS13 == (int)PROBE_TLS13 && (int)LIVE_VERSIONS == (int)PROBE_VERSIONS, "the same versions");
_Static_assert((int)LIVE_STATIC == (int)PROBE_WEAK_STATIC && (int)LIVE_WEAKS == (int)PROBE_WEAKS, "the same classes");

static enum live_shown
shown_of(const struct probe *p)
{
	switch (p->outcome) {
	case PROBE_SEEN:
		return LIVE_SHOWN;
	case PROBE_STARTTLS:
	case PROBE_NO_TLS:
	case PROBE_TLCP:
		return LIVE_NO_TLS;
	case PROBE_REFUSED:
	case PROBE_UNREACHABLE:
	case PROBE_TIMEOUT:
	case PROBE_CLOSED:
	case PROBE_ALERT:
	case PROBE_BROKEN:
	case PROBE_OUTCOMES:
		break;
	}
	return p->step == PROBE_AT_CONNECT ? LIVE_NO_CONNECTION : LIVE_NO_HANDSHAKE;
}

static void
seen_take(struct live_run *l)
{
	const struct probe *p = &l->probe;
	struct live_in *in = &l->in;

	in->shown = shown_of(p);
	in->why = p->why;
	in->chain = p->chain;
	in->n_chain = p->n_chain;
	in->chain_cut = p->chain_cut;
	in->staple = p->staple;
	in->suite = p->suite;
	in->dh_bits = p->dh_bits;
	in->bare_tried = p->bare != PROBE_NOT_TRIED;
	in->bare_leaf = p->bare_leaf;
	for (unsigned i = 0; i < PROBE_VERSIONS; i++) {
		in->versions |= p->versions[i] == PROBE_TAKEN ? 1u << i : 0;
		in->versions_tried |= p->versions[i] != PROBE_NOT_TRIED ? 1u << i : 0;
	}
	for (unsigned i = 0; i < PROBE_WEAKS; i++)
		in->weak |= p->weak[i] == PROBE_TAKEN ? 1u << i : 0;
}

int
inspect_live_judge(struct live_run *l, struct err *e)
{
	return live_judge(&l->in, l->c->arena, &l->live, e);
}

static int
run_live(struct live_run *l, struct err *e)
{
	int r = psl_init(e);

	if (r == 0)
		r = question_read(l, e);
	if (r == 0)
		r = look(l, e);
	if (r < 0)
		return r;
	seen_take(l);
	r = inspect_live_judge(l, e);
	if (r == 0 && l->fetch && l->in.n_chain)
		r = inspect_live_fetch(l, e);
	return r;
}

int
inspect_live(struct cli *c)
{
	struct live_run *l = arena_new(c->arena, struct live_run);
	ERR(e);

	l->c = c;
	if (run_live(l, &e) < 0)
		return offline_no(c, &e);
	if (c->json)
		inspect_live_json(l);
	else
		inspect_live_put(l);
	return l->live.ok ? 0 : 1;
}
