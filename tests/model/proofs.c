/* SPDX-License-Identifier: Apache-2.0 */
/* The web server of all applicants: answers /.well-known/pki-validation/fileauth.txt with what was put there for the host. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/map.h"
#include "net/http_server.h"
#include "play.h"

#define FILES_MAX M_ROWS

struct proofs {
	pthread_mutex_t lock;
	struct {
		char host[M_NAME_LEN], value[96];
	} files[FILES_MAX];
	size_t n;
	struct lane *lane;
	struct http_server *server;
};

static bool
answer(void *arg, struct http_request *rq, struct http_response *rs)
{
	struct proofs *f = arg;
	struct str host = http_header(rq, "host");

	host = str_cut(&host, ':');
	rs->status = 404;
	rs->content_type = "text/plain";
	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < f->n; i++) {
		if (str_eq_c(host, f->files[i].host)) {
			rs->status = 200;
			buf_put_c(&rs->body, f->files[i].value);
		}
	}
	pthread_mutex_unlock(&f->lock);
	return true;
}

static void
handle(void *arg, struct http_request *rq, struct http_response *rs)
{
	(void)answer(arg, rq, rs);
}

static size_t
no_body(void *arg, enum http_method m, struct str path)
{
	(void)arg;
	(void)m;
	(void)path;
	return 0;
}

static int
listen_anywhere(uint16_t *ret_port)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
	socklen_t len = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, len) != 0 || listen(fd, 64) != 0 ||
		getsockname(fd, (struct sockaddr *)&sa, &len) != 0)
		abort();
	*ret_port = ntohs(sa.sin_port);
	return fd;
}

struct proofs *
proofs_start(uint16_t *ret_port)
{
	struct proofs *f = calloc(1, sizeof(*f));
	struct http_listener listener = {.fd = listen_anywhere(ret_port)};
	struct http_server_conf conf = {.listeners = &listener, .n_listeners = 1, .loop_threads = 1,
		.connections_max = 64, .slow_ms = 10000, .idle_ms = 1000, .fast = answer, .handle = handle,
		.body_max = no_body, .arg = f};
	ERR(e);

	pthread_mutex_init(&f->lock, NULL);
	world_need(lane_new(&(struct lane_conf){.name = "proofs", .threads = 1, .stack = 256 * 1024, .queue_max = 64}, &f->lane, &e), &e, "lane");
	conf.lane = f->lane;
	world_need(http_server_start(&conf, &f->server, &e), &e, "web server");
	return f;
}

void
proofs_put(struct proofs *f, const char *host, struct str value)
{
	size_t i = 0;

	pthread_mutex_lock(&f->lock);
	while (i < f->n && strcmp(f->files[i].host, host) != 0)
		i++;
	BUG_ON(i == FILES_MAX || value.n >= sizeof(f->files[i].value));
	f->n += i == f->n;
	memset(&f->files[i], 0, sizeof(f->files[i]));
	memcpy(f->files[i].host, host, strlen(host));
	memcpy(f->files[i].value, value.p, value.n);
	pthread_mutex_unlock(&f->lock);
}

void
proofs_stop(struct proofs *f)
{
	http_server_stop(f->server, 100);
	lane_drain(f->lane);
	free(f);
}
