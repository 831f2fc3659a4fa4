/* SPDX-License-Identifier: Apache-2.0 */
/* What the machine itself gives: signatures by one thread and by all processors, syncs of a growing file. */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench.h"
#include "crypto/crypto.h"
#include "crypto/key.h"
#include "world.h"

#define SECONDS 1.0
#define BLOCK 4096
#define TBS_LEN 700 /* of a usual certificate */

struct rate {
	const struct key *key;
	_Atomic size_t n;
};

static void
sign_on(void *arg, size_t i)
{
	struct rate *t = arg;
	struct key_signer *s;
	uint8_t tbs[TBS_LEN] = {(uint8_t)i};
	double until = now_s() + SECONDS;
	ERR(e);

	world_need(key_signer_new(t->key, &s, &e), &e, "signer");
	while (now_s() < until) {
		ARENA(a);
		struct blob sig;

		tbs[1]++;
		world_need(key_signer_sign(s, BLOB(tbs, sizeof(tbs)), &a, &sig, &e), &e, "sign");
		atomic_fetch_add(&t->n, 1);
	}
	key_signer_free(s);
}

static void
signatures(const struct key *k, unsigned threads, const char *name)
{
	struct rate t = {.key = k};
	double start = now_s();

	crowd("sign", threads, threads, sign_on, &t);
	figure(name, (double)t.n / (now_s() - start), "signatures/s", NULL, 0, NULL);
}

static void
verifications(const struct key *k)
{
	ARENA(a);
	uint8_t tbs[TBS_LEN] = {0};
	struct blob sig;
	double start = now_s();
	size_t n = 0;
	ERR(e);

	world_need(key_sign(k, BLOB(tbs, sizeof(tbs)), &a, &sig, &e), &e, "sign");
	for (; now_s() - start < SECONDS / 2; n++)
		world_need(key_verify(k, BLOB(tbs, sizeof(tbs)), sig, &e), &e, "verify");
	figure("P-256 verifications, one thread", (double)n / (now_s() - start), "verifications/s", NULL, 0, NULL);
}

static void
syncs(const char *dir)
{
	char path[160], block[BLOCK] = "x";
	size_t n = 0;
	double start;
	int fd;

	snprintf(path, sizeof(path), "%s/signet-bench-XXXXXX", dir);
	fd = mkstemp(path);
	if (fd < 0)
		abort();
	unlink(path);
	for (start = now_s(); now_s() - start < SECONDS; n++) {
		if (write(fd, block, sizeof(block)) != sizeof(block) || fdatasync(fd) != 0)
			abort();
	}
	close(fd);
	figure("fdatasync after 4 kB appended", (double)n / (now_s() - start), "syncs/s", NULL, 0, NULL);
}

int
raw_main(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct utsname u;
	KEY(k);
	ERR(e);

	uname(&u);
	fact("kernel", "%s %s", u.sysname, u.release);
	fact("processors", "%ld", cpus);
	world_need(crypto_init(&e), &e, "crypto");
	world_need(key_generate(KEY_EC_P256, &k, &e), &e, "key");
	signatures(k, 1, "P-256 signatures, one thread");
	signatures(k, (unsigned)cpus, "P-256 signatures, all processors");
	verifications(k);
	syncs(argc > 0 ? argv[0] : "/tmp");
	return 0;
}
