/* SPDX-License-Identifier: Apache-2.0 */
#include "os/signals.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const int waited[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};

int
signals_open(int *ret_fd, struct err *e)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(waited); i++)
		sigaddset(&set, waited[i]);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	*ret_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (*ret_fd < 0)
		return err_errno(e, E_IO, errno, "could not open a descriptor for signals");
	return 0;
}

int
signals_next(int fd)
{
	struct signalfd_siginfo si;
	ssize_t n;

	do
		n = read(fd, &si, sizeof(si));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(si) ? (int)si.ssi_signo : 0;
}

int
signals_wait(int fd, int timeout_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, timeout_ms) > 0 ? signals_next(fd) : 0;
}

void
signals_block_all(void)
{
	sigset_t set;

	sigfillset(&set);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
}

void
signals_reset(void)
{
	sigset_t set;

	sigemptyset(&set);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &set, NULL);
}
