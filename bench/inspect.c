/* SPDX-License-Identifier: Apache-2.0 */
/* Live servers seen and judged, 64 at a time. The servers and the peer's figure are those of servers.py. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench.h"
#include "crypto/pem.h"
#include "inspect/live.h"
#include "net/probe.h"
#include "os/file.h"
#include "text/psl.h"
#include "world.h"

#define AT_ONCE 64
#define FILE_MAX (1024 * 1024)
#define TIMEOUT_MS 60000

struct target {
	struct addr address;
	struct str name;
};

struct inspection {
	struct arena *a;
	struct target *targets;
	size_t n;
	const struct path_cert *root;
	bool thorough;
};

static void
inspect_one(void *arg, size_t i)
{
	const struct inspection *t = arg;
	struct probe_call call = {.address = t->targets[i].address,
		.name = t->targets[i].name,
		.timeout_ms = TIMEOUT_MS,
		.thorough = t->thorough,
		.allow_special = true};
	struct probe p;
	struct live l;
	struct live_in in = {.chain = p.chain,
		.suite = p.suite,
		.target = call.name,
		.anchors = &t->root,
		.n_anchors = 1,
		.now_ms = clock_wall_ms()};
	ARENA(a);
	ERR(e);

	world_need(probe_run(&call, &a, &p, &e), &e, "probe");
	in.n_chain = p.n_chain;
	in.staple = p.staple;
	world_need(live_judge(&in, &a, &l, &e), &e, "judgement");
	if (p.outcome != PROBE_SEEN || !l.ok || !l.check.trusted) {
		fprintf(stderr, "%.*s: %s %s\n", STRF(call.name), p.why, l.check.n ? check_word(l.check.v[0].code) : "");
		abort();
	}
}

static void
targets_read(struct inspection *t, struct str lines)
{
	while (lines.n) {
		struct str line = str_cut(&lines, '\n'), name = line, address = str_cut(&name, ' ');

		if (!line.n)
			continue;
		if (!addr_parse(address, &t->targets[t->n].address))
			abort();
		t->targets[t->n++].name = name;
	}
}

static void
measure(struct inspection *t, const char *what, double peer)
{
	double start = now_s(), cpu = cpu_s(), took;
	char name[96];

	crowd("inspect", AT_ONCE, t->n, inspect_one, t);
	took = now_s() - start;
	cpu = cpu_s() - cpu;
	snprintf(name, sizeof(name), "inspection of %zu TLS servers, %s", t->n, what);
	figure(name, (double)t->n / took, "servers/s", "openssl s_client, one at a time", peer, NULL);
	figure("  all of them", took, "s", NULL, 0, NULL);
	figure("  processor time of each", cpu * 1000 / (double)t->n, "ms", NULL, 0, NULL);
}

int
inspect_main(int argc, char **argv)
{
	struct inspection t = {.n = 0};
	struct blob lines, pem, der;
	ARENA(a);
	ERR(e);

	if (argc != 3)
		return 2;
	world_need(psl_init(&e), &e, "list of public suffixes");
	world_need(file_read(AT_FDCWD, argv[0], FILE_MAX, &a, &lines, &e), &e, "targets");
	world_need(file_read(AT_FDCWD, argv[1], FILE_MAX, &a, &pem, &e), &e, "root");
	world_need(pem_decode(str_of(pem), "CERTIFICATE", &a, &der, &e), &e, "root");
	world_need(path_cert_new(&a, der, &t.root, &e), &e, "root");
	t.targets = arena_new_n(&a, lines.n / 8 + 1, struct target);
	targets_read(&t, str_of(lines));
	measure(&t, "one handshake each", strtod(argv[2], NULL));
	t.thorough = true;
	measure(&t, "all versions and suites", strtod(argv[2], NULL));
	return 0;
}
