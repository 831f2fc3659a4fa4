/* SPDX-License-Identifier: Apache-2.0 */
#include "service/scan_target.h"

#include <stdio.h>

#include "base/quote.h"
#include "model/name.h"

#define QUOTED_MAX 80

static unsigned
bits_of(const struct addr *a)
{
	return a->family == AF_INET ? 32 : 128;
}

static int
wrong(struct str text, const char *field, struct arena *a, struct err *e)
{
	return err_field(e, E_SCAN_TARGET, field, "\"%.*s\" is no host name, address, network or HOST:PORT",
		STRF(quote_text(text, QUOTED_MAX, a)));
}

static int
read_net(struct str text, const char *field, struct arena *a, struct scan_target *ret, struct err *e)
{
	unsigned least;

	if (!addr_net_parse(text, &ret->net)) {
		err_field(e, E_SCAN_TARGET, field, "\"%.*s\" is no network", STRF(quote_text(text, QUOTED_MAX, a)));
		err_hint(e, "Write its first address and its bits: 192.0.2.0/24, 2001:db8::/120.");
		return e->code;
	}
	least = ret->net.base.family == AF_INET ? SCAN_BITS4_MIN : SCAN_BITS6_MIN;
	if (ret->net.bits < least)
		return err_field(e, E_SCAN_WIDE, field, "the network %.*s is wider than /%u", STRF(text), least);
	ret->size = UINT32_C(1) << (bits_of(&ret->net.base) - ret->net.bits);
	ret->text = arena_printf(a, "%.*s/%u", STRF(addr_text(a, &ret->net.base, false)), ret->net.bits);
	return 0;
}

static void
take_ip(const struct addr *ip, struct arena *a, struct scan_target *ret)
{
	ret->net = (struct addr_net){.base = *ip, .bits = bits_of(ip)};
	ret->net.base.port = ret->port;
	ret->text = addr_text(a, &ret->net.base, ret->port != 0);
	ret->net.base.port = 0;
}

/* Cuts ":8443" off: false when there is none that is a number. */
static bool
cut_port(struct str *text, uint16_t *ret)
{
	ptrdiff_t colon = str_find(*text, ':');
	uint64_t port;

	if (colon < 0 || !str_u64((struct str){text->p + colon + 1, text->n - (size_t)colon - 1}, UINT16_MAX, &port) || !port)
		return false;
	*ret = (uint16_t)port;
	text->n = (size_t)colon;
	return true;
}

static int
read_name(struct str text, const char *field, struct arena *a, struct scan_target *ret, struct err *e)
{
	struct name_rules rules = {.any_name = true, .allow_dns = true};
	struct name name;
	int r;

	if (str_find(text, ':') >= 0 && !cut_port(&text, &ret->port))
		return wrong(text, field, a, e);
	r = name_read(text, &rules, field, a, &name, e);
	if (r < 0)
		return r;
	if (name.kind != NAME_DNS)
		return wrong(text, field, a, e);
	ret->host = name.ascii;
	ret->text = ret->port ? arena_printf(a, "%.*s:%u", STRF(name.ascii), ret->port) : name.ascii;
	return 0;
}

int
scan_target_read(struct str text, bool networks, const char *field, struct arena *a, struct scan_target *ret, struct err *e)
{
	struct addr ip;

	*ret = (struct scan_target){.size = 1};
	text = str_trim(text);
	if (str_find(text, '/') >= 0)
		return networks ? read_net(text, field, a, ret, e) : wrong(text, field, a, e);
	if (addr_parse_ip(text, &ip)) {
		take_ip(&ip, a, ret);
		return 0;
	}
	if (addr_parse(text, &ip) && ip.port) {
		ret->port = ip.port;
		take_ip(&ip, a, ret);
		return 0;
	}
	if (!text.n || text.n > SCAN_TARGET_MAX || text.p[0] == '[')
		return wrong(text, field, a, e);
	return read_name(text, field, a, ret, e);
}

/* -- plans */

static void
read_ports(const int64_t *ports, size_t n, struct scan_plan *ret, struct err *e)
{
	for (size_t i = 0; i < n && i < SCAN_PORTS_MAX; i++) {
		char field[32];

		snprintf(field, sizeof(field), "ports[%zu]", i);
		if (ports[i] < 1 || ports[i] > UINT16_MAX)
			err_note(e, E_FIELD_RANGE, field, "the port %lld is not within 1 to 65535", (long long)ports[i]);
		else
			ret->ports[ret->n_ports++] = (uint16_t)ports[i];
	}
}

int
scan_plan_read(const struct str *texts, size_t n, const int64_t *ports, size_t n_ports, struct arena *a,
	struct scan_plan *ret, struct err *e)
{
	struct scan_target *targets = arena_new_n(a, n + 1, struct scan_target);

	*ret = (struct scan_plan){.targets = targets, .n_targets = n};
	read_ports(ports, n_ports, ret, e);
	if (!n)
		err_note(e, E_FIELD_MISSING, "targets", "nothing is named that could be looked at");
	for (size_t i = 0; i < n; i++) {
		char field[32];
		ERR(why);

		snprintf(field, sizeof(field), "targets[%zu]", i);
		if (scan_target_read(texts[i], true, field, a, &targets[i], &why) < 0)
			err_note(e, why.code, field, "%s", why.msg);
		else
			ret->total += (int64_t)targets[i].size * (targets[i].port ? 1 : (int64_t)ret->n_ports);
	}
	return err_faults(e);
}

static struct addr
nth(const struct addr_net *net, uint32_t i)
{
	size_t last = bits_of(&net->base) / 8 - 1;
	struct addr a = net->base;

	for (size_t n = 0; n < 4; n++, i >>= 8)
		a.ip[last - n] |= (uint8_t)i;
	return a;
}

struct scan_place
scan_plan_at(const struct scan_plan *p, int64_t i, struct arena *a)
{
	const struct scan_target *t = p->targets;
	struct scan_place out;

	BUG_ON(i < 0 || i >= p->total);
	for (;; t++) {
		int64_t places = (int64_t)t->size * (t->port ? 1 : (int64_t)p->n_ports);

		if (i < places)
			break;
		i -= places;
	}
	out = (struct scan_place){.host = t->host, .is_ip = !t->host.p, .port = t->port ? t->port : p->ports[i / t->size],
		.alone = t->size == 1};
	if (out.is_ip) {
		out.ip = nth(&t->net, (uint32_t)(i % t->size));
		out.host = addr_text(a, &out.ip, false);
	}
	return out;
}
