/* SPDX-License-Identifier: Apache-2.0 */
#include "net/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static size_t
ip_size(int family)
{
	return family == AF_INET ? 4 : 16;
}

bool
addr_parse_ip(struct str s, struct addr *ret)
{
	char text[INET6_ADDRSTRLEN];
	struct addr a = {0};

	if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, '\0', s.n))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	a.family = strchr(text, ':') ? AF_INET6 : AF_INET;
	/* inet_pton() takes no zone, no leading zeros, no short or octal forms. */
	if (inet_pton(a.family, text, a.ip) != 1)
		return false;
	*ret = a;
	return true;
}

/* Takes "[…]:" or "…:" off *s, leaving the port. */
static bool
cut_host(struct str *s, struct str *ret)
{
	if (s->n && s->p[0] == '[') {
		*s = (struct str){s->p + 1, s->n - 1};
		if (str_find(*s, ']') < 0)
			return false;
		*ret = str_cut(s, ']');
		if (s->n == 0 || s->p[0] != ':' || str_find(*ret, ':') < 0)
			return false;
		*s = (struct str){s->p + 1, s->n - 1};
		return true;
	}
	if (str_find(*s, ':') < 0)
		return false;
	*ret = str_cut(s, ':');
	return true;
}

bool
addr_parse(struct str s, struct addr *ret)
{
	struct str host;
	struct addr a;
	uint64_t port;

	if (!cut_host(&s, &host) || !str_u64(s, UINT16_MAX, &port) || !addr_parse_ip(host, &a))
		return false;
	a.port = (uint16_t)port;
	*ret = a;
	return true;
}

/* The bits behind the prefix: a network whose base has some of them is a typing error. */
static bool
host_bits_zero(const struct addr *a, unsigned bits)
{
	for (unsigned i = bits; i < ip_size(a->family) * 8; i++) {
		if (a->ip[i / 8] & (0x80 >> i % 8))
			return false;
	}
	return true;
}

bool
addr_net_parse(struct str s, struct addr_net *ret)
{
	struct addr_net net = {0};
	struct str ip;
	uint64_t bits;

	if (str_find(s, '/') < 0)
		return false;
	ip = str_cut(&s, '/');
	if (!addr_parse_ip(ip, &net.base) || !str_u64(s, ip_size(net.base.family) * 8, &bits))
		return false;
	net.bits = (unsigned)bits;
	if (!host_bits_zero(&net.base, net.bits))
		return false;
	*ret = net;
	return true;
}

