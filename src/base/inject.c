/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inject.h"

#ifdef SIGNET_TESTING
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define RULES_MAX 16

struct rule {
	char name[64], act[32];
	int countdown;
};

static struct {
	pthread_mutex_t lock;
	struct rule rules[RULES_MAX];
	size_t n;
	int dir; /* -1: none */
} inj = {.lock = PTHREAD_MUTEX_INITIALIZER, .dir = -1};

static void
rule_add(const char *text)
{
	struct rule *r = &inj.rules[inj.n];
	const char *eq = strchr(text, '='), *at = strchr(text, '@');
	size_t n;

	BUG_ON(!eq || inj.n == RULES_MAX);
	n = (size_t)((at && at < eq ? at : eq) - text);
	BUG_ON(n >= sizeof(r->name));
	memcpy(r->name, text, n);
	r->name[n] = '\0';
	r->countdown = at && at < eq ? (int)strtol(at + 1, NULL, 10) : 1;
	snprintf(r->act, sizeof(r->act), "%.*s", (int)strcspn(eq + 1, ","), eq + 1);
	inj.n++;
}

void
inject_init(void)
{
	const char *rules = getenv("SIGNET_TEST_INJECT"), *dir = getenv("SIGNET_TEST_INJECT_DIR");

	for (const char *at = rules; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		rule_add(at);
	if (dir)
		inj.dir = open(dir, O_DIRECTORY | O_CLOEXEC);
}

static int
act(const char *what)
{
	if (strcmp(what, "kill") == 0) {
		kill(getpid(), SIGKILL);
		pause();
	}
	if (strncmp(what, "sleep:", 6) == 0) {
		long ms = strtol(what + 6, NULL, 10);
		struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

		nanosleep(&ts, NULL);
		return 0;
	}
	return 1;
}

/* "kill@3" becomes "kill@2", in place. False: it is time to act. */
static bool
count_down(int fd, const char *what)
{
	const char *at = strchr(what, '@');
	char less = at ? (char)(at[1] - 1) : '0';

	return less >= '1' && less <= '8' && pwrite(fd, &less, 1, at + 1 - what) == 1;
}

static int
act_by_file(const char *name)
{
	char what[32];
	int fd = openat(inj.dir, "passed", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	ssize_t n;

	if (fd >= 0) {
		if (fchmod(fd, 0666) < 0) /* the processes have users of their own; only the first is its owner */
			errno = 0;
		dprintf(fd, "%s\n", name);
		close(fd);
	}
	fd = openat(inj.dir, name, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, what, sizeof(what) - 1);
	if (n > 0)
		what[n] = '\0';
	if (n > 0 && count_down(fd, what)) {
		close(fd);
		return 0;
	}
	close(fd);
	if (n <= 0 || unlinkat(inj.dir, name, 0) != 0)
		return 0;
	what[strcspn(what, "@\n")] = '\0';
	return act(what);
}

int
inject_point(const char *name)
{
	char what[32] = "";

	if (inj.dir >= 0 && act_by_file(name))
		return 1;
	pthread_mutex_lock(&inj.lock);
	for (size_t i = 0; i < inj.n; i++) {
		if (strcmp(inj.rules[i].name, name) == 0 && --inj.rules[i].countdown == 0)
			memcpy(what, inj.rules[i].act, sizeof(what));
	}
	pthread_mutex_unlock(&inj.lock);
	return what[0] ? act(what) : 0;
}
#endif
