/* SPDX-License-Identifier: Apache-2.0 */
#include "signer_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ca/signer_client.h"
#include "os/control.h"
#include "os/ipc.h"

#define READY_MS 10000

struct signer_process {
	pid_t pid;
	int control;
	struct ipc_client *ipc;
	struct signer_client *client;
};

static void
run(const char *exe, int control, int dirfd, pid_t parent)
{
	char args[5][32];

	snprintf(args[0], 32, "control=%d", fcntl(control, F_DUPFD, 3));
	snprintf(args[1], 32, "dir=%d", fcntl(dirfd, F_DUPFD, 3));
	snprintf(args[2], 32, "parent=%d", (int)parent);
	snprintf(args[3], 32, "uid=0");
	snprintf(args[4], 32, "insecure=0");
	execl(exe, exe, args[0], args[1], args[2], args[3], args[4], NULL);
	_exit(127);
}

/* It says that it serves, or it has ended. */
static void
await_ready(struct signer_process *p)
{
	ARENA(a);
	struct ipc_msg m;
	ERR(e);

	BUG_ON(ipc_recv(p->control, CONTROL_BODY_MAX, READY_MS, &a, &m, &e) != 1 || m.type != CONTROL_READY);
}

struct signer_process *
signer_process_new(const char *exe, int dirfd, struct signer_client **ret)
{
	struct signer_process *p = calloc(1, sizeof(*p));
	int control[2], channel[2];
	pid_t parent = getpid();
	ERR(e);

	BUG_ON(!p || ipc_pair(control, &e) < 0 || ipc_pair(channel, &e) < 0);
	p->pid = fork();
	BUG_ON(p->pid < 0);
	if (p->pid == 0)
		run(exe, control[1], dirfd, parent);
	close(control[1]);
	p->control = control[0];
	await_ready(p);
	BUG_ON(ipc_send(p->control, CONTROL_CHANNEL, 0, (struct blob){NULL, 0}, channel[1], &e) < 0);
	close(channel[1]);
	p->ipc = ipc_client_new(channel[0]);
	p->client = signer_client_over_ipc(p->ipc);
	*ret = p->client;
	return p;
}

struct signer_process *
signer_process_free(struct signer_process *p)
{
	if (!p)
		return NULL;
	kill(p->pid, SIGTERM);
	waitpid(p->pid, NULL, 0);
	signer_client_free(p->client);
	ipc_client_free(p->ipc);
	close(p->control);
	free(p);
	return NULL;
}
