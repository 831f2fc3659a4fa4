/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the supervisor: a core that asks its signer who it is, and tells whoever connects.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "ca/signer_client.h"
#include "daemon/core.h"
#include "daemon/data.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/ipc.h"
#include "os/sandbox.h"
#include "os/signals.h"

struct tiny {
	const struct core_start *start;
	struct ipc_client *ipc;
	struct signer_client *signer;
	unsigned hups;
};

static void
serve(struct tiny *t, int listener)
{
	FD(fd);
	ARENA(a);
	struct signer_hello h;
	FD(secret);
	char line[256], kek[512];
	ERR(e);
	int n;

	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	snprintf(kek, sizeof(kek), "%s/signer/kek", t->start->conf->data);
	secret = open(kek, O_RDONLY | O_CLOEXEC);
	n = snprintf(line, sizeof(line), "pid %d uid %d hups %u kek %d hello %d\n", (int)getpid(),
		(int)geteuid(), t->hups, secret >= 0,
		ipc_client_connected(t->ipc) ? signer_hello(t->signer, &a, &h, &e) : -999);
	(void)!write(fd, line, (size_t)n);
}

static int
first_start(struct tiny *t, struct err *e)
{
	char ports[64];
	int n = snprintf(ports, sizeof(ports), "%u %u\n", t->start->listeners[0].addr.port,
		t->start->listeners[t->start->n_listeners - 1].addr.port);
	int r = file_write_atomic(t->start->ca_dirfd, "ports", BLOB(ports, n), 0644, e);

	/* what stands there is not made anew, as in the real core */
	if (r == 0 && faccessat(t->start->data_dirfd, "admin.json", F_OK, 0) != 0)
		r = file_write_atomic(t->start->data_dirfd, "admin.json", BLOB("{}\n", 3), 0600, e);
	if (r == 0)
		r = data_hand_over(t->start->data_dirfd, t->start->control_fd, "admin.json", e);
	if (r == 0 && !t->start->conf->insecure_no_sandbox)
		r = sandbox_seal(SANDBOX_CORE, e);
	return r < 0 ? r : control_ready(t->start->control_fd, STR("tiny"), e);
}

int
core_main(const struct core_start *start)
{
	struct tiny t = {.start = start, .ipc = ipc_client_new(-1)};
	ERR(e);

	log_init("core", STDERR_FILENO, LOG_INFO);
	t.signer = signer_client_over_ipc(t.ipc);
	if (first_start(&t, &e) < 0) {
		log_err(LOG_ERROR, "tiny.failed", &e);
		return err_info(e.code)->exit;
	}
	for (;;) {
		struct pollfd p[] = {
			{start->control_fd, POLLIN, 0},
			{start->signal_fd, POLLIN, 0},
			{start->listeners[0].fd, POLLIN, 0},
			{start->listeners[start->n_listeners - 1].fd, POLLIN, 0},
		};
		struct ipc_msg m;
		ARENA(a);
		int sig;

		(void)poll(p, ARRAY_LEN(p), -1);
		if (p[0].revents && control_next(start->control_fd, 0, &a, &m, &e) == 0) {
			t.hups += m.type == CONTROL_RELOAD;
			if (m.type == CONTROL_CHANNEL)
				ipc_client_attach(t.ipc, m.fd);
		}
		while ((sig = signals_next(start->signal_fd))) {
			if (sig == SIGTERM)
				return 0;
		}
		if (p[2].revents)
			serve(&t, p[2].fd);
		if (p[3].revents)
			serve(&t, p[3].fd);
	}
}
