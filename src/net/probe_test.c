/* SPDX-License-Identifier: Apache-2.0 */
/* What servers of a few lines do to a probe. Real servers: tests/scenario/test_inspect_live.py. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <pthread.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "net/probe_priv.h"

#define REST_MS 20

/* Takes one connection after another; writes `says` (then again and again when it is endless, or byte after byte). */
struct rude {
	int fd;
	uint16_t port;
	struct blob says;
	bool endless, drips, hangs_up;
	_Atomic bool stop;
	pthread_t thread;
};

static void
rude_talk(struct rude *s, int fd)
{
	size_t at = 0;

	while (!s->stop && (at < s->says.n || s->endless)) {
		size_t n = s->drips ? 1 : s->says.n;

		if (send(fd, s->says.p + at % s->says.n, n, MSG_NOSIGNAL) < 0)
			return;
		at += n;
		if (s->drips)
			usleep(REST_MS * 1000);
	}
	while (!s->stop && !s->hangs_up) {
		uint8_t ignored[512];

		if (recv(fd, ignored, sizeof(ignored), 0) <= 0)
			return;
	}
}

static void *
rude_run(void *arg)
{
	struct rude *s = arg;

	while (!s->stop) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			break;
		rude_talk(s, fd);
		close(fd);
	}
	return NULL;
}

static void
rude_start(struct rude *s)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);

	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(s->fd >= 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->fd, 16), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &len), 0);
	s->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, rude_run, s), 0);
}

static void
rude_stop(struct rude *s)
{
	s->stop = true;
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
}

static void
ask(uint16_t port, enum starttls kind, int timeout_ms, struct arena *a, struct probe *ret)
{
	struct probe_call call = {.starttls = kind, .timeout_ms = timeout_ms, .allow_special = true, .name = STR("a.example")};
	ERR(e);

	assert_true(addr_parse_ip(STR("127.0.0.1"), &call.address));
	call.address.port = port;
	if (probe_run(&call, a, ret, &e) < 0)
		fail_msg("%s", e.msg);
}

/* Asked with little time where only the clock ends it. */
static enum probe_outcome
ask_rude(struct rude *s, enum starttls kind, int timeout_ms, const char *why)
{
	ARENA(a);
	struct probe p;
	int64_t began_ms = clock_mono_ms();

	rude_start(s);
	ask(s->port, kind, timeout_ms, &a, &p);
	rude_stop(s);
	assert_true(clock_mono_ms() - began_ms < timeout_ms + 3000);
	if (why && !strstr(p.why, why))
		fail_msg("\"%s\" is not in \"%s\"", why, p.why);
	return p.outcome;
}

static void
endless_banners_are_cut(void **state)
{
	static const enum starttls kinds[] = {STARTTLS_SMTP, STARTTLS_IMAP, STARTTLS_POP3};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct rude s = {.says = BLOB("aaaaaaaaaaaaaaaa", 16), .endless = true};

		assert_int_equal(ask_rude(&s, kinds[i], 20000, "without end"), PROBE_BROKEN);
	}
}

static void
endless_greetings_of_many_lines_are_cut(void **state)
{
	struct rude s = {.says = BLOB("220-hello\r\n", 11), .endless = true};

	(void)state;
	assert_int_equal(ask_rude(&s, STARTTLS_SMTP, 20000, "without end"), PROBE_BROKEN);
}

static void
silence_and_drips_end_with_the_time(void **state)
{
	struct rude silent = {0}, drips = {.says = BLOB("220-x\r\n", 7), .endless = true, .drips = true};

	(void)state;
	assert_int_equal(ask_rude(&silent, STARTTLS_NONE, 300, "in the handshake"), PROBE_TIMEOUT);
	silent = (struct rude){0};
	assert_int_equal(ask_rude(&silent, STARTTLS_SMTP, 300, "in STARTTLS"), PROBE_TIMEOUT);
	assert_int_equal(ask_rude(&drips, STARTTLS_SMTP, 300, "in STARTTLS"), PROBE_TIMEOUT);
}

static void
what_is_no_tls_is_quoted(void **state)
{
	struct rude http = {.says = BLOB("HTTP/1.1 400 Bad Request\r\n", 26)};
	struct rude nasty = {.says = BLOB("\x1b[31m\"\n\0x", 10)};

	(void)state;
	assert_int_equal(ask_rude(&http, STARTTLS_NONE, 5000, "\"HTTP/1.1 400 Bad Request"), PROBE_NO_TLS);
	assert_int_equal(ask_rude(&nasty, STARTTLS_NONE, 5000, "\\x1b[31m\\\"\\x0a\\x00"), PROBE_NO_TLS);
}

