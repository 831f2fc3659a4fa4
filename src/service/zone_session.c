/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/quote.h"
#include "service/zone_priv.h"

#define DNS_PORT 53

static bool
read_address(struct str text, struct addr *ret)
{
	if (addr_parse(text, ret))
		return ret->port != 0;
	if (!addr_parse_ip(text, ret))
		return false;
	ret->port = DNS_PORT;
	return true;
}

void
zone_servers_read(
	const struct svc *s, const struct str *texts, size_t n, struct addr *ret, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		char field[32];
		ARENA(a);

		snprintf(field, sizeof(field), "servers[%zu]", i);
		if (!read_address(texts[i], &ret[i])) {
			err_note(e, E_FIELD_FORM, field,
				"\"%.*s\" is no address; write 192.0.2.1, 192.0.2.1:53 or "
				"[2001:db8::1]:53",
				STRF(quote_text(texts[i], 60, &a)));
			continue;
		}
		ret[i] = addr_unmapped(&ret[i]);
		if (!validate_may_call(&settings_of(s)->validate, &ret[i]))
			err_note(e, E_ADDRESS_REFUSED, field,
				"the address %.*s is private or special",
				STRF(addr_text(&a, &ret[i], false)));
	}
}

int
zone_session_open(struct svc *s, const struct row_zone *row, struct arena *a,
	struct zone_session *ret, struct err *e)
{
	struct zone_session z = {.s = s, .row = row, .a = a};
	struct seal_name name = {.class = SEAL_SERVICE_SECRET, .account = row->account};
	struct str rest = row->servers, texts[ZONE_SERVERS_MAX];
	int r;

	while (rest.n && z.n_servers < ZONE_SERVERS_MAX)
		texts[z.n_servers++] = str_cut(&rest, ' ');
	/* the operator's list may have changed since they were written */
	zone_servers_read(s, texts, z.n_servers, z.servers, e);
	r = err_faults(e);
	if (r < 0)
		return r;
	if (row->seal_id.n != sizeof(name.id))
		return err_set(
			e, E_SEAL_BROKEN, "the key of zone %lld has no name", (long long)row->id);
	memcpy(name.id, row->seal_id.p, sizeof(name.id));
	r = signer_open(s->conf.signer, &name, row->sealed, &z.secret, e);
	if (r == 0)
		*ret = z;
	return r;
}

void
zone_session_done(struct zone_session *z)
{
	z->secret = secret_free(z->secret);
}

int
zone_session_update(const struct zone_session *z, enum dns_update_act act, struct str name,
	struct str text, struct err *e)
{
	struct dns_tsig_key key = {.name = z->row->key_name,
		.alg = (enum dns_tsig_alg)z->row->key_alg,
		.secret = secret_blob(z->secret)};

	return dns_update_txt(settings_of(z->s)->validate.dns, &z->servers[0], z->row->name, &key, act, name, text,
		ZONE_CALL_MS, e);
}

/* -- who is authoritative */

struct gather {
	const struct zone_session *z;
	struct dns_session *resolver;
	struct zone_authority *list;
	size_t n;
};

static bool
is_listed(const struct gather *g, const struct addr *ad)
{
	for (size_t i = 0; i < g->n; i++)
		if (addr_equal_ip(&g->list[i].addr, ad) && g->list[i].addr.port == ad->port)
			return true;
	return false;
}

static int
add(struct gather *g, struct str host, const struct addr *ad, struct err *e)
{
	if (is_listed(g, ad))
		return 0;
	if (!validate_may_call(&settings_of(g->z->s)->validate, ad))
		return err_set(e, E_ADDRESS_REFUSED,
			"the name server %.*s has the private or special address %.*s", STRF(host),
			STRF(addr_text(g->z->a, ad, false)));
	if (g->n == ZONE_AUTHORITIES_MAX)
		return err_set(e, E_DNS_ZONE, "the zone %.*s has more than %d name servers",
			STRF(g->z->row->name), ZONE_AUTHORITIES_MAX);
	g->list[g->n++] = (struct zone_authority){host, *ad};
	return 0;
}

/* The port of the zone's data where the address is named there. */
static int
add_found(struct gather *g, struct str host, const struct addr *found, struct err *e)
{
	struct addr ad = addr_unmapped(found);

	for (size_t i = 0; i < g->z->n_servers; i++)
		if (addr_equal_ip(&g->z->servers[i], &ad))
			return 0; /* listed already, with its port */
	ad.port = DNS_PORT;
	return add(g, host, &ad, e);
}

static int
add_host(struct gather *g, struct str host, struct err *e)
{
	struct addr *found;
	size_t n = 0;
	ERR(why);
	int r = dns_session_addresses(g->resolver, host, ZONE_CALL_MS, g->z->a, &found, &n, &why);

	/* a name that does not exist or has no address serves nobody; one that cannot be looked up
	 * may serve some */
	if (r == E_DNS_NO_RECORD)
		return 0;
	if (r < 0) {
		*e = why;
		return r;
	}
	for (size_t i = 0; r == 0 && i < n; i++)
		r = add_found(g, host, &found[i], e);
	return r;
}

static int
add_named(struct gather *g, enum dns_type type, struct err *e)
{
	const struct zone_session *z = g->z;
	struct dns_message m;
	int r = dns_ask_server(
		settings_of(z->s)->validate.dns, &z->servers[0], z->row->name, type, ZONE_CALL_MS, z->a, &m, e);
	unsigned found = 0;

	for (unsigned i = 0; r == 0 && i < m.n; i++) {
		const struct dns_item *item = &m.items[i];

		if (item->section != DNS_ANSWER || item->type != (unsigned)type ||
			!str_eq(item->name, z->row->name))
			continue;
		found++;
		r = add_host(g, item->target, e);
	}
	if (r == 0 && !found)
		return err_set(e, E_DNS_ZONE, "the name %.*s is no zone: it has no %s record",
			STRF(z->row->name), type == DNS_NS ? "NS" : "SOA");
	return r;
}

int
zone_session_authorities(
	const struct zone_session *z, struct zone_authority *ret, size_t *ret_n, struct err *e)
{
	CLEANUP(dns_session_closep) struct dns_session *resolver = NULL;
	struct gather g = {.z = z, .list = ret};
	int r = dns_session_open(settings_of(z->s)->validate.dns, ZONE_CALL_MS, &resolver, e);

	g.resolver = resolver;
	for (size_t i = 0; r == 0 && i < z->n_servers; i++)
		r = add(&g, STR(""), &z->servers[i], e);
	if (r == 0)
		r = add_named(&g, DNS_NS, e);
	if (r == 0)
		r = add_named(&g, DNS_SOA, e);
	*ret_n = g.n;
	return r;
}

int
zone_session_shown(const struct zone_session *z, struct str name, struct str text, struct err *e)
{
	struct zone_authority list[ZONE_AUTHORITIES_MAX];
	size_t n = 0;
	int r = zone_session_authorities(z, list, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++) {
		struct dns_message m;

		r = dns_ask_server(
			settings_of(z->s)->validate.dns, &list[i].addr, name, DNS_TXT, ZONE_CALL_MS, z->a, &m, e);
		if (r == 0 && !dns_shows_txt(&m, text, z->a))
			r = err_set(e, E_PROOF_MISSING,
				"the name server %.*s%s%.*s does not show the record at %.*s yet",
				STRF(list[i].host), list[i].host.n ? " at " : "",
				STRF(addr_text(z->a, &list[i].addr, true)), STRF(name));
	}
	return r;
}
