/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks and updates one DNS server by address; prints `result NAME`, `message …` and what was seen.
 * Driven by tests/contract/dns_update.py.
 *
 *   dns_tool add|remove SERVER ZONE KEYNAME ALG SECRET NAME TEXT      dns_tool ask SERVER NAME TYPE
 * TEXT
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/b64.h"
#include "base/clock.h"
#include "net/dns_update.h"

#define TIMEOUT_MS 4000
#define STOP_AFTER_US (300 * 1000)

static struct dns *dns;

static int
finish(int r, const struct err *e, int64_t start_ms)
{
	printf("ms %lld\nresult %s\n", (long long)(clock_mono_ms() - start_ms),
		r == 0 ? "0" : err_info(r)->name);
	if (r < 0)
		printf("message %s\nhint %s\n", e->msg, err_hint_text(e));
	return r == 0 ? 0 : 1;
}

static int
update(char **arg, const struct addr *server)
{
	int alg = strcmp(arg[4], "hmac-sha512") == 0 ? DNS_HMAC_SHA512 : DNS_HMAC_SHA256;
	struct dns_tsig_key key = {.name = str_c(arg[3]), .alg = (enum dns_tsig_alg)alg};
	int64_t start = clock_mono_ms();
	ARENA(a);
	ERR(e);

	if (!b64_decode(&a, str_c(arg[5]), &key.secret))
		return 2;
	return finish(dns_update_txt(dns, server, str_c(arg[2]), &key,
			      strcmp(arg[0], "add") == 0 ? DNS_UPDATE_ADD : DNS_UPDATE_REMOVE,
			      str_c(arg[6]), str_c(arg[7]), TIMEOUT_MS, &e),
		&e, start);
}

static int
ask(char **arg, const struct addr *server)
{
	int64_t start = clock_mono_ms();
	struct dns_message m = {0};
	ARENA(a);
	ERR(e);
	int r = dns_ask_server(
		dns, server, str_c(arg[2]), (enum dns_type)atoi(arg[3]), TIMEOUT_MS, &a, &m, &e);

	for (unsigned i = 0; i < m.n; i++)
		if (m.items[i].target.p)
			printf("target %.*s\n", STRF(m.items[i].target));
	if (r == 0)
		printf("rcode %s\nshows %s\nrecords %u\n", dns_rcode_name(m.rcode),
			dns_shows_txt(&m, str_c(arg[4]), &a) ? "yes" : "no", m.n);
	return finish(r, &e, start);
}

static void *
stop_soon(void *arg)
{
	usleep(STOP_AFTER_US);
	dns_stop(arg);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct dns_conf conf = {.resolver = "127.0.0.1:1", .fresh_max = 1};
	pthread_t thread;
	struct addr server;
	ERR(e);

	if (argc > 1 && strcmp(argv[1], "stop") == 0) {
		argv++;
		argc--;
		conf.fresh_max = 2;
	}
	if (argc < 6 || !addr_parse(str_c(argv[2]), &server) || dns_open(&conf, &dns, &e) < 0)
		return 2;
	if (conf.fresh_max == 2)
		BUG_ON(pthread_create(&thread, NULL, stop_soon, dns) != 0);
	return strcmp(argv[1], "ask") == 0 ? ask(argv + 1, &server)
	       : argc == 9		   ? update(argv + 1, &server)
					   : 2;
}
