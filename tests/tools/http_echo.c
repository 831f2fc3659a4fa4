/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small server on net/http_server for the contract tests: says how it read a request.
 * http_echo [--tls CERT KEY] [--swap CERT KEY] [--conns N] [--slow MS] [--idle MS] [--loops N] [--workers N]
 * Prints "plain PORT" and "tls PORT", serves until standard input ends, then drains for a second and says "stopped".
 *
 * GET /fast    1500 fixed bytes, answered on the loop thread       /fast.close  the same on a worker
 * GET /sleep?ms=N    waits on a worker     /big?n=N   N bytes      /secret   a wiped body
 * POST /swap   takes the second certificate into use               anything else: the request as JSON
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/jsonw.h"
#include "net/http_server.h"
#include "os/file.h"

struct echo {
	struct http_server *server;
	const char *cert, *key, *swap_cert, *swap_key;
	uint64_t conns, loops, workers, slow_ms, idle_ms, drain_ms;
	atomic_uint released;
};

static uint8_t fixed[1500];

static void
count_release(void *arg)
{
	struct echo *x = arg;

	atomic_fetch_add(&x->released, 1);
}

static void
reply_fixed(struct echo *x, struct http_response *rs)
{
	rs->status = 200;
	rs->content_type = "application/ocsp-response";
	rs->fixed = BLOB(fixed, sizeof(fixed));
	rs->release = count_release;
	rs->release_arg = x;
}

static bool
fast(void *arg, struct http_request *rq, struct http_response *rs)
{
	if (!str_eq_c(rq->path, "/fast"))
		return false;
	reply_fixed(arg, rs);
	return true;
}

static uint64_t
number(const struct http_request *rq, const char *name)
{
	uint64_t n = 0;

	return str_u64(http_query(rq, name), UINT32_MAX, &n) ? n : 0;
}

static void
use_cert(struct echo *x, const char *cert, const char *key)
{
	ARENA(a);
	SECRET(k);
	ERR(e);
	struct blob chain;

	if (file_read(AT_FDCWD, cert, 100000, &a, &chain, &e) < 0 || file_read_secret(AT_FDCWD, key, 100000, &k, &e) < 0 ||
		http_server_set_tls(x->server, str_of(chain), k, &e) < 0) {
		fprintf(stderr, "%s\n", e.msg);
		exit(1);
	}
}

static void
reply_request(struct echo *x, const struct http_request *rq, struct http_response *rs)
{
	static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"};
	struct jsonw w;

	rs->status = 200;
	rs->content_type = "application/json";
	jsonw_init(&w, &rs->body);
	jsonw_object(&w);
	jsonw_kv_c(&w, "method", methods[rq->method]);
	jsonw_kv_str(&w, "target", rq->target);
	jsonw_kv_str(&w, "path", rq->path);
	jsonw_kv_str(&w, "query", rq->query);
	jsonw_kv_str(&w, "peer", rq->peer);
	jsonw_kv_bool(&w, "tls", rq->tls);
	jsonw_kv_int(&w, "listener", rq->listener);
	jsonw_kv_int(&w, "released", atomic_load(&x->released));
	jsonw_kv_str(&w, "body", str_of(rq->body));
	jsonw_key(&w, "headers");
	jsonw_array(&w);
	for (unsigned i = 0; i < rq->n_headers; i++) {
		jsonw_array(&w);
		jsonw_str(&w, rq->headers[i].name);
		jsonw_str(&w, rq->headers[i].value);
		jsonw_array_end(&w);
	}
	jsonw_array_end(&w);
	jsonw_object_end(&w);
}

static void
handle(void *arg, struct http_request *rq, struct http_response *rs)
{
	struct echo *x = arg;

	if (str_eq_c(rq->path, "/sleep"))
		usleep((useconds_t)(number(rq, "ms") * 1000));
	if (str_eq_c(rq->path, "/swap"))
		use_cert(x, x->swap_cert, x->swap_key);
	if (str_eq_c(rq->path, "/fast.close")) {
		reply_fixed(x, rs);
	} else if (str_eq_c(rq->path, "/nothing")) {
		rs->status = 204;
	} else if (str_eq_c(rq->path, "/split")) {
		reply_request(x, rq, rs);
		http_reply_header(rs, "X-Split", STR("a\r\nSet-Cookie: b"));
	} else if (str_eq_c(rq->path, "/big")) {
		rs->status = 200;
		rs->content_type = "application/octet-stream";
		for (uint64_t n = number(rq, "n"); n; n--)
			buf_put_u8(&rs->body, 'x');
	} else {
		rs->wipe_body = str_eq_c(rq->path, "/secret");
		reply_request(x, rq, rs);
	}
}

static size_t
body_max(void *arg, enum http_method m, struct str path)
{
	(void)arg;
	(void)m;
	return str_eq_c(path, "/upload") ? 1024 * 1024 : 1000;
}

static int
listen_any(const char *name)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, 4096) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &len) < 0) {
		perror("listen");
		exit(1);
	}
	printf("%s %d\n", name, ntohs(at.sin_port));
	return fd;
}

static void
options(struct echo *x, char **argv)
{
	struct {
		const char *name;
		uint64_t *value;
	} numbers[] = {{"--conns", &x->conns}, {"--slow", &x->slow_ms}, {"--idle", &x->idle_ms}, {"--loops", &x->loops},
		{"--workers", &x->workers}, {"--drain", &x->drain_ms}};

	for (; *argv; argv++) {
		if (strcmp(*argv, "--tls") == 0 && argv[1] && argv[2]) {
			x->cert = *++argv;
			x->key = *++argv;
			continue;
		}
		if (strcmp(*argv, "--swap") == 0 && argv[1] && argv[2]) {
			x->swap_cert = *++argv;
			x->swap_key = *++argv;
			continue;
		}
		for (size_t i = 0; i < ARRAY_LEN(numbers) && *argv; i++) {
			if (strcmp(*argv, numbers[i].name) == 0 && argv[1] &&
				!str_u64(str_c(*++argv), 1000000, numbers[i].value))
				exit(2);
		}
	}
}

static void
start(struct echo *x, struct lane *lane)
{
	struct http_listener listeners[2] = {{listen_any("plain"), false}, {listen_any("tls"), true}};
	struct http_server_conf conf = {
		.listeners = listeners,
		.n_listeners = 2,
		.loop_threads = (unsigned)x->loops,
		.connections_max = (unsigned)x->conns,
		.slow_ms = (int)x->slow_ms,
		.idle_ms = (int)x->idle_ms,
		.lane = lane,
		.fast = fast,
		.handle = handle,
		.body_max = body_max,
		.arg = x,
	};
	ERR(e);

	if (http_server_start(&conf, &x->server, &e) < 0) {
		fprintf(stderr, "%s\n", e.msg);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	struct echo x = {.conns = 1000, .loops = 2, .workers = 8, .slow_ms = 10000, .idle_ms = 30000, .drain_ms = 1000};
	struct rlimit files = {20000, 20000};
	struct lane *lane;
	char c;
	ERR(e);

	(void)argc;
	options(&x, argv + 1);
	(void)setrlimit(RLIMIT_NOFILE, &files);
	memset(fixed, 'f', sizeof(fixed));
	if (lane_new(&(struct lane_conf){"echo", (unsigned)x.workers, 256 * 1024, 64}, &lane, &e) < 0)
		return 1;
	start(&x, lane);
	if (x.cert)
		use_cert(&x, x.cert, x.key);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	x.server = http_server_stop(x.server, (int)x.drain_ms);
	puts("stopped");
	fflush(stdout);
	lane_drain(lane);
	return 0;
}
