/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/file_arg.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "os/fd.h"
#include "os/file.h"

static void
drop(void *p)
{
	secret_free(p);
}

static int
open_arg(const char *path, int *ret, struct err *e)
{
	FD(fd);
	struct stat st;

	/* Not O_NONBLOCK: whoever names a pipe waits for its other end. */
	fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_set(e, E_USAGE, "\"%s\" cannot be read: %s", path, strerrordesc_np(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e, E_USAGE, "\"%s\" cannot be read: it is a directory", path);
	*ret = fd_take(&fd);
	return 0;
}

int
file_arg_read(const char *path, size_t max, struct arena *a, struct blob *ret, struct err *e)
{
	struct secret *s = NULL;
	FD(fd);
	ERR(why);
	int r = open_arg(path, &fd, e);

	if (r == 0 && file_read_secret_open(fd, path, max, &s, &why) < 0)
		r = err_set(e, E_USAGE, "\"%s\" cannot be read: %s", path, why.msg);
	if (r < 0) {
		err_hint(e, "Name a file that is there, that you may read and that is of that size; "
			    "\"-\" is standard input.");
		return r;
	}
	arena_defer(a, drop, s);
	*ret = secret_blob(s);
	return 0;
}