static void
an_alert_is_named(void **state)
{
	struct rude s = {.says = BLOB("\x15\x03\x03\0\x02\x02\x70", 7), .hangs_up = true};

	(void)state;
	assert_int_equal(ask_rude(&s, STARTTLS_NONE, 5000, "alert 112"), PROBE_ALERT);
}

static void
who_hangs_up_is_said_to(void **state)
{
	struct rude s = {.hangs_up = true};

	(void)state;
	assert_int_equal(ask_rude(&s, STARTTLS_NONE, 5000, "closed"), PROBE_CLOSED);
}

/* A handshake message that claims 16 MB, in records without end. */
static void
huge_handshakes_are_cut(void **state)
{
	static uint8_t record[5 + 16384] = {0x16, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff};
	struct rude s = {.says = BLOB(record, sizeof(record)), .endless = true};

	(void)state;
	assert_int_equal(ask_rude(&s, STARTTLS_NONE, 20000, NULL), PROBE_BROKEN);
}

static void
garbage_breaks_the_handshake(void **state)
{
	struct rude s = {.says = BLOB("\x16\x03\x03\0\x08\x02\0\0\x04" "abcd", 13)};

	(void)state;
	assert_int_equal(ask_rude(&s, STARTTLS_NONE, 5000, "handshake failed"), PROBE_BROKEN);
}

static void
nobody_there_is_refused_at_once(void **state)
{
	ARENA(a);
	struct rude s = {0};
	struct probe p;

	(void)state;
	rude_start(&s);
	rude_stop(&s);
	ask(s.port, STARTTLS_NONE, 5000, &a, &p);
	assert_int_equal(p.outcome, PROBE_REFUSED);
	assert_int_equal(p.step, PROBE_AT_CONNECT);
}

static void
special_addresses_need_leave(void **state)
{
	ARENA(a);
	struct addr_net net;
	struct probe_call call = {.timeout_ms = 1000};
	struct probe p;
	ERR(e);

	(void)state;
	assert_true(addr_parse_ip(STR("127.0.0.1"), &call.address));
	call.address.port = 1;
	assert_int_equal(probe_run(&call, &a, &p, &e), E_ADDRESS_REFUSED);
	assert_true(addr_net_parse(STR("127.0.0.0/8"), &net));
	call.allow = &net;
	call.n_allow = 1;
	assert_int_equal(probe_run(&call, &a, &p, &e), 0);
}

/* -- TLCP */

static const uint8_t hello[] = {22, 1, 1, 0, 42, 2, 0, 0, 38, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
	18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 0, 0xe0, 0x53, 0};
static const uint8_t certificates[] = {22, 1, 1, 0, 16, 11, 0, 0, 12, 0, 0, 9, 0, 0, 2, 'a', 'b', 0, 0, 1, 'c'};

static void
tlcp_certificates_are_read_as_sent(void **state)
{
	ARENA(a);
	uint8_t all[sizeof(hello) + sizeof(certificates)];
	struct plain_answer t;

	(void)state;
	memcpy(all, hello, sizeof(hello));
	memcpy(all + sizeof(hello), certificates, sizeof(certificates));
	for (size_t n = 0; n < sizeof(all); n++)
		assert_int_equal(plain_read(PLAIN_TLCP, BLOB(all, n), &a, &t), PLAIN_MORE);
	assert_int_equal(plain_read(PLAIN_TLCP, BLOB(all, sizeof(all)), &a, &t), PLAIN_SHOWN);
	assert_int_equal(t.suite, 0xe053);
	assert_int_equal(t.n_chain, 2);
	assert_true(str_eq_c(str_of(t.chain[0]), "ab"));
	assert_true(str_eq_c(str_of(t.chain[1]), "c"));
}

static void
other_versions_and_shapes_are_no_tlcp(void **state)
{
	ARENA(a);
	uint8_t changed[sizeof(hello)];
	struct plain_answer t;

	(void)state;
	memcpy(changed, hello, sizeof(hello));
	changed[1] = 3;
	assert_int_equal(plain_read(PLAIN_TLCP, BLOB(changed, sizeof(changed)), &a, &t), PLAIN_FOREIGN);
	assert_int_equal(plain_read(PLAIN_TLCP, BLOB(certificates, sizeof(certificates)), &a, &t), PLAIN_FOREIGN);
	assert_int_equal(plain_read(PLAIN_TLCP, BLOB("\x15\1\1\0\2\2\x28", 7), &a, &t), PLAIN_ALERTED);
	assert_int_equal(plain_read(PLAIN_TLCP, BLOB("HTTP/1.1 400", 12), &a, &t), PLAIN_FOREIGN);
}

