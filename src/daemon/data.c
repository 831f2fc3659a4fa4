/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/data.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inject.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/ipc.h"
#include "os/sandbox.h"

#define HANDOVER_WAIT_MS 10000
#define LOCK_WAIT_MS 3000

static int
open_dir(int at, const char *path, int *ret_fd, struct err *e)
{
	*ret_fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (*ret_fd < 0)
		return err_errno(e, E_IO, errno, "could not open the directory \"%s\"", path);
	return 0;
}

static void
dir_closep(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* The folder and the files right in it belong to the uid: an earlier start may have been another
 * user's. */
static int
own(int fd, uid_t uid, struct err *e)
{
	CLEANUP(dir_closep) DIR *d = NULL;
	FD(copy);

	if (fchown(fd, uid, uid) != 0)
		return err_errno(
			e, E_IO, errno, "could not give a folder to uid %u", (unsigned)uid);
	copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (copy < 0 || !(d = fdopendir(copy)))
		return err_errno(e, E_IO, errno, "could not list a folder");
	fd_take(&copy);
	for (struct dirent *en; (en = readdir(d));) {
		struct stat st;

		if (fstatat(fd, en->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
			!S_ISREG(st.st_mode) || st.st_uid == uid)
			continue;
		if (fchownat(fd, en->d_name, uid, uid, AT_SYMLINK_NOFOLLOW) != 0)
			return err_errno(e, E_IO, errno, "could not give \"%s\" to uid %u",
				en->d_name, (unsigned)uid);
	}
	return 0;
}

static int
part(struct data *d, const char *name, mode_t mode, uid_t uid, int *ret_fd, struct err *e)
{
	int r = file_mkdir(d->dir, name, mode, e);

	if (r == 0)
		r = open_dir(d->dir, name, ret_fd, e);
	if (r == 0 && geteuid() == 0)
		r = own(*ret_fd, uid, e);
	if (r == 0 && fchmod(*ret_fd, mode) != 0)
		r = err_errno(e, E_IO, errno, "could not set the mode of \"%s\"", name);
	return r;
}

/* Which uids the roles take. Only root can give any. */
static int
pick_uids(struct data *d, struct err *e)
{
	if (geteuid() != 0)
		return 0;
	if (!sandbox_can_take(SANDBOX_UID_CORE) || !sandbox_can_take(SANDBOX_UID_SIGNER))
		return 0;
	/* the signer works below a descriptor; the database opens its files by their path */
	d->signer_uid = SANDBOX_UID_SIGNER;
	if (sandbox_reachable(d->path, SANDBOX_UID_CORE)) {
		d->core_uid = SANDBOX_UID_CORE;
		return 0;
	}
	d->core_is_root = true;
	if (!sandbox_reachable(d->path, 0)) {
		err_set(e, E_SANDBOX,
			"a folder above \"%s\" lets neither other users nor a root without "
			"capabilities through",
			d->path);
		err_hint(e, "Start signetd as the user that owns the folder, or choose another "
			    "--data directory.");
		return e->code;
	}
	return 0;
}

/* Roles of a supervisor that was killed hold the lock until they have died with it: a moment's patience. */
static int
lock_top(struct data *d, struct err *e)
{
	int64_t until = clock_mono_ms() + LOCK_WAIT_MS;
	int r;

	while ((r = file_lock(d->dir, "lock", &d->lock, e)) == E_LOCKED && clock_mono_ms() < until) {
		err_clear(e);
		usleep(20000);
	}
	return r;
}

static int
open_top(struct data *d, const char *path, struct arena *a, struct err *e)
{
	char *real;
	int r = file_mkdir(AT_FDCWD, path, 0700, e);

	if (r < 0)
		return err_wrap(e, "--data");
	real = realpath(path, NULL);
	if (!real)
		return err_errno(e, E_IO, errno, "could not find \"%s\"", path);
	d->path = arena_cstr(a, str_c(real));
	free(real);
	r = open_dir(AT_FDCWD, d->path, &d->dir, e);
	if (r == 0)
		r = lock_top(d, e);
	return r == E_LOCKED ? err_wrap(e, "the data directory \"%s\" is in use", path) : r;
}

int
data_open(const char *path, bool sandbox, struct arena *a, struct data *ret, struct err *e)
{
	struct data d = {.dir = -1, .lock = -1, .signer = -1, .db = -1, .ca = -1, .handover = -1};
	int r = open_top(&d, path, a, e);

	if (r == 0 && sandbox)
		r = pick_uids(&d, e);
	/* roles of other uids pass through DIR, and read nothing there */
	if (r == 0 && fchmod(d.dir, d.signer_uid ? 0711 : 0700) != 0)
		r = err_errno(e, E_IO, errno, "could not set the mode of \"%s\"", d.path);
	if (r == 0)
		r = file_sweep(d.dir, e);
	if (r == 0)
		r = part(&d, "signer", 0700, d.signer_uid, &d.signer, e);
	if (r == 0)
		r = part(&d, "db", 0700, d.core_uid, &d.db, e);
	if (r == 0)
		r = part(&d, "ca", 0755, d.core_uid, &d.ca, e);
	if (r == 0)
		r = part(&d, "handover", 0700, d.core_uid, &d.handover, e);
	if (r < 0) {
		data_close(&d);
		return r;
	}
	*ret = d;
	return 0;
}

void
data_close(struct data *d)
{
	fd_close(&d->handover);
	fd_close(&d->ca);
	fd_close(&d->db);
	fd_close(&d->signer);
	fd_close(&d->lock);
	fd_close(&d->dir);
}

/* -- handing over */

int
data_take_over(struct data *d, const char *name, struct err *e)
{
	ARENA(a);
	FD(fd);
	struct blob content;
	struct stat st;
	int r;

	/* the core is not trusted with what the name stands for: no link is followed, what is looked at is what is read */
	fd = openat(d->handover, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		/* a DIR restored without its handover folder: what is there is not made anew */
		if (faccessat(d->dir, name, F_OK, 0) == 0)
			return file_write_atomic(d->handover, name, (struct blob){0}, 0644, e);
		return err_set(e, E_NOT_FOUND, "nothing was handed over as \"%s\"", name);
	}
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return err_set(e, E_IO, "what was handed over as \"%s\" is no file", name);
	if (st.st_size == 0)
		return 0;
	r = file_read_open(fd, name, HANDOVER_MAX, &a, &content, e);
	if (r < 0)
		return r;
	if (INJECT("handover.before"))
		return err_set(e, E_IO, "\"%s\" was not taken", name);
	r = file_write_atomic(d->dir, name, content, 0600, e);
	wipe((void *)content.p, content.n);
	if (r == 0 && INJECT("handover.between"))
		return err_set(e, E_IO, "\"%s\" was not marked as taken", name);
	if (r == 0)
		r = file_write_atomic(d->handover, name, (struct blob){0}, 0644, e);
	return r;
}

static int
is_taken(int handover_fd, const char *name, bool *ret, struct err *e)
{
	struct stat st;

	if (fstatat(handover_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return err_errno(e, E_IO, errno, "could not look at \"%s\"", name);
	*ret = st.st_size == 0;
	return 0;
}

int
data_hand_over(int handover_fd, int control_fd, const char *name, struct err *e)
{
	int64_t until = clock_mono_ms() + HANDOVER_WAIT_MS;
	bool taken = false;
	int r = is_taken(handover_fd, name, &taken, e);

	if (r < 0 || taken)
		return r;
	r = ipc_send(control_fd, CONTROL_ASK, 0, blob_of(str_c(name)), -1, e);
	/* another thread reads the control socket: the empty file is the answer */
	while (r == 0 && !taken) {
		if (clock_mono_ms() > until)
			return err_set(e, E_TIMEOUT, "the supervisor did not take \"%s\"", name);
		usleep(2000);
		r = is_taken(handover_fd, name, &taken, e);
	}
	return r;
}
