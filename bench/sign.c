/* SPDX-License-Identifier: Apache-2.0 */
/* P-256 signatures by the signer's process, one after the other, while it is asked for four RSA-4096 keys. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench.h"
#include "ca/hierarchy.h"
#include "ca/signer_client.h"
#include "crypto/crypto.h"
#include "signer_process.h"
#include "world.h"

#define KEYS 4
#define ALONE 500 /* signatures before the keys are asked for */
#define MOST 20000

struct making {
	struct signer_client *signer;
	_Atomic unsigned done;
};

static void *
make_key(void *arg)
{
	struct making *t = arg;
	ARENA(a);
	struct signer_key k;
	ERR(e);

	world_need(signer_key_new(t->signer, SEAL_SUBSCRIBER_KEY, 1, KEY_RSA_4096, &a, &k, &e), &e, "RSA key");
	atomic_fetch_add(&t->done, 1);
	return NULL;
}

/* Checkpoints are signed by a P-256 key and logged as certificates are. */
static double
sign_once(struct signer_client *signer, size_t i)
{
	ARENA(a);
	struct str text = arena_printf(&a, SIGNER_CHECKPOINT_PREFIX "at %zu\n", i);
	double start = now_s();
	struct blob sig;
	ERR(e);

	world_need(signer_sign_checkpoint(signer, blob_of(text), &a, &sig, &e), &e, "sign");
	return now_s() - start;
}

static void
run(struct signer_client *signer)
{
	static double alone[ALONE], took[MOST];
	struct making t = {.signer = signer};
	pthread_t threads[KEYS];
	size_t n = 0;

	for (size_t i = 0; i < ALONE; i++)
		alone[i] = sign_once(signer, i);
	for (size_t i = 0; i < KEYS; i++) {
		if (pthread_create(&threads[i], NULL, make_key, &t) != 0)
			abort();
	}
	while (n < MOST && atomic_load(&t.done) < KEYS)
		took[n] = sign_once(signer, n), n++;
	for (size_t i = 0; i < KEYS; i++)
		pthread_join(threads[i], NULL);
	figure("P-256 signature while RSA-4096 keys are made, 99 of 100", percentile(took, n, 99) * 1e3, "ms",
		"nothing else done", percentile(alone, ALONE, 99) * 1e3, "< 20");
	figure("  of it, half of them", percentile(took, n, 50) * 1e3, "ms", "nothing else done",
		percentile(alone, ALONE, 50) * 1e3, NULL);
}

int
sign_main(int argc, char **argv)
{
	struct signer_process *p;
	struct signer_client *signer;
	char dir[] = "/tmp/signet-bench-XXXXXX", command[64];
	int fd;
	ERR(e);

	(void)argc;
	(void)argv;
	clock_init();
	world_need(crypto_init(&e), &e, "crypto");
	if (!mkdtemp(dir) || (fd = open(dir, O_DIRECTORY | O_CLOEXEC)) < 0)
		abort();
	p = signer_process_new(SIGNER_EXE, fd, &signer);
	run(signer);
	signer_process_free(p);
	close(fd);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) != 0;
}