static void
ssl3_is_read_in_its_own_version_alone(void **state)
{
	ARENA(a);
	uint8_t all[sizeof(hello) + sizeof(certificates)];
	struct plain_answer t;

	(void)state;
	memcpy(all, hello, sizeof(hello));
	memcpy(all + sizeof(hello), certificates, sizeof(certificates));
	all[1] = all[9] = all[sizeof(hello) + 1] = 3;
	all[2] = all[10] = all[sizeof(hello) + 2] = 0;
	assert_int_equal(plain_read(PLAIN_SSL3, BLOB(all, sizeof(all)), &a, &t), PLAIN_SHOWN);
	assert_int_equal(t.n_chain, 2);
	/* records of SSL 3.0, as old servers make them, with a hello of TLS 1.0 */
	all[10] = 1;
	assert_int_equal(plain_read(PLAIN_SSL3, BLOB(all, sizeof(all)), &a, &t), PLAIN_FOREIGN);
	assert_int_equal(plain_read(PLAIN_SSL3, BLOB("\x15\3\0\0\2\2\x46", 7), &a, &t), PLAIN_ALERTED);
}

/* Shows one certificate over its end of a socket pair. */
struct shower {
	int fd;
	gnutls_certificate_credentials_t cert;
	pthread_t thread;
};

static void *
shower_run(void *arg)
{
	struct shower *s = arg;
	gnutls_session_t session;

	if (gnutls_init(&session, GNUTLS_SERVER) < 0)
		return NULL;
	gnutls_set_default_priority(session);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, s->cert);
	gnutls_transport_set_int(session, s->fd);
	gnutls_handshake_set_timeout(session, 10000);
	while (gnutls_handshake(session) == GNUTLS_E_AGAIN)
		continue;
	gnutls_deinit(session);
	close(s->fd);
	return NULL;
}

static void
show_certificate(gnutls_certificate_credentials_t *ret)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;

	assert_int_equal(gnutls_x509_privkey_init(&key), 0);
	assert_int_equal(gnutls_x509_privkey_generate(
				 key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
	assert_int_equal(gnutls_x509_crt_init(&crt), 0);
	assert_int_equal(gnutls_x509_crt_set_version(crt, 3), 0);
	assert_int_equal(gnutls_x509_crt_set_serial(crt, "\x01", 1), 0);
	assert_int_equal(gnutls_x509_crt_set_activation_time(crt, time(NULL) - 3600), 0);
	assert_int_equal(gnutls_x509_crt_set_expiration_time(crt, time(NULL) + 3600), 0);
	assert_int_equal(gnutls_x509_crt_set_key(crt, key), 0);
	assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	assert_int_equal(gnutls_certificate_allocate_credentials(ret), 0);
	assert_true(gnutls_certificate_set_x509_key(*ret, &crt, 1, key) >= 0);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

static void
a_further_handshake_into_the_same_place_shows_its_own_chain_alone(UNUSED void **state)
{
	const struct hello say = {.priorities = "NORMAL", .name = STR("a.example")};
	struct shower s;
	struct probe p = {0};
	ARENA(a);

	show_certificate(&s.cert);
	for (int i = 0; i < 2; i++) {
		struct probe_end end = {.alert = -1};
		int pair[2];
		WIRE(w);

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		s.fd = pair[0];
		assert_int_equal(pthread_create(&s.thread, NULL, shower_run, &s), 0);
		w = (struct wire){.fd = pair[1], .until_ms = clock_mono_ms() + 10000, .left = WIRE_MAX};
		assert_int_equal(probe_handshake(&w, &say, &a, &p, &end), PROBE_TAKEN);
		wire_done(&w);
		pthread_join(s.thread, NULL);
		assert_int_equal(p.n_chain, 1);
	}
	gnutls_certificate_free_credentials(s.cert);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endless_banners_are_cut),
		cmocka_unit_test(endless_greetings_of_many_lines_are_cut),
		cmocka_unit_test(silence_and_drips_end_with_the_time),
		cmocka_unit_test(what_is_no_tls_is_quoted),
		cmocka_unit_test(an_alert_is_named),
		cmocka_unit_test(who_hangs_up_is_said_to),
		cmocka_unit_test(huge_handshakes_are_cut),
		cmocka_unit_test(garbage_breaks_the_handshake),
		cmocka_unit_test(nobody_there_is_refused_at_once),
		cmocka_unit_test(special_addresses_need_leave),
		cmocka_unit_test(tlcp_certificates_are_read_as_sent),
		cmocka_unit_test(other_versions_and_shapes_are_no_tlcp),
		cmocka_unit_test(ssl3_is_read_in_its_own_version_alone),
		cmocka_unit_test(a_further_handshake_into_the_same_place_shows_its_own_chain_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
