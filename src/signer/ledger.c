/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/ledger.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/thread.h"
#include "signer/window.h"

#define LOG_NAME "log"
#define ROTATE_AT ((size_t)64 * 1024 * 1024)
#define LINE_MAX_BYTES 512
#define GROUP_MAX ((size_t)16 * 1024 * 1024)
#define READ_STEP ((size_t)256 * 1024)
#define OLD_LOGS_MAX 100000

struct ledger {
	int dirfd; /* the signer's */
	int fd;	   /* the ledger's thread alone, as are size and rotate_at */
	size_t size, rotate_at;
	pthread_mutex_t lock; /* all below */
	pthread_cond_t wake;
	struct buf pending;
	struct ledger_waiter *waiters, **waiters_end;
	int64_t latest_ms;
	bool stopping, broken;
	bool started;
	pthread_t thread;
};

/* -- reading */

struct reading {
	ledger_reader *fn;
	void *arg;
	const char *file;
	uint64_t line;
	int64_t latest_ms;
};

static int
read_line(struct reading *rd, struct str line, struct err *e)
{
	struct str rest = line, ms = str_cut(&rest, ' '), act = str_cut(&rest, ' ');
	uint64_t t;

	rd->line++;
	if (!str_u64(ms, INT64_MAX, &t) || !act.n) {
		err_set(e, E_IO, "line %llu of \"%s\" in the signer's directory is damaged",
			(unsigned long long)rd->line, rd->file);
		err_hint(e, "Restore the signer's log from a backup; serials of the last day must "
			    "be known.");
		return e->code;
	}
	rd->latest_ms = MAX(rd->latest_ms, (int64_t)t);
	return rd->fn(rd->arg, (int64_t)t, act, rest, e);
}

/* Gives all whole lines of the buffer to the reader and keeps the rest at its front. */
static int
read_lines(struct reading *rd, struct buf *b, struct err *e)
{
	struct str all = buf_str(b);
	ptrdiff_t nl;

	while ((nl = str_find(all, '\n')) >= 0) {
		int r = read_line(rd, (struct str){all.p, (size_t)nl}, e);

		if (r < 0)
			return r;
		all.p += nl + 1;
		all.n -= (size_t)nl + 1;
	}
	if (all.n > LINE_MAX_BYTES)
		return err_set(e, E_IO, "\"%s\" in the signer's directory has a line without end",
			rd->file);
	memmove(b->p, all.p, all.n);
	b->n = all.n;
	return 0;
}

/* *ret_whole: the length up to the end of the last whole line. */
static int
read_log(struct reading *rd, int fd, size_t *ret_whole, struct err *e)
{
	BUF(b, READ_STEP + LINE_MAX_BYTES + 1);
	size_t total = 0;

	rd->line = 0;
	for (;;) {
		uint8_t *p = buf_reserve(&b, READ_STEP);
		ssize_t n = pread(fd, p, READ_STEP, (off_t)total);
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, E_IO, errno,
				"could not read \"%s\" in the signer's directory", rd->file);
		if (n == 0)
			break;
		buf_added(&b, (size_t)n);
		total += (size_t)n;
		r = read_lines(rd, &b, e);
		if (r < 0)
			return r;
	}
	*ret_whole = total - b.n;
	return 0;
}

