/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void
wipe(void *p, size_t n)
{
	explicit_bzero(p, n);
}

static size_t
pages(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (MAX(n, (size_t)1) + page - 1) & ~(page - 1);
}

struct secret *
secret_new(size_t n)
{
	struct secret *s = malloc(sizeof(*s));
	void *p;

	BUG_ON(n > SIZE_MAX / 2);
	p = mmap(NULL, pages(n), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!s || p == MAP_FAILED)
		BUG("out of memory");
	/* Best effort: a low RLIMIT_MEMLOCK must not stop the service; dumps are off for the process anyway. */
	(void)mlock(p, pages(n));
	(void)madvise(p, pages(n), MADV_DONTDUMP);
	(void)madvise(p, pages(n), MADV_WIPEONFORK);
	s->p = p;
	s->n = n;
	return s;
}

struct secret *
secret_copy(struct blob b)
{
	struct secret *s = secret_new(b.n);

	if (b.n)
		memcpy(s->p, b.p, b.n);
	return s;
}

struct secret *
secret_free(struct secret *s)
{
	if (s) {
		size_t size = pages(s->n);

		wipe(s->p, size);
		munmap(s->p, size);
		free(s);
	}
	return NULL;
}

static void
free_deferred(void *p)
{
	secret_free(p);
}

struct secret *
arena_secret(struct arena *a, size_t n)
{
	struct secret *s = secret_new(n);

	arena_defer(a, free_deferred, s);
	return s;
}

void
secret_freep(struct secret **s)
{
	*s = secret_free(*s);
}

void
secret_cut(struct secret *s, size_t n)
{
	size_t had, keep;

	BUG_ON(n > s->n);
	had = pages(s->n);
	keep = pages(n);
	wipe(s->p + n, s->n - n);
	if (keep < had)
		munmap(s->p + keep, had - keep);
	s->n = n;
}
