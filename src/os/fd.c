/* SPDX-License-Identifier: Apache-2.0 */
#include "os/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void
fd_close(int *fd)
{
	int old = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = old;
}

int
fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

int
fd_write(int fd, struct blob b, const char *what, struct err *e)
{
	while (b.n) {
		ssize_t n = write(fd, b.p, b.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, E_IO, errno, "could not write \"%s\"", what);
		b.p += n;
		b.n -= (size_t)n;
	}
	return 0;
}

int
fd_cloexec(int fd, bool on, struct err *e)
{
	if (fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0) != 0)
		return err_errno(e, E_IO, errno, "could not change descriptor %d", fd);
	return 0;
}