static int
compare_ms(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
dir_closep(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* The times of the old logs that may hold records younger than since_ms, in order. */
static int
list_old(int dirfd, int64_t since_ms, struct buf *ret, struct err *e)
{
	FD(fd);
	CLEANUP(dir_closep) DIR *d = NULL;

	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || !(d = fdopendir(fd)))
		return err_errno(e, E_IO, errno, "could not list the signer's directory");
	fd_take(&fd);
	for (struct dirent *en; (en = readdir(d));) {
		struct str name = str_c(en->d_name);
		uint64_t ms;

		if (!str_starts(name, STR(LOG_NAME ".")))
			continue;
		name.p += strlen(LOG_NAME ".");
		name.n -= strlen(LOG_NAME ".");
		/* an old log is named by the time of its end */
		if (str_u64(name, INT64_MAX, &ms) && (int64_t)ms >= since_ms)
			buf_put(ret, &ms, sizeof(ms));
	}
	if (ret->over)
		return err_set(e, E_IO, "there are too many old logs in the signer's directory");
	if (ret->n)
		qsort(ret->p, ret->n / sizeof(int64_t), sizeof(int64_t), compare_ms);
	return 0;
}

static int
read_old(int dirfd, int64_t since_ms, struct reading *rd, struct err *e)
{
	BUF(times, OLD_LOGS_MAX * sizeof(int64_t));
	int r = list_old(dirfd, since_ms, &times, e);

	for (size_t i = 0; r == 0 && i < times.n / sizeof(int64_t); i++) {
		FD(fd);
		char name[40];
		size_t whole;
		int64_t ms;

		memcpy(&ms, times.p + i * sizeof(ms), sizeof(ms));
		snprintf(name, sizeof(name), LOG_NAME ".%lld", (long long)ms);
		rd->file = name;
		fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0)
			return err_errno(e, E_IO, errno,
				"could not open \"%s\" in the signer's directory", name);
		r = read_log(rd, fd, &whole, e);
	}
	return r;
}

/* -- writing */

