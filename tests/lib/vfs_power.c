/* SPDX-License-Identifier: Apache-2.0 */
#include "vfs_power.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/defs.h"

#define SECTOR 512

/* A write (bytes set) or a truncation to `at`, not synced yet. */
struct change {
	struct change *next;
	int64_t at;
	size_t n;
	uint8_t *bytes;
};

/* What is known of one path; stays when its handles are closed. */
struct disk {
	struct disk *next;
	char path[256];
	uint8_t *image; /* durable */
	size_t size, room;
	struct change *first, **last;
};

struct file {
	sqlite3_file base;
	struct disk *disk;
	bool wal;
	sqlite3_file *real; /* behind this struct */
};

static struct {
	pthread_mutex_t lock;
	sqlite3_vfs vfs, *real;
	struct disk *disks;
	long countdown; /* 0: no cut planned */
	bool cut;
	struct {
		int rc;
		uint64_t mask;
	} faults[2];
} power = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* -- what the disk holds */

static void
image_fit(struct disk *d, size_t size)
{
	if (size > d->room) {
		d->room = size * 2;
		d->image = realloc(d->image, d->room);
		BUG_ON(!d->image);
	}
	if (size > d->size)
		memset(d->image + d->size, 0, size - d->size);
}

static void
image_apply(struct disk *d, const struct change *c, size_t n)
{
	size_t end = (size_t)c->at + n;

	if (!c->bytes) {
		image_fit(d, (size_t)c->at);
		d->size = (size_t)c->at;
		return;
	}
	image_fit(d, end);
	d->size = MAX(d->size, end);
	memcpy(d->image + c->at, c->bytes, n);
}

static uint64_t
dice(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

/* Lets the changes happen to the image, all or as the dice fall, and forgets them. */
static void
changes_end(struct disk *d, enum vfs_power_left left, uint64_t *seed)
{
	struct change *next;

	for (struct change *c = d->first; c; c = next) {
		uint64_t fate = left == VFS_LEFT_ALL ? 0 : left == VFS_LEFT_NONE ? 1 : dice(seed) % 3;

		if (fate == 0)
			image_apply(d, c, c->n);
		else if (fate == 2 && c->bytes && c->n > SECTOR)
			image_apply(d, c, dice(seed) % (c->n / SECTOR) * SECTOR);
		next = c->next;
		free(c->bytes);
		free(c);
	}
	d->first = NULL;
	d->last = &d->first;
}

static void
change_add(struct disk *d, int64_t at, const void *p, size_t n)
{
	struct change *c = calloc(1, sizeof(*c));

	BUG_ON(!c);
	c->at = at;
	c->n = n;
	if (p) {
		c->bytes = malloc(n + 1);
		BUG_ON(!c->bytes);
		memcpy(c->bytes, p, n);
	}
	*d->last = c;
	d->last = &c->next;
}

static void
image_load(struct disk *d)
{
	int fd = open(d->path, O_RDONLY | O_CLOEXEC);
	uint8_t part[65536];
	ssize_t n;

	d->size = 0;
	while (fd >= 0 && (n = read(fd, part, sizeof(part))) > 0) {
		image_fit(d, d->size + (size_t)n);
		memcpy(d->image + d->size, part, (size_t)n);
		d->size += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
}

static struct disk **
disk_at(const char *path)
{
	struct disk **at = &power.disks;

	while (*at && strcmp((*at)->path, path) != 0)
		at = &(*at)->next;
	return at;
}

static struct disk *
disk_of(const char *path)
{
	struct disk **at = disk_at(path), *d = *at;

	if (d)
		return d;
	d = *at = calloc(1, sizeof(*d));
	BUG_ON(!d || strlen(path) >= sizeof(d->path));
	snprintf(d->path, sizeof(d->path), "%s", path);
	d->last = &d->first;
	image_load(d);
	return d;
}

static void
disk_drop(struct disk **at)
{
	struct disk *d = *at;
	uint64_t seed = 0;

	changes_end(d, VFS_LEFT_NONE, &seed);
	*at = d->next;
	free(d->image);
	free(d);
}

/* -- failing */

/* Under the lock. True: the power is gone (from this operation on). */
static bool
cut_now(void)
{
	if (power.countdown && --power.countdown == 0)
		power.cut = true;
	return power.cut;
}

static int
fault_now(const struct file *f, enum vfs_power_op op)
{
	uint64_t mask = power.faults[op].mask;

	if (!f->wal || !mask)
		return SQLITE_OK;
	if (mask != UINT64_MAX)
		power.faults[op].mask >>= 1;
	return mask & 1 ? power.faults[op].rc : SQLITE_OK;
}

/* -- the methods of a file */

#define F(p) ((struct file *)(p))
#define REAL(p) (F(p)->real)

static int
f_close(sqlite3_file *f)
{
	return REAL(f)->pMethods->xClose(REAL(f));
}

static int
f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return REAL(f)->pMethods->xRead(REAL(f), p, n, at);
}

static int
f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	bool was_cut;
	int rc;

	pthread_mutex_lock(&power.lock);
	was_cut = power.cut;
	rc = cut_now() ? SQLITE_IOERR_WRITE : fault_now(F(f), VFS_WAL_WRITE);
	/* the one that the cut meets may be on the disk, or torn */
	if (F(f)->disk && (rc == SQLITE_OK || (power.cut && !was_cut)))
		change_add(F(f)->disk, at, p, (size_t)n);
	if (rc == SQLITE_OK)
		rc = REAL(f)->pMethods->xWrite(REAL(f), p, n, at);
	pthread_mutex_unlock(&power.lock);
	return rc;
}

