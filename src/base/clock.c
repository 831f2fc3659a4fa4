/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <time.h>

#ifdef SIGNET_TESTING
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CLOCK_FILE_SIZE 4096

static const char *fake;

void
clock_init(void)
{
	const char *path = getenv("SIGNET_TEST_CLOCK");
	struct stat st;
	int fd;
	void *p;

	if (!path || fake)
		return;
	/* Behind the sandbox the file can only be read; there it stands already. */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || fstat(fd, &st) != 0)
		BUG("the file in SIGNET_TEST_CLOCK cannot be opened");
	if (st.st_size < CLOCK_FILE_SIZE && truncate(path, CLOCK_FILE_SIZE) != 0)
		BUG("the file in SIGNET_TEST_CLOCK cannot be made large enough");
	p = mmap(NULL, CLOCK_FILE_SIZE, PROT_READ, MAP_SHARED, fd, 0);
	BUG_ON(p == MAP_FAILED);
	close(fd);
	fake = p;
}

/* What the file says: how far the clock is ahead, or after '=' at which instant it stands still. */
static int64_t
told(bool *ret_stands)
{
	char digits[32];

	*ret_stands = false;
	if (!fake)
		return 0;
	memcpy(digits, fake, sizeof(digits) - 1);
	digits[sizeof(digits) - 1] = '\0';
	*ret_stands = digits[0] == '=';
	return strtoll(digits + *ret_stands, NULL, 10);
}
#else
void
clock_init(void)
{
}

static int64_t
told(bool *ret_stands)
{
	*ret_stands = false;
	return 0;
}
#endif

static int64_t
now_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

bool
clock_stands(void)
{
	bool stands;

	(void)told(&stands);
	return stands;
}

int64_t
clock_shift_ms(void)
{
	bool stands;
	int64_t ms = told(&stands);

	return stands ? ms - now_us(CLOCK_REALTIME) / 1000 : ms;
}

int64_t
clock_wall_ms(void)
{
	bool stands;
	int64_t ms = told(&stands);

	return stands ? ms : now_us(CLOCK_REALTIME) / 1000 + ms;
}

int64_t
clock_mono_us(void)
{
	return now_us(CLOCK_MONOTONIC);
}

int64_t
clock_mono_ms(void)
{
	return clock_mono_us() / 1000;
}
