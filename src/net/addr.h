/* SPDX-License-Identifier: Apache-2.0 */
/* IP addresses, networks, and which of them the public Internet cannot reach (RFC 6890 and its registry). */
#pragma once

#include <sys/socket.h>

#include "base/arena.h"
#include "base/err.h"

struct addr {
	int family; /* AF_INET, AF_INET6 */
	uint8_t ip[16];
	uint16_t port;
};

struct addr_net {
	struct addr base;
	unsigned bits;
};

bool addr_parse_ip(struct str s, struct addr *ret); /* "192.0.2.1", "2001:db8::1"; no brackets, no port */
bool addr_parse(struct str s, struct addr *ret); /* "192.0.2.1:53", "[2001:db8::1]:53" */
bool addr_net_parse(struct str s, struct addr_net *ret); /* "10.0.0.0/8" */
bool addr_in(const struct addr *a, const struct addr_net *net);
/* ::ffff:0:0/96 is IPv4 in another dress (RFC 4291 2.5.5.2), and the kernel connects to the IPv4 address: that one. */
struct addr addr_unmapped(const struct addr *a);
/* Private, loopback, link-local, documentation, multicast, translated (6to4, NAT64 of such)… */
bool addr_special(const struct addr *a);
/* Not special, or in one of the networks that are allowed all the same. */
bool addr_allowed(const struct addr *a, const struct addr_net *allow, unsigned n);
struct str addr_text(struct arena *a, const struct addr *ad, bool port);
/* The text of an address as certificates carry it: 4 or 16 octets (RFC 5280 4.2.1.6). */
struct str addr_octets_text(struct arena *a, struct blob octets);
socklen_t addr_sockaddr(const struct addr *a, struct sockaddr_storage *ret);
/* false: neither IPv4 nor IPv6. */
bool addr_of_sockaddr(const struct sockaddr *sa, struct addr *ret);
bool addr_equal_ip(const struct addr *a, const struct addr *b);
