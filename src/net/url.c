/* SPDX-License-Identifier: Apache-2.0 */
#include "net/url.h"

#include <string.h>

#include "net/addr.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, digits, hyphens, underscores and dots: of a name or an IPv4 address. */
static bool
name_ok(struct str host)
{
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i], low = (char)(c | 0x20);

		if (!is_digit(c) && !(low >= 'a' && low <= 'z') && c != '-' && c != '_' && c != '.')
			return false;
	}
	return host.n > 0 && host.n <= 253;
}

static bool
target_ok(struct str target)
{
	for (size_t i = 0; i < target.n; i++) {
		if (target.p[i] <= ' ' || target.p[i] > '~' || target.p[i] == '#' || target.p[i] == '\\')
			return false;
	}
	return target.n > 0 && target.p[0] == '/';
}

/* HOST, HOST:PORT, [V6], [V6]:PORT */
static bool
read_place(struct str place, struct url *u)
{
	struct str rest = place, port;
	struct addr six;
	uint64_t n;

	if (str_starts(place, STR("["))) {
		rest.p++, rest.n--;
		u->host = str_cut(&rest, ']');
		if (!rest.p || !addr_parse_ip(u->host, &six) || six.family != AF_INET6)
			return false;
		if (rest.n && rest.p[0] != ':')
			return false;
		port = rest.n ? (struct str){rest.p + 1, rest.n - 1} : (struct str){NULL, 0};
	} else {
		u->host = str_cut(&rest, ':');
		port = rest;
		if (!name_ok(u->host))
			return false;
	}
	if (!port.p)
		return true;
	if (!str_u64(port, 65535, &n) || n == 0)
		return false;
	u->port = (uint16_t)n;
	return true;
}

bool
url_read(struct str s, struct url *ret)
{
	struct url u = {.https = str_starts(s, STR("https://")), .target = STR("/")};
	size_t scheme = u.https ? strlen("https://") : strlen("http://"), end;
	struct str place;

	if (s.n > URL_MAX || (!u.https && !str_starts(s, STR("http://"))))
		return false;
	place = (struct str){s.p + scheme, s.n - scheme};
	for (end = 0; end < place.n && place.p[end] != '/' && place.p[end] != '?';)
		end++;
	if (end < place.n) {
		u.target = (struct str){place.p + end, place.n - end};
		place.n = end;
	}
	u.port = u.https ? 443 : 80;
	if (!target_ok(u.target) || !read_place(place, &u))
		return false;
	*ret = u;
	return true;
}
