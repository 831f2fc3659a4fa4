/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains built and verified: leaf, intermediate and root with RSA keys, for a host. Ours judges everything that it judges in
 * the service; the peer is the OpenSSL library, in turns, then the programs that people use.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bare_chain.h"
#include "base/clock.h"
#include "bench.h"
#include "crypto/crypto.h"
#include "crypto/pem.h"
#include "inspect/check.h"
#include "text/psl.h"
#include "world.h"

#define ROUNDS 8
#define ROUND_SECONDS 0.25
#define RUNS 40

extern char **environ;

struct chain {
	struct bare_chain *bare;
	struct blob ders[3];
	struct str pem[2]; /* leaf, intermediate */
	struct path_query q; /* on certificates that are read already */
	const struct path_cert *pool, *anchor;
};

static void
find(const struct path_query *q)
{
	struct path_result r;
	ARENA(a);
	ERR(e);

	world_need(path_find(q, &a, &r, &e), &e, "chain");
	if (!r.ok)
		abort();
}

static void
ours(struct chain *c)
{
	find(&c->q);
}

static void
bare(struct chain *c)
{
	bare_chain_verify(c->bare);
}

static void
ours_read(struct chain *c)
{
	struct path_query q = c->q;
	const struct path_cert *certs[3];
	ARENA(a);
	ERR(e);

	for (unsigned i = 0; i < 3; i++)
		world_need(path_cert_new(&a, c->ders[i], &certs[i], &e), &e, "certificate");
	q.leaf = certs[0];
	q.pool = &certs[1];
	q.anchors = &certs[2];
	find(&q);
}

/* Files as people hand them in: taken apart, put in order, the chain and everything else judged. */
static void
full_check(struct chain *c)
{
	const struct check_field fields[] = {{"certificate", blob_of(c->pem[0])}, {"chain", blob_of(c->pem[1])}};
	const struct check_in in = {.fields = fields, .n_fields = 2, .chain_field = 1, .purpose = CHECK_DEPLOY,
		.target = STR(CHAIN_HOST), .anchors = &c->anchor, .n_anchors = 1, .now_ms = c->q.now_ms};
	struct check found;
	ARENA(a);
	ERR(e);

	world_need(check_run(&in, &a, &found, &e), &e, "check");
	if (found.n_errors || !found.trusted)
		abort();
}

static void
bare_read(struct chain *c)
{
	bare_chain_read_and_verify(c->ders);
}

static double
rate(void (*fn)(struct chain *), struct chain *c)
{
	double start = now_s();
	size_t n = 0;

	do {
		for (unsigned i = 0; i < 100; i++, n++)
			fn(c);
	} while (now_s() - start < ROUND_SECONDS);
	return (double)n / (now_s() - start);
}

/* Both in turns, the middle of each: what else the machine does falls on both. */
static void
beside(const char *name, void (*x)(struct chain *), const char *peer, void (*y)(struct chain *), struct chain *c,
	const char *promised)
{
	double xs[ROUNDS], ys[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++) {
		xs[i] = rate(x, c);
		ys[i] = rate(y, c);
	}
	figure(name, percentile(xs, ROUNDS, 50), "chains/s", peer, percentile(ys, ROUNDS, 50), promised);
}

/* Runs of a program per second; 0 when it is not there. */
static double
program_rate(const char *const *argv)
{
	posix_spawn_file_actions_t quiet;
	double start = now_s();
	unsigned n = 0;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	while (n < RUNS) {
		pid_t pid;
		int status;

		if (posix_spawnp(&pid, argv[0], &quiet, NULL, (char *const *)argv, environ) != 0 ||
			waitpid(pid, &status, 0) != pid || status != 0)
			break;
		n++;
	}
	posix_spawn_file_actions_destroy(&quiet);
	return n == RUNS ? n / (now_s() - start) : 0;
}

static void
programs(const struct chain *c)
{
	char dir[] = "/tmp/signet-bench-XXXXXX", files[4][64];
	static const char *const names[] = {"leaf", "pool", "root", "all"};
	double own;
	FILE *f;

	if (!mkdtemp(dir))
		abort();
	for (unsigned i = 0; i < 4; i++)
		snprintf(files[i], sizeof(files[i]), "%s/%s.pem", dir, names[i]);
	for (unsigned i = 0; i < 3; i++)
		bare_chain_write(c->bare, i, files[i]);
	own = program_rate((const char *const[]){SIGNET_EXE, "verify", "--leaf", files[0], "--intermediates", files[1], "--roots",
		files[2], "--name", CHAIN_HOST, NULL});
	figure("signet verify, files", own, "runs/s", "openssl verify",
		program_rate((const char *const[]){"openssl", "verify", "-CAfile", files[2], "-untrusted", files[1],
			"-verify_hostname", CHAIN_HOST, "-purpose", "sslserver", files[0], NULL}), NULL);
	f = fopen(files[3], "w");
	if (!f || fclose(f) != 0)
		abort();
	/* certtool takes the whole chain from one file, leaf first */
	for (unsigned i = 0; i < 3; i++) {
		char text[8192];
		FILE *in = fopen(files[i], "r"), *out = fopen(files[3], "a");

		if (!in || !out || fwrite(text, 1, fread(text, 1, sizeof(text), in), out) == 0 || fclose(out) != 0)
			abort();
		fclose(in);
	}
	figure("  the same", own, "runs/s", "certtool --verify",
		program_rate((const char *const[]){"certtool", "--verify", "--load-ca-certificate", files[2], "--verify-hostname",
			CHAIN_HOST, "--infile", files[3], NULL}), NULL);
	for (unsigned i = 0; i < 4; i++)
		unlink(files[i]);
	rmdir(dir);
}

int
path_main(int argc, char **argv)
{
	struct chain c = {.bare = bare_chain_new()};
	const struct path_cert *leaf;
	ARENA(a);
	ERR(e);

	(void)argc;
	(void)argv;
	world_need(crypto_init(&e), &e, "crypto");
	world_need(psl_init(&e), &e, "public suffixes");
	for (unsigned i = 0; i < 3; i++)
		c.ders[i] = bare_chain_der(c.bare, i, &a);
	for (unsigned i = 0; i < 2; i++)
		c.pem[i] = pem_encode(&a, "CERTIFICATE", c.ders[i]);
	world_need(path_cert_new(&a, c.ders[0], &leaf, &e), &e, "leaf");
	world_need(path_cert_new(&a, c.ders[1], &c.pool, &e), &e, "intermediate");
	world_need(path_cert_new(&a, c.ders[2], &c.anchor, &e), &e, "root");
	c.q = (struct path_query){.leaf = leaf, .pool = &c.pool, .n_pool = 1, .anchors = &c.anchor, .n_anchors = 1,
		.now_ms = clock_wall_ms(), .purpose = PATH_SERVER, .max_depth = -1};
	world_need(x509_peer_dns(STR(CHAIN_HOST), &c.q.peer, &e), &e, "host");
	beside("chain of three RSA certificates, built and verified", ours, "X509_verify_cert", bare, &c, "60% / 80%");
	beside("  and its certificates and keys read", ours_read, "d2i_X509, X509_verify_cert", bare_read, &c, NULL);
	beside("the full check of two PEM files, to deploy", full_check, "d2i_X509, X509_verify_cert", bare_read, &c, NULL);
	programs(&c);
	bare_chain_free(c.bare);
	return 0;
}
