/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one check against real servers and prints what came of it as lines `word text`: result (0 or the error's name),
 * message, hint, proven, seen (what = result). tests/contract/validate_*.py drive it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/quote.h"
#include "net/http_client.h"
#include "text/psl.h"
#include "validate/validate.h"

#define MANY_MAX 256

static struct addr_net allow[8];
static struct str identities[8];
static struct dns_conf dns_conf = {.fresh_max = 16};
static struct validate_conf conf = {.http_port = 80, .https_port = 443, .allow = allow, .caa_identities = identities,
	.timeout_ms = 5000};

NORETURN static void
die(const char *what, const char *value)
{
	fprintf(stderr, "validate_tool: %s \"%s\"\n", what, value ? value : "");
	exit(2);
}

static uint64_t
number(const char *s, uint64_t max)
{
	uint64_t n;

	if (!s || !str_u64(str_c(s), max, &n))
		die("no number", s);
	return n;
}

static int
finish(int r, const struct err *e)
{
	printf("result %s\n", r == 0 ? "0" : err_info(r)->name);
	if (r < 0)
		printf("message %s\nhint %s\n", e->msg, err_hint_text(e));
	return r == 0 ? 0 : 1;
}

static int
show(int r, const struct validate_result *v, const struct err *e)
{
	if (v->name_proven.n)
		printf("proven %.*s\n", STRF(v->name_proven));
	for (unsigned i = 0; i < v->n_seen; i++)
		printf("seen %.*s = %.*s\n", STRF(v->seen[i].what), STRF(v->seen[i].result));
	return finish(r, e);
}

static int
run_ask(char **arg)
{
	ARENA(a);
	ERR(e);
	struct dns_answer an = {0};
	int r = dns_ask(conf.dns, str_c(arg[0]), (enum dns_type)number(arg[1], 65535), strcmp(arg[2], "fresh") == 0,
		conf.timeout_ms, &a, &an, &e);

	if (r == 0)
		printf("answer %s %s rcode %d records %u canonical %.*s\n", an.secure ? "secure" : "insecure",
			an.nxdomain ? "nxdomain" : "exists", an.rcode, an.n, STRF(an.canonical));
	return finish(r, &e);
}

static int
run_addresses(char **arg)
{
	ARENA(a);
	ERR(e);
	struct addr *list;
	size_t n = 0;
	int r = dns_addresses(conf.dns, str_c(arg[0]), true, conf.timeout_ms, &a, &list, &n, &e);

	for (size_t i = 0; r == 0 && i < n; i++)
		printf("address %.*s\n", STRF(addr_text(&a, &list[i], false)));
	return finish(r, &e);
}

/* -- many askers of one cache at once */

struct asker {
	pthread_t thread;
	unsigned number;
	const char *domain;
	int timeout_ms, result;
};

static void *
ask_one(void *arg)
{
	struct asker *k = arg;
	struct dns_answer an;
	struct str text;
	ARENA(a);
	ERR(e);
	struct str name = arena_printf(&a, "n%u.%s", k->number, k->domain);

	k->result = dns_ask(conf.dns, name, DNS_TXT, false, k->timeout_ms, &a, &an, &e);
	if (k->result == 0 && (an.n != 1 || !dns_txt(an.records[0].rdata, &a, &text) ||
		!str_eq(text, arena_printf(&a, "value %u", k->number))))
		k->result = E_INTERNAL;
	return NULL;
}

/* many COUNT DOMAIN: threads that ask TXT n<i>.DOMAIN and expect "value <i>"; every fifth gives up at once. */
static int
run_many(char **arg)
{
	static struct asker askers[MANY_MAX];
	unsigned n = (unsigned)number(arg[0], MANY_MAX), good = 0, late = 0;

	for (unsigned i = 0; i < n; i++) {
		askers[i] = (struct asker){.number = i, .domain = arg[1], .timeout_ms = i % 5 == 4 ? 0 : conf.timeout_ms};
		BUG_ON(pthread_create(&askers[i].thread, NULL, ask_one, &askers[i]) != 0);
	}
	for (unsigned i = 0; i < n; i++) {
		pthread_join(askers[i].thread, NULL);
		good += askers[i].result == 0;
		late += askers[i].result == E_DNS_TIMEOUT;
	}
	printf("many good %u late %u of %u\n", good, late, n);
	return 0;
}

/* -- checks */

static int
run_dns(char **arg)
{
	ARENA(a);
	ERR(e);
	struct validate_result v = {0};
	int r = validate_dns(&conf, str_c(arg[0]), str_c(arg[1]), str_c(arg[2]), &a, &v, &e);

	return show(r, &v, &e);
}

static int
run_file(char **arg)
{
	ARENA(a);
	ERR(e);
	struct validate_result v = {0};
	int r = validate_file(&conf, str_c(arg[0]), str_c(arg[1]), &a, &v, &e);

	return show(r, &v, &e);
}

static int
run_internal(char **arg)
{
	ARENA(a);
	ERR(e);
	struct validate_result v = {0};
	struct addr listener;
	int r;

	if (!addr_parse(str_c(arg[1]), &listener))
		die("no address", arg[1]);
	r = validate_internal(str_c(arg[0]), &listener, str_c(arg[2]), &a, &v, &e);
	return show(r, &v, &e);
}

/* caa NAME dns|file ACCOUNT: a name with "*." is a wildcard; "-" is no account */
static int
run_caa(char **arg)
{
	ARENA(a);
	ERR(e);
	struct validate_result v = {0};
	struct str name = str_c(arg[0]);
	bool wildcard = str_starts(name, STR("*."));
	struct validate_caa_ask ask = {.base = wildcard ? (struct str){name.p + 2, name.n - 2} : name, .wildcard = wildcard,
		.method = strcmp(arg[1], "dns") == 0 ? VALIDATE_DNS : VALIDATE_FILE,
		.account_uri = strcmp(arg[2], "-") == 0 ? (struct str){NULL, 0} : str_c(arg[2])};
	int r = validate_caa(&conf, &ask, &a, &v, &e);

	return show(r, &v, &e);
}

static int
run_cname(char **arg)
{
	ARENA(a);

	printf("cname %.*s\n", STRF(validate_cname_target(str_c(arg[0]), str_c(arg[1]), &a)));
	return 0;
}

static const struct command {
	const char *name;
	int args;
	int (*run)(char **arg);
} commands[] = {
	{"ask", 3, run_ask}, {"addresses", 1, run_addresses}, {"many", 2, run_many}, {"dns", 3, run_dns},
	{"file", 2, run_file}, {"internal", 3, run_internal}, {"caa", 3, run_caa}, {"cname", 2, run_cname},
};

/* --key value; the number of arguments read */
static int
read_option(char **argv)
{
	const char *key = argv[0], *value = argv[1];

	if (!value)
		die("no value for", key);
	if (strcmp(key, "--resolver") == 0)
		dns_conf.resolver = value;
	else if (strcmp(key, "--trust-anchor") == 0)
		dns_conf.trust_anchor = value;
	else if (strcmp(key, "--http-port") == 0)
		conf.http_port = (uint16_t)number(value, 65535);
	else if (strcmp(key, "--https-port") == 0)
		conf.https_port = (uint16_t)number(value, 65535);
	else if (strcmp(key, "--timeout") == 0)
		conf.timeout_ms = (int)number(value, 100000);
	else if (strcmp(key, "--identity") == 0 && conf.n_caa_identities < ARRAY_LEN(identities))
		identities[conf.n_caa_identities++] = str_c(value);
	else if (strcmp(key, "--allow") == 0 && conf.n_allow < ARRAY_LEN(allow) &&
		addr_net_parse(str_c(value), &allow[conf.n_allow]))
		conf.n_allow++;
	else
		die("bad option", key);
	return 2;
}

int
main(int argc, char **argv)
{
	ERR(e);
	int at = 1, r;

	while (at < argc && strncmp(argv[at], "--", 2) == 0)
		at += read_option(argv + at);
	if (psl_init(&e) < 0 || http_client_init(&e) < 0)
		die("cannot start", e.msg);
	if (dns_open(&dns_conf, &conf.dns, &e) < 0)
		return finish(e.code, &e);
	for (size_t i = 0; at < argc && i < ARRAY_LEN(commands); i++) {
		if (strcmp(argv[at], commands[i].name) != 0 || argc - at - 1 != commands[i].args)
			continue;
		int64_t start = clock_mono_ms();

		r = commands[i].run(argv + at + 1);
		printf("ms %lld\n", (long long)(clock_mono_ms() - start));
		dns_close(conf.dns);
		return r;
	}
	die("unknown command", at < argc ? argv[at] : "");
}