static int
f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = SQLITE_IOERR_TRUNCATE;

	pthread_mutex_lock(&power.lock);
	if (!cut_now()) {
		if (F(f)->disk)
			change_add(F(f)->disk, size, NULL, 0);
		rc = REAL(f)->pMethods->xTruncate(REAL(f), size);
	}
	pthread_mutex_unlock(&power.lock);
	return rc;
}

static int
f_sync(sqlite3_file *f, UNUSED int flags)
{
	uint64_t seed = 0;
	int rc;

	pthread_mutex_lock(&power.lock);
	rc = cut_now() ? SQLITE_IOERR_FSYNC : fault_now(F(f), VFS_WAL_SYNC);
	/* the real disk is not asked: it would only take time */
	if (rc == SQLITE_OK && F(f)->disk)
		changes_end(F(f)->disk, VFS_LEFT_ALL, &seed);
	pthread_mutex_unlock(&power.lock);
	return rc;
}

static int
f_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return REAL(f)->pMethods->xFileSize(REAL(f), ret);
}

static int
f_lock(sqlite3_file *f, int lock)
{
	return REAL(f)->pMethods->xLock(REAL(f), lock);
}

static int
f_unlock(sqlite3_file *f, int lock)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), lock);
}

static int
f_check(sqlite3_file *f, int *ret)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), ret);
}

static int
f_control(sqlite3_file *f, int op, void *arg)
{
	if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE)
		return SQLITE_OK; /* would grow the file behind our back */
	return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int
f_sector(UNUSED sqlite3_file *f)
{
	return SECTOR;
}

static int
f_traits(UNUSED sqlite3_file *f)
{
	return 0; /* promises nothing: not even that the bytes beside a torn write stay */
}

static int
f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, ret);
}

static int
f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}

static void
f_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int
f_shm_unmap(sqlite3_file *f, int del)
{
	return REAL(f)->pMethods->xShmUnmap(REAL(f), del);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, /* no mapped reads: they would see more than the disk has */
	.xClose = f_close,
	.xRead = f_read,
	.xWrite = f_write,
	.xTruncate = f_truncate,
	.xSync = f_sync,
	.xFileSize = f_size,
	.xLock = f_lock,
	.xUnlock = f_unlock,
	.xCheckReservedLock = f_check,
	.xFileControl = f_control,
	.xSectorSize = f_sector,
	.xDeviceCharacteristics = f_traits,
	.xShmMap = f_shm_map,
	.xShmLock = f_shm_lock,
	.xShmBarrier = f_shm_barrier,
	.xShmUnmap = f_shm_unmap,
};

/* -- the VFS */

static int
v_open(UNUSED sqlite3_vfs *v, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
	struct file *f = F(file);
	int rc;

	f->real = (sqlite3_file *)(f + 1);
	f->base.pMethods = NULL;
	rc = power.real->xOpen(power.real, path, f->real, flags, ret_flags);
	if (rc != SQLITE_OK)
		return rc;
	f->base.pMethods = &methods;
	f->wal = flags & SQLITE_OPEN_WAL;
	f->disk = NULL;
	if (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) {
		pthread_mutex_lock(&power.lock);
		f->disk = disk_of(path);
		pthread_mutex_unlock(&power.lock);
	}
	return SQLITE_OK;
}

static int
v_delete(UNUSED sqlite3_vfs *v, const char *path, int sync)
{
	int rc = SQLITE_IOERR_DELETE;

	pthread_mutex_lock(&power.lock);
	if (!cut_now()) {
		rc = power.real->xDelete(power.real, path, sync);
		if (*disk_at(path))
			disk_drop(disk_at(path));
	}
	pthread_mutex_unlock(&power.lock);
	return rc;
}

void
vfs_power_register(void)
{
	power.real = sqlite3_vfs_find(NULL);
	power.vfs = *power.real;
	power.vfs.pNext = NULL;
	power.vfs.zName = VFS_POWER;
	power.vfs.szOsFile = (int)sizeof(struct file) + power.real->szOsFile;
	power.vfs.xOpen = v_open;
	power.vfs.xDelete = v_delete;
	BUG_ON(sqlite3_vfs_register(&power.vfs, 0) != SQLITE_OK);
}

void
vfs_power_cut(long n)
{
	pthread_mutex_lock(&power.lock);
	power.countdown = n;
	pthread_mutex_unlock(&power.lock);
}

bool
vfs_power_is_cut(void)
{
	bool cut;

	pthread_mutex_lock(&power.lock);
	cut = power.cut;
	pthread_mutex_unlock(&power.lock);
	return cut;
}

static void
disk_write(struct disk *d)
{
	char shm[300], *wal = strstr(d->path, "-wal");
	int fd = open(d->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return; /* the test has removed the directory */
	for (size_t at = 0; at < d->size;) {
		ssize_t n = write(fd, d->image + at, d->size - at);

		BUG_ON(n <= 0);
		at += (size_t)n;
	}
	close(fd);
	/* the index of the WAL is memory: no power loss leaves it */
	snprintf(shm, sizeof(shm), "%.*s-shm", (int)(wal ? wal - d->path : (long)strlen(d->path)), d->path);
	unlink(shm);
}

void
vfs_power_settle(enum vfs_power_left left, uint64_t seed)
{
	pthread_mutex_lock(&power.lock);
	while (power.disks) {
		changes_end(power.disks, left, &seed);
		disk_write(power.disks);
		disk_drop(&power.disks);
	}
	power.countdown = 0;
	power.cut = false;
	power.faults[0].mask = power.faults[1].mask = 0;
	pthread_mutex_unlock(&power.lock);
}

void
vfs_power_fault(enum vfs_power_op op, int rc, uint64_t mask)
{
	pthread_mutex_lock(&power.lock);
	power.faults[op].rc = rc;
	power.faults[op].mask = mask;
	pthread_mutex_unlock(&power.lock);
}
