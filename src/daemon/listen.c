/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/fd.h"

/* What Linux allows unless told otherwise. Who finds it full is told nothing, and tries again after a second. */
#define BACKLOG 4096

static int
refused(const struct addr *ad, int errnum, struct err *e)
{
	ARENA(a);
	struct str text = addr_text(&a, ad, true);

	err_errno(e, E_CONFIG, errnum, "could not listen on %.*s", STRF(text));
	if (errnum == EADDRINUSE)
		err_hint(e, "Another program has this address; choose another one with "
			    "--listen-https or --listen-http.");
	else if (errnum == EACCES)
		err_hint(e, "Ports below 1024 need root or CAP_NET_BIND_SERVICE.");
	else if (errnum == EADDRNOTAVAIL)
		err_hint(e, "No network interface of this machine has the address.");
	return e->code;
}

static int
listen_one(const struct addr *ad, bool tls, struct core_listener *ret, struct err *e)
{
	FD(fd);
	struct sockaddr_storage ss;
	socklen_t n = addr_sockaddr(ad, &ss);
	static const int one = 1;

	fd = socket(ad->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return refused(ad, errno, e);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	/* IPv4 has listeners of its own */
	if (ad->family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&ss, n) != 0 || listen(fd, BACKLOG) != 0)
		return refused(ad, errno, e);
	n = sizeof(ss);
	if (getsockname(fd, (struct sockaddr *)&ss, &n) != 0 ||
		!addr_of_sockaddr((struct sockaddr *)&ss, &ret->addr))
		return refused(ad, errno, e);
	ret->tls = tls;
	ret->fd = fd_take(&fd);
	return 0;
}

int
listen_all(const struct config *c, struct arena *a, struct core_listener **ret, unsigned *ret_n,
	struct err *e)
{
	struct core_listener *list = arena_new_n(a, c->n_https + c->n_http, struct core_listener);
	unsigned n = 0;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < c->n_https; i++)
		r = listen_one(&c->listen_https[i], true, &list[n++], e);
	for (unsigned i = 0; r == 0 && i < c->n_http; i++)
		r = listen_one(&c->listen_http[i], false, &list[n++], e);
	if (r < 0)
		return r;
	*ret = list;
	*ret_n = n;
	return 0;
}
