/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <netinet/in.h>
#include <fcntl.h>
#include <unistd.h>
#include <cmocka.h>

#include "net/http_client.h"
#include "net/http_server.h"
#include "os/file.h"

static struct {
	struct lane *lane;
	struct http_server *server;
	uint16_t port[2]; /* plain, TLS */
	char dir[64];
} t;

static void
handle(void *arg, struct http_request *rq, struct http_response *rs)
{
	(void)arg;
	rs->status = 200;
	rs->content_type = "text/plain";
	if (str_eq_c(rq->path, "/moved")) {
		rs->status = 302;
		http_reply_header(rs, "Location", STR("/elsewhere"));
	} else if (str_eq_c(rq->path, "/slow")) {
		usleep(600 * 1000);
	} else if (str_eq_c(rq->path, "/big")) {
		for (int i = 0; i < 100000; i++)
			buf_put_u8(&rs->body, 'x');
	}
	buf_printf(&rs->body, "%.*s|%.*s|%.*s|%.*s|%d", STRF(rq->target), STRF(http_header(rq, "Host")),
		STRF(http_header(rq, "User-Agent")), STRF(http_header(rq, "Authorization")), rq->tls);
}

static size_t
body_max(void *arg, enum http_method m, struct str path)
{
	(void)arg;
	(void)m;
	(void)path;
	return 0;
}

static int
listen_any(uint16_t *ret_port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

static void
set_tls(void)
{
	ARENA(a);
	SECRET(key);
	ERR(e);
	struct blob cert;

	assert_int_equal(chdir(t.dir), 0);
	assert_int_equal(system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -out c "
				"-subj /CN=other.example 2>/dev/null"),
		0);
	assert_int_equal(file_read(AT_FDCWD, "c", 10000, &a, &cert, &e), 0);
	assert_int_equal(file_read_secret(AT_FDCWD, "k", 10000, &key, &e), 0);
	assert_int_equal(http_server_set_tls(t.server, str_of(cert), key, &e), 0);
}

