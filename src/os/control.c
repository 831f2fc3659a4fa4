/* SPDX-License-Identifier: Apache-2.0 */
#include "os/control.h"

#include <unistd.h>

#include "os/ipc.h"

int
control_ready(int fd, struct str text, struct err *e)
{
	return ipc_send(fd, CONTROL_READY, 0, blob_of(text), -1, e);
}

int
control_lost(int fd, struct err *e)
{
	return ipc_send(fd, CONTROL_LOST, 0, (struct blob){0}, -1, e);
}

int
control_next(int fd, int timeout_ms, struct arena *a, struct ipc_msg *ret, struct err *e)
{
	int r = ipc_recv(fd, CONTROL_BODY_MAX, timeout_ms, a, ret, e);

	return r == 0 ? err_set(e, E_IPC, "the supervisor is gone") : MIN(r, 0);
}

int
control_next_channel(int fd, int timeout_ms, int *ret_fd, struct err *e)
{
	for (;;) {
		ARENA(a);
		struct ipc_msg m;
		int r = control_next(fd, timeout_ms, &a, &m, e);

		if (r < 0)
			return r;
		if (m.type == CONTROL_CHANNEL && m.fd >= 0) {
			*ret_fd = m.fd;
			return 0;
		}
		if (m.fd >= 0)
			close(m.fd);
	}
}
