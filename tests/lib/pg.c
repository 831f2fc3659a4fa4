/* SPDX-License-Identifier: Apache-2.0 */
#include "pg.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/defs.h"

struct pg_server {
	char dir[32], url[96], port[8];
	bool durable;
	pid_t pid; /* of the script */
	int hold; /* its standard input: it ends the server when this closes */
};

static void
port_pick(char port[8])
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	BUG_ON(fd < 0 || bind(fd, (struct sockaddr *)&sa, n) < 0 || getsockname(fd, (struct sockaddr *)&sa, &n) < 0);
	close(fd);
	snprintf(port, 8, "%u", ntohs(sa.sin_port));
}

void
pg_server_start(struct pg_server *s)
{
	int in[2], out[2];
	ssize_t n;

	BUG_ON(pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0);
	s->pid = fork();
	BUG_ON(s->pid < 0);
	if (s->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl("/bin/sh", "sh", TEST_LIB "/pg.sh", s->dir, s->port, s->durable ? "durable" : NULL, NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	s->hold = in[1];
	n = read(out[0], s->url, sizeof(s->url) - 1);
	BUG_ON(n <= 1);
	s->url[n - 1] = '\0';
	close(out[0]);
}

struct pg_server *
pg_server_new(bool durable)
{
	struct pg_server *s;
	glob_t found;
	int r = glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found);

	globfree(&found);
	if (r != 0)
		return NULL;
	s = calloc(1, sizeof(*s));
	BUG_ON(!s);
	s->durable = durable;
	snprintf(s->dir, sizeof(s->dir), "/tmp/signet-pg-XXXXXX");
	BUG_ON(!mkdtemp(s->dir));
	port_pick(s->port);
	pg_server_start(s);
	return s;
}

const char *
pg_server_url(const struct pg_server *s)
{
	return s->url;
}

static void
script_end(struct pg_server *s)
{
	close(s->hold);
	waitpid(s->pid, NULL, 0);
}

static int
postmaster(const struct pg_server *s)
{
	char path[64];
	FILE *f;
	int pid = 0;

	snprintf(path, sizeof(path), "%s/data/postmaster.pid", s->dir);
	f = fopen(path, "re");
	BUG_ON(!f || fscanf(f, "%d", &pid) != 1 || pid <= 1);
	fclose(f);
	return pid;
}

void
pg_server_crash(struct pg_server *s)
{
	BUG_ON(kill(postmaster(s), SIGQUIT) < 0);
	script_end(s);
}

/* Of one process, when it is a child of parent. */
static double
child_cpu_s(const char *stat, int parent)
{
	char line[512];
	unsigned long user = 0, system = 0;
	int ppid = 0;
	const char *rest;
	FILE *f = fopen(stat, "re");

	if (!f)
		return 0;
	/* proc(5): pid (comm) state ppid ... utime is the 14th field, stime the 15th */
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	fclose(f);
	rest = strrchr(line, ')');
	if (!rest || sscanf(rest, ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &ppid, &user, &system) != 3 ||
		ppid != parent)
		return 0;
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

double
pg_server_cpu_s(const struct pg_server *s)
{
	int parent = postmaster(s);
	double sum = 0;
	glob_t found;

	BUG_ON(glob("/proc/[0-9]*/stat", 0, NULL, &found) != 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		sum += child_cpu_s(found.gl_pathv[i], parent);
	globfree(&found);
	return sum;
}

struct pg_server *
pg_server_free(struct pg_server *s)
{
	pid_t pid;

	if (!s)
		return NULL;
	script_end(s);
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", s->dir, NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	free(s);
	return NULL;
}
