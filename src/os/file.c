/* SPDX-License-Identifier: Apache-2.0 */
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/inject.h"
#include "base/rand.h"
#include "os/fd.h"

#define PATH_LONGEST 1024
#define STREAM_FIRST 65536
/* Beside the file that they become: ".<name>.<16 hex digits>.new". */
#define TEMP_SUFFIX ".new"

static int
open_regular(int dirfd, const char *path, int *ret_fd, off_t *ret_size, struct err *e)
{
	/* O_NONBLOCK: a FIFO under this name must not hang us */
	FD(fd);
	struct stat st;

	fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_errno(e, E_NOT_FOUND, errno, "could not open \"%s\"", path);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_errno(e, E_IO, errno, "could not open \"%s\"", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, E_IO, "\"%s\" is no regular file", path);
	*ret_fd = fd_take(&fd);
	*ret_size = st.st_size;
	return 0;
}

/* Reads until the end or until n bytes are there. */
static ssize_t
read_full(int fd, uint8_t *p, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t r = read(fd, p + have, n - have);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		have += (size_t)r;
	}
	return (ssize_t)have;
}

static int
too_large(const char *path, size_t max, struct err *e)
{
	return err_set(e, E_TOO_LARGE, "\"%s\" is larger than %zu bytes", path, max);
}

static int
read_whole(int fd, const char *path, off_t size, size_t max, struct arena *a, struct blob *ret, struct err *e)
{
	BUF(b, max + 1);

	if ((uint64_t)size > max)
		return too_large(path, max, e);
	for (;;) {
		/* one byte more than the size said: the end is seen without a second round */
		size_t want = b.n == 0 && size ? (size_t)size + 1 : MIN(4096, max + 1 - b.n);
		uint8_t *p = buf_reserve(&b, want);
		ssize_t n = p ? read_full(fd, p, want) : 0;

		if (n < 0)
			return err_errno(e, E_IO, errno, "could not read \"%s\"", path);
		buf_added(&b, (size_t)n);
		if (b.n > max)
			return too_large(path, max, e);
		if ((size_t)n < want)
			break;
	}
	*ret = arena_blob(a, buf_blob(&b));
	return 0;
}

int
file_read(int dirfd, const char *path, size_t max, struct arena *a, struct blob *ret, struct err *e)
{
	FD(fd);
	off_t size = 0;
	int r = open_regular(dirfd, path, &fd, &size, e);

	return r < 0 ? r : read_whole(fd, path, size, max, a, ret, e);
}

int
file_read_open(int fd, const char *name, size_t max, struct arena *a, struct blob *ret, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return err_errno(e, E_IO, errno, "could not read \"%s\"", name);
	return read_whole(fd, name, st.st_size, max, a, ret, e);
}

int
file_read_secret(int dirfd, const char *path, size_t max, struct secret **ret, struct err *e)
{
	FD(fd);
	SECRET(s);
	off_t size = 0;
	ssize_t n;
	int r = open_regular(dirfd, path, &fd, &size, e);

	if (r < 0)
		return r;
	if ((uint64_t)size > max)
		return too_large(path, max, e);
	s = secret_new((size_t)size + 1);
	n = read_full(fd, s->p, s->n);
	if (n < 0)
		return err_errno(e, E_IO, errno, "could not read \"%s\"", path);
	if (n > size)
		return err_set(e, E_IO, "\"%s\" grew while it was read", path);
	*ret = secret_copy(BLOB(s->p, (size_t)n));
	return 0;
}

int
file_read_secret_open(int fd, const char *name, size_t max, struct secret **ret, struct err *e)
{
	SECRET(s);
	size_t have = 0;
	ssize_t n;

	s = secret_new(MIN(max + 1, (size_t)STREAM_FIRST));
	while ((n = read_full(fd, s->p + have, s->n - have)) == (ssize_t)(s->n - have)) {
		struct secret *more;

		have = s->n;
		if (have > max)
			return too_large(name, max, e);
		more = secret_new(MIN(max + 1, have * 2));
		memcpy(more->p, s->p, have);
		secret_free(s);
		s = more;
	}
	if (n < 0)
		return err_errno(e, E_IO, errno, "could not read \"%s\"", name);
	*ret = secret_copy(BLOB(s->p, have + (size_t)n));
	return 0;
}

/* The path's directory part ("." when it has none) and last name. */
static int
split(const char *path, char dir[PATH_LONGEST], const char **ret_base, struct err *e)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;

	if (strlen(path) >= PATH_LONGEST - 32)
		return err_set(e, E_IO, "the path \"%.64s…\" is too long", path);
	if (!slash)
		snprintf(dir, PATH_LONGEST, ".");
	else if (n == 0)
		snprintf(dir, PATH_LONGEST, "/");
	else
		snprintf(dir, PATH_LONGEST, "%.*s", (int)n, path);
	*ret_base = slash ? slash + 1 : path;
	return 0;
}

static int
open_parent(int dirfd, const char *path, int *ret_fd, const char **ret_base, struct err *e)
{
	char dir[PATH_LONGEST];
	int r = split(path, dir, ret_base, e);

	if (r < 0)
		return r;
	*ret_fd = openat(dirfd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret_fd < 0)
		return err_errno(e, errno == ENOENT ? E_NOT_FOUND : E_IO, errno,
			"could not open the directory \"%s\"", dir);
	return 0;
}

static int
sync_dir(int fd, const char *path, struct err *e)
{
	if (fsync(fd) != 0)
		return err_errno(e, E_IO, errno, "could not sync the directory of \"%s\"", path);
	return 0;
}

int
file_sync_parent(int dirfd, const char *path, struct err *e)
{
	FD(dir);
	const char *base;
	int r = open_parent(dirfd, path, &dir, &base, e);

	return r < 0 ? r : sync_dir(dir, path, e);
}

