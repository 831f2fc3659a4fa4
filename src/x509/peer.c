/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/peer.h"

#include <arpa/inet.h>

int
x509_peer_dns(struct str name, struct x509_peer *ret, struct err *e)
{
	struct str n = name;

	/* RFC 9525 6.3: an absolute name's final dot is not a part of it */
	if (n.n && n.p[n.n - 1] == '.')
		n.n--;
	if (!x509_dns_ok(n, false))
		return err_field(e, E_FIELD_FORM, "name", "\"%.*s\" is no host name", STRF(name));
	*ret = (struct x509_peer){.kind = X509_PEER_DNS, .text = n};
	return 0;
}

int
x509_peer_ip(struct str address, struct x509_peer *ret, struct err *e)
{
	struct x509_peer p = {.kind = X509_PEER_IP, .text = address};
	char text[INET6_ADDRSTRLEN];

	if (address.n && address.n < sizeof(text)) {
		memcpy(text, address.p, address.n);
		text[address.n] = '\0';
		p.ip_n = inet_pton(AF_INET, text, p.ip) == 1	? 4
			 : inet_pton(AF_INET6, text, p.ip) == 1 ? 16
								: 0;
	}
	if (!p.ip_n)
		return err_field(e, E_FIELD_FORM, "ip", "\"%.*s\" is no IP address", STRF(address));
	*ret = p;
	return 0;
}

int
x509_peer_email(struct str address, struct x509_peer *ret, struct err *e)
{
	if (!x509_email_ok(address))
		return err_field(
			e, E_FIELD_FORM, "email", "\"%.*s\" is no mail address", STRF(address));
	*ret = (struct x509_peer){.kind = X509_PEER_EMAIL, .text = address};
	return 0;
}

/* RFC 9525 6.3: a wildcard is the whole leftmost label, stands for one label, and has two more
 * behind it. */
static bool
dns_matches(struct str presented, struct str host, struct str *ret_wildcard)
{
	struct str parent = presented, host_parent = host;

	if (presented.n && presented.p[0] != '*')
		return str_eq_nocase(presented, host);
	if (!x509_dns_ok(presented, true))
		return false;
	str_cut(&parent, '.');
	str_cut(&host_parent, '.');
	if (str_find(parent, '.') < 0 || !str_eq_nocase(parent, host_parent))
		return false;
	*ret_wildcard = presented;
	return true;
}

/* RFC 5321 2.4: the host has no case, the local part may have. */
static bool
email_matches(struct str presented, struct str want)
{
	size_t at = want.n;

	while (want.p[at - 1] != '@')
		at--;
	return presented.n == want.n && memcmp(presented.p, want.p, at) == 0 &&
	       str_eq_nocase(presented, want);
}

bool
x509_peer_matches(const struct x509_cert *c, const struct x509_peer *peer, struct str *ret_wildcard)
{
	struct cursor names = cursor_of(c->san);
	struct str wildcard = {NULL, 0};
	struct x509_general g;
	bool found = peer->kind == X509_PEER_NONE;

	while (!found && x509_general_next(&names, &g)) {
		if (peer->kind == X509_PEER_DNS && g.kind == X509_DNS)
			found = dns_matches(str_of(g.value), peer->text, &wildcard);
		else if (peer->kind == X509_PEER_IP && g.kind == X509_IP)
			found = blob_eq(g.value, BLOB(peer->ip, peer->ip_n));
		else if (peer->kind == X509_PEER_EMAIL && g.kind == X509_EMAIL)
			found = email_matches(str_of(g.value), peer->text);
	}
	if (found && ret_wildcard)
		*ret_wildcard = wildcard;
	return found;
}