static bool
prefix_equal(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || (uint8_t)((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

struct addr
addr_unmapped(const struct addr *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct addr v4 = {.family = AF_INET, .port = a->port};

	if (a->family != AF_INET6 || memcmp(a->ip, mapped, sizeof(mapped)) != 0)
		return *a;
	memcpy(v4.ip, a->ip + 12, 4);
	return v4;
}

bool
addr_in(const struct addr *a, const struct addr_net *net)
{
	struct addr plain = addr_unmapped(a);

	if (a->family == net->base.family && prefix_equal(a->ip, net->base.ip, net->bits))
		return true;
	return plain.family == net->base.family && prefix_equal(plain.ip, net->base.ip, net->bits);
}

struct range {
	uint8_t ip[16];
	uint8_t bits;
};

/* https://www.iana.org/assignments/iana-ipv4-special-registry: not globally reachable; and multicast. */
static const struct range special4[] = {
	{{0}, 8}, /* this network, RFC 791 */
	{{10}, 8}, /* private, RFC 1918 */
	{{100, 64}, 10}, /* shared, RFC 6598 */
	{{127}, 8}, /* loopback, RFC 1122 */
	{{169, 254}, 16}, /* link-local, RFC 3927: cloud metadata lives here */
	{{172, 16}, 12}, /* private */
	{{192, 0, 0}, 24}, /* protocol assignments, RFC 6890 */
	{{192, 0, 2}, 24}, /* documentation, RFC 5737 */
	{{192, 31, 196}, 24}, /* AS112, RFC 7535 */
	{{192, 52, 193}, 24}, /* AMT, RFC 7450 */
	{{192, 88, 99}, 24}, /* 6to4 relays, RFC 7526 */
	{{192, 168}, 16}, /* private */
	{{192, 175, 48}, 24}, /* AS112, RFC 7534 */
	{{198, 18}, 15}, /* benchmarks, RFC 2544 */
	{{198, 51, 100}, 24}, /* documentation */
	{{203, 0, 113}, 24}, /* documentation */
	{{224}, 4}, /* multicast, RFC 5771 */
	{{240}, 4}, /* reserved and broadcast, RFC 1112 */
};

/*
 * Of IPv6 only 2000::/3 is handed out as global unicast (RFC 4291, IANA's IPv6 address space); of that,
 * https://www.iana.org/assignments/iana-ipv6-special-registry takes these away.
 */
static const struct range special6[] = {
	{{0x20, 0x01}, 23}, /* protocol assignments, with Teredo, benchmarks and ORCHID, RFC 2928 */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation, RFC 3849 */
	{{0x20, 0x02}, 16}, /* 6to4, RFC 3056: leads to an IPv4 address of the sender's choice */
	{{0x26, 0x20, 0x00, 0x4f, 0x80}, 48}, /* AS112, RFC 7534 */
	{{0x3f, 0xff}, 20}, /* documentation, RFC 9637 */
	{{0x3f, 0xfe}, 16}, /* 6bone, returned, RFC 3701 */
};

static const struct range global_unicast = {{0x20}, 3};
static const struct range nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96}; /* RFC 6052 2.1 */

static bool
in_ranges(const struct addr *a, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (prefix_equal(a->ip, r[i].ip, r[i].bits))
			return true;
	}
	return false;
}

bool
addr_special(const struct addr *a)
{
	struct addr plain = addr_unmapped(a);

	/* A translated address is as public as the IPv4 address inside; local translation (RFC 8215) is not. */
	if (plain.family == AF_INET6 && in_ranges(&plain, &nat64, 1)) {
		memmove(plain.ip, plain.ip + 12, 4);
		plain.family = AF_INET;
	}
	if (plain.family == AF_INET)
		return in_ranges(&plain, special4, ARRAY_LEN(special4));
	return plain.family != AF_INET6 || !prefix_equal(plain.ip, global_unicast.ip, global_unicast.bits) ||
		in_ranges(&plain, special6, ARRAY_LEN(special6));
}

bool
addr_allowed(const struct addr *a, const struct addr_net *allow, unsigned n)
{
	bool ok = !addr_special(a);

	for (unsigned i = 0; !ok && i < n; i++)
		ok = addr_in(a, &allow[i]);
	return ok;
}

struct str
addr_text(struct arena *a, const struct addr *ad, bool port)
{
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(ad->family, ad->ip, text, sizeof(text)))
		return arena_str(a, STR("?"));
	if (!port)
		return arena_str(a, str_c(text));
	return arena_printf(a, ad->family == AF_INET6 ? "[%s]:%u" : "%s:%u", text, ad->port);
}

struct str
addr_octets_text(struct arena *a, struct blob octets)
{
	struct addr ad = {.family = octets.n == 4 ? AF_INET : AF_INET6};

	memcpy(ad.ip, octets.p, MIN(octets.n, sizeof(ad.ip)));
	return addr_text(a, &ad, false);
}

socklen_t
addr_sockaddr(const struct addr *a, struct sockaddr_storage *ret)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;

	memset(ret, 0, sizeof(*ret));
	if (a->family == AF_INET) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(a->port);
		memcpy(&in4->sin_addr, a->ip, 4);
		return sizeof(*in4);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(a->port);
	memcpy(&in6->sin6_addr, a->ip, 16);
	return sizeof(*in6);
}

bool
addr_of_sockaddr(const struct sockaddr *sa, struct addr *ret)
{
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)sa;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;
	struct addr a = {.family = sa->sa_family};

	if (sa->sa_family == AF_INET) {
		memcpy(a.ip, &in4->sin_addr, 4);
		a.port = ntohs(in4->sin_port);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(a.ip, &in6->sin6_addr, 16);
		a.port = ntohs(in6->sin6_port);
	} else {
		return false;
	}
	*ret = a;
	return true;
}

bool
addr_equal_ip(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && memcmp(a->ip, b->ip, ip_size(a->family)) == 0;
}