static int
write_synced(int dir, const char *temp, const char *path, struct blob content, unsigned mode,
	struct err *e)
{
	FD(fd);
	int r;

	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return err_errno(e, E_IO, errno, "could not create a file beside \"%s\"", path);
	/* the umask may have taken bits away that the caller asked for */
	if (fchmod(fd, mode) != 0)
		return err_errno(e, E_IO, errno, "could not set the mode of \"%s\"", path);
	r = fd_write(fd, content, path, e);
	if (r < 0)
		return r;
	if (INJECT("file.sync"))
		return err_errno(e, E_IO, EIO, "could not sync \"%s\"", path);
	if (fsync(fd) != 0)
		return err_errno(e, E_IO, errno, "could not sync \"%s\"", path);
	return 0;
}

/* Gives the written file its name. linkat() refuses to replace, renameat() does replace. */
static int
publish(int dir, const char *temp, const char *base, const char *path, bool replace, struct err *e)
{
	if (replace) {
		if (renameat(dir, temp, dir, base) != 0)
			return err_errno(e, E_IO, errno, "could not rename a file to \"%s\"", path);
		return 0;
	}
	if (renameat2(dir, temp, dir, base, RENAME_NOREPLACE) != 0) {
		if (errno == EEXIST)
			return err_set(e, E_CONFLICT, "\"%s\" stands already", path);
		return err_errno(e, E_IO, errno, "could not rename a file to \"%s\"", path);
	}
	return 0;
}

static int
write_atomic(int dirfd, const char *path, struct blob content, unsigned mode, bool replace,
	struct err *e)
{
	FD(dir);
	char temp[PATH_LONGEST];
	const char *base;
	int r = open_parent(dirfd, path, &dir, &base, e);

	if (r < 0)
		return r;
	snprintf(temp, sizeof(temp), ".%s.%016llx" TEMP_SUFFIX, base,
		(unsigned long long)rand_u64());
	r = write_synced(dir, temp, path, content, mode, e);
	if (r == 0 && INJECT("file.written"))
		r = err_errno(e, E_IO, EIO, "could not rename a file to \"%s\"", path);
	if (r == 0)
		r = publish(dir, temp, base, path, replace, e);
	if (r < 0) {
		unlinkat(dir, temp, 0);
		return r;
	}
	return sync_dir(dir, path, e);
}

int
file_write_atomic(int dirfd, const char *path, struct blob content, unsigned mode, struct err *e)
{
	return write_atomic(dirfd, path, content, mode, true, e);
}

int
file_create_atomic(int dirfd, const char *path, struct blob content, unsigned mode, struct err *e)
{
	return write_atomic(dirfd, path, content, mode, false, e);
}

int
file_mkdir(int dirfd, const char *path, unsigned mode, struct err *e)
{
	struct stat st;

	if (mkdirat(dirfd, path, mode) == 0)
		return file_sync_parent(dirfd, path, e);
	if (errno != EEXIST)
		return err_errno(e, errno == ENOENT ? E_NOT_FOUND : E_IO, errno,
			"could not make the directory \"%s\"", path);
	if (fstatat(dirfd, path, &st, 0) != 0)
		return err_errno(e, E_IO, errno, "could not look at \"%s\"", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, E_IO, "\"%s\" is no directory", path);
	return 0;
}

static int
locked_by_other(int fd, const char *path, struct err *e)
{
	char pid[24] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? strspn(pid, "0123456789") : 0] = '\0';
	if (pid[0])
		return err_set(e, E_LOCKED, "\"%s\" is locked by process %s", path, pid);
	return err_set(e, E_LOCKED, "\"%s\" is locked by another process", path);
}

int
file_lock(int dirfd, const char *path, int *ret_fd, struct err *e)
{
	FD(fd);
	char pid[24];
	int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());

	fd = openat(dirfd, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_errno(e, E_IO, errno, "could not open \"%s\"", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			return locked_by_other(fd, path, e);
		return err_errno(e, E_IO, errno, "could not lock \"%s\"", path);
	}
	/* only for people: the lock itself is the kernel's, so a failure to write it does no harm
	 */
	if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)n, 0) != n)
		(void)!ftruncate(fd, 0);
	*ret_fd = fd_take(&fd);
	return 0;
}

int
file_remove(int dirfd, const char *path, struct err *e)
{
	if (unlinkat(dirfd, path, 0) != 0)
		return err_errno(e, errno == ENOENT ? E_NOT_FOUND : E_IO, errno,
			"could not remove \"%s\"", path);
	return file_sync_parent(dirfd, path, e);
}

static bool
is_temp(const char *name)
{
	size_t n = strlen(name), tail = strlen(TEMP_SUFFIX);

	return name[0] == '.' && n > tail + 18 && strcmp(name + n - tail, TEMP_SUFFIX) == 0 &&
	       name[n - tail - 17] == '.' && strspn(name + n - tail - 16, "0123456789abcdef") == 16;
}

static void
dir_closep(DIR **d)
{
	if (*d)
		closedir(*d);
}

int
file_sweep(int dirfd, struct err *e)
{
	FD(fd);
	CLEANUP(dir_closep) DIR *d = NULL;

	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || !(d = fdopendir(fd)))
		return err_errno(e, E_IO, errno, "could not list a directory");
	fd_take(&fd);
	for (struct dirent *en; (en = readdir(d));) {
		if (is_temp(en->d_name) && unlinkat(dirfd, en->d_name, 0) != 0 && errno != ENOENT)
			return err_errno(e, E_IO, errno, "could not remove \"%s\"", en->d_name);
	}
	return 0;
}