static int
set_up(void **state)
{
	struct http_listener ls[2] = {{listen_any(&t.port[0]), false}, {listen_any(&t.port[1]), true}};
	struct http_server_conf conf = {.listeners = ls, .n_listeners = 2, .loop_threads = 1, .connections_max = 100,
		.slow_ms = 5000, .idle_ms = 5000, .handle = handle, .body_max = body_max};
	struct lane_conf lane = {"test", 2, 0, 16};
	ERR(e);

	(void)state;
	snprintf(t.dir, sizeof(t.dir), "/tmp/http_client_test.XXXXXX");
	assert_non_null(mkdtemp(t.dir));
	/* Whatever the environment says must not matter. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	setenv("HOME", t.dir, 1);
	assert_int_equal(http_client_init(&e), 0);
	assert_int_equal(lane_new(&lane, &t.lane, &e), 0);
	conf.lane = t.lane;
	assert_int_equal(http_server_start(&conf, &t.server, &e), 0);
	set_tls();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	t.server = http_server_stop(t.server, 1000);
	t.lane = lane_drain(t.lane);
	unlink("c");
	unlink("k");
	unlink(".netrc");
	rmdir(t.dir);
	return 0;
}

static struct http_call
call_of(const char *path, bool https)
{
	struct http_call c = {.purpose = "test", .https = https, .host = STR("www.example.com"), .port = t.port[https],
		.path = str_c(path), .allow_special = true, .timeout_ms = 3000, .body_max = 1000};

	assert_true(addr_parse_ip(STR("127.0.0.1"), &c.address));
	return c;
}

static void
the_pinned_address_is_called_with_the_given_host_and_path(void **state)
{
	ARENA(a);
	ERR(e);
	struct http_answer got;

	(void)state;
	for (int https = 0; https < 2; https++) {
		struct http_call c = call_of("/a/../b%2f?x=1", https);
		struct str want = arena_printf(&a, "/a/../b%%2f?x=1|www.example.com:%u|Signet/", c.port);

		if (http_get(&c, &a, &got, &e) < 0)
			fail_msg("%s (%s)", e.msg, e.detail);
		assert_int_equal(got.status, 200);
		assert_true(str_starts(str_of(got.body), want));
		assert_non_null(memmem(got.body.p, got.body.n, " (test)||", 9));
		assert_false(got.cut);
	}
}

static void
a_password_file_is_not_read(void **state)
{
	ARENA(a);
	ERR(e);
	struct http_call c = call_of("/", false);
	struct http_answer got;
	FILE *f = fopen(".netrc", "w");

	(void)state;
	assert_non_null(f);
	fputs("default login u password p\n", f);
	fclose(f);
	assert_int_equal(http_get(&c, &a, &got, &e), 0);
	assert_non_null(memmem(got.body.p, got.body.n, " (test)||", 9));
}

static void
a_redirect_is_told_and_not_followed(void **state)
{
	ARENA(a);
	ERR(e);
	struct http_call c = call_of("/moved", false);
	struct http_answer got;

	(void)state;
	assert_int_equal(http_get(&c, &a, &got, &e), 0);
	assert_int_equal(got.status, 302);
	assert_true(str_eq_c(got.location, "/elsewhere"));
}

static void
a_body_over_its_cap_is_cut_and_marked(void **state)
{
	ARENA(a);
	ERR(e);
	struct http_call c = call_of("/big", true);
	struct http_answer got;

	(void)state;
	assert_int_equal(http_get(&c, &a, &got, &e), 0);
	assert_int_equal(got.body.n, 1000);
	assert_true(got.cut);
	c.body_max = 0;
	assert_int_equal(http_get(&c, &a, &got, &e), 0);
	assert_int_equal(got.body.n, 0);
	assert_true(got.cut);
}

static void
an_answer_that_comes_too_late_is_a_timeout(void **state)
{
	ARENA(a);
	ERR(e);
	struct http_call c = call_of("/slow", false);
	struct http_answer got;

	(void)state;
	c.timeout_ms = 200;
	assert_int_equal(http_get(&c, &a, &got, &e), E_TIMEOUT);
}

static void
no_listener_is_a_connection_error_that_names_the_address(void **state)
{
	ARENA(a);
	ERR(e);
	struct http_call c = call_of("/", false);
	struct http_answer got;
	int fd = listen_any(&c.port);

	(void)state;
	close(fd);
	assert_int_equal(http_get(&c, &a, &got, &e), E_FILE_CONNECT);
	assert_non_null(strstr(e.msg, "www.example.com"));
	assert_non_null(strstr(e.msg, "127.0.0.1:"));
}

static void
an_unknown_certificate_is_refused_unless_any_will_do(void **state)
{
	ARENA(a);
	ERR(e);
	struct http_call c = call_of("/", true);
	struct http_answer got;

	(void)state;
	c.verify = true;
	assert_int_equal(http_get(&c, &a, &got, &e), E_FILE_CONNECT);
	c.verify = false;
	assert_int_equal(http_get(&c, &a, &got, &e), 0);
}

static void
a_special_address_is_called_only_when_allowed(void **state)
{
	ARENA(a);
	ERR(e);
	struct http_call c = call_of("/", false);
	struct addr_net nets[2];
	struct http_answer got;

	(void)state;
	c.allow_special = false;
	assert_int_equal(http_get(&c, &a, &got, &e), E_ADDRESS_REFUSED);
	assert_true(addr_net_parse(STR("10.0.0.0/8"), &nets[0]));
	assert_true(addr_net_parse(STR("127.0.0.1/32"), &nets[1]));
	c.allow = nets;
	c.n_allow = 1;
	assert_int_equal(http_get(&c, &a, &got, &e), E_ADDRESS_REFUSED);
	c.n_allow = 2;
	assert_int_equal(http_get(&c, &a, &got, &e), 0);
}

static void
what_could_change_the_url_or_the_request_is_refused(void **state)
{
	static const char *const hosts[] = {"", "a/b", "u@a", "a#b", "a?b", "a b", "a\r\nb", "[::1]", "a%20b", "\xc3\xa4"};
	static const char *const paths[] = {"", "a", "/a b", "/a\r\nX: y", "/a#b", "/\xc3\xa4", "http://a/"};
	ARENA(a);
	ERR(e);
	struct http_answer got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct http_call c = call_of("/", false);

		c.host = str_c(hosts[i]);
		assert_int_equal(http_get(&c, &a, &got, &e), E_NAME_SYNTAX);
	}
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct http_call c = call_of(paths[i], false);

		assert_int_equal(http_get(&c, &a, &got, &e), E_FIELD_FORM);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pinned_address_is_called_with_the_given_host_and_path),
		cmocka_unit_test(a_password_file_is_not_read),
		cmocka_unit_test(a_redirect_is_told_and_not_followed),
		cmocka_unit_test(a_body_over_its_cap_is_cut_and_marked),
		cmocka_unit_test(an_answer_that_comes_too_late_is_a_timeout),
		cmocka_unit_test(no_listener_is_a_connection_error_that_names_the_address),
		cmocka_unit_test(an_unknown_certificate_is_refused_unless_any_will_do),
		cmocka_unit_test(a_special_address_is_called_only_when_allowed),
		cmocka_unit_test(what_could_change_the_url_or_the_request_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