static int
open_log(struct ledger *l, struct err *e)
{
	l->fd = openat(
		l->dirfd, LOG_NAME, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (l->fd < 0)
		return err_errno(e, E_IO, errno, "could not open the signer's log");
	return file_sync_parent(l->dirfd, LOG_NAME, e);
}

static int
rotate(struct ledger *l, int64_t now_ms, struct err *e)
{
	char name[40];
	int r;

	snprintf(name, sizeof(name), LOG_NAME ".%lld", (long long)now_ms);
	if (renameat2(l->dirfd, LOG_NAME, l->dirfd, name, RENAME_NOREPLACE) != 0) {
		/* two within one millisecond: the next group will do */
		if (errno == EEXIST)
			return 0;
		return err_errno(e, E_IO, errno, "could not rename the signer's log");
	}
	fd_close(&l->fd);
	r = open_log(l, e);
	l->size = 0;
	return r;
}

/* Takes back what a failed write left, so that the file ends with a whole line. */
static void
cut_back(struct ledger *l, bool *broken)
{
	if (ftruncate(l->fd, (off_t)l->size) != 0 || fdatasync(l->fd) != 0)
		*broken = true;
}

static int
write_group(struct ledger *l, struct blob group, int64_t now_ms, bool *broken, struct err *e)
{
	int r = 0;

	if (l->size >= l->rotate_at)
		r = rotate(l, now_ms, e);
	if (r < 0) {
		*broken = l->fd < 0;
		return r;
	}
	r = fd_write(l->fd, group, "the signer's log", e);
	if (r < 0) {
		cut_back(l, broken);
		return r;
	}
	if (fdatasync(l->fd) != 0) {
		/* the kernel may have dropped the pages: nobody knows what is on disk */
		*broken = true;
		return err_errno(e, E_IO, errno, "could not sync the signer's log");
	}
	l->size += group.n;
	return 0;
}

static void
finish_group(struct ledger_waiter *w, int code)
{
	while (w) {
		struct ledger_waiter *next = w->next;

		w->done(w, code);
		w = next;
	}
}

static void
swap_bufs(struct buf *a, struct buf *b)
{
	struct buf t = *a;

	*a = *b;
	*b = t;
}

static void *
writer(void *arg)
{
	struct ledger *l = arg;
	BUF(group, GROUP_MAX);

	pthread_mutex_lock(&l->lock);
	for (;;) {
		struct ledger_waiter *w;
		int64_t now_ms;
		bool broken;
		ERR(e);
		int r;

		while (!l->waiters && !l->stopping)
			pthread_cond_wait(&l->wake, &l->lock);
		if (!l->waiters)
			break;
		swap_bufs(&group, &l->pending);
		w = l->waiters;
		l->waiters = NULL;
		l->waiters_end = &l->waiters;
		broken = l->broken;
		now_ms = l->latest_ms;
		pthread_mutex_unlock(&l->lock);
		r = broken ? E_IO : write_group(l, buf_blob(&group), now_ms, &broken, &e);
		buf_clear(&group);
		pthread_mutex_lock(&l->lock);
		l->broken = broken;
		pthread_mutex_unlock(&l->lock);
		finish_group(w, r);
		pthread_mutex_lock(&l->lock);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static int
load(struct ledger *l, int64_t since_ms, struct reading *rd, struct err *e)
{
	size_t whole;
	struct stat st;
	int r = read_old(l->dirfd, since_ms - WINDOW_SKEW_MS, rd, e);

	if (r < 0)
		return r;
	r = open_log(l, e);
	if (r < 0)
		return r;
	rd->file = LOG_NAME;
	r = read_log(rd, l->fd, &whole, e);
	if (r < 0)
		return r;
	l->size = whole;
	if (fstat(l->fd, &st) != 0 ||
		((size_t)st.st_size != whole && ftruncate(l->fd, (off_t)whole) != 0) ||
		fdatasync(l->fd) != 0)
		return err_errno(e, E_IO, errno, "could not cut the signer's log");
	l->latest_ms = rd->latest_ms;
	return 0;
}

int
ledger_open(int dirfd, int64_t since_ms, size_t rotate_at, ledger_reader *fn, void *arg,
	struct ledger **ret, struct err *e)
{
	struct ledger *l = calloc(1, sizeof(*l));
	struct reading rd = {.fn = fn, .arg = arg};
	int r;

	BUG_ON(!l);
	l->dirfd = dirfd;
	l->fd = -1;
	l->rotate_at = rotate_at ? rotate_at : ROTATE_AT;
	l->waiters_end = &l->waiters;
	buf_init(&l->pending, GROUP_MAX);
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->wake, NULL);
	r = load(l, since_ms, &rd, e);
	if (r == 0)
		r = thread_start(&l->thread, "ledger", 0, writer, l, e);
	if (r < 0) {
		ledger_close(l);
		return r;
	}
	l->started = true;
	*ret = l;
	return 0;
}

struct ledger *
ledger_close(struct ledger *l)
{
	if (!l)
		return NULL;
	if (l->started) {
		pthread_mutex_lock(&l->lock);
		l->stopping = true;
		pthread_cond_signal(&l->wake);
		pthread_mutex_unlock(&l->lock);
		pthread_join(l->thread, NULL);
	}
	fd_close(&l->fd);
	buf_done(&l->pending);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
	free(l);
	return NULL;
}

void
ledger_add(struct ledger *l, struct str line, struct ledger_waiter *w)
{
	BUG_ON(line.n > LINE_MAX_BYTES - 32);
	w->next = NULL;
	pthread_mutex_lock(&l->lock);
	/* records never go back in time: an old log is named by its last one */
	l->latest_ms = MAX(l->latest_ms, clock_wall_ms());
	buf_printf(&l->pending, "%lld %.*s\n", (long long)l->latest_ms, STRF(line));
	BUG_ON(l->pending.over);
	*l->waiters_end = w;
	l->waiters_end = &w->next;
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
}

struct blocking {
	struct ledger_waiter w;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool done;
	int code;
};

static void
unblock(struct ledger_waiter *w, int code)
{
	struct blocking *b = (struct blocking *)w;

	pthread_mutex_lock(&b->lock);
	b->done = true;
	b->code = code;
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
}

int
ledger_add_wait(struct ledger *l, struct str line, struct err *e)
{
	struct blocking b = {.w.done = unblock,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.wake = PTHREAD_COND_INITIALIZER};

	ledger_add(l, line, &b.w);
	pthread_mutex_lock(&b.lock);
	while (!b.done)
		pthread_cond_wait(&b.wake, &b.lock);
	pthread_mutex_unlock(&b.lock);
	if (b.code < 0)
		return err_set(e, b.code, "the signer's log could not be written");
	return 0;
}

int64_t
ledger_latest_ms(struct ledger *l)
{
	int64_t ms;

	pthread_mutex_lock(&l->lock);
	ms = l->latest_ms;
	pthread_mutex_unlock(&l->lock);
	return ms;
}

bool
ledger_broken(struct ledger *l)
{
	bool yes;

	pthread_mutex_lock(&l->lock);
	yes = l->broken;
	pthread_mutex_unlock(&l->lock);
	return yes;
}
