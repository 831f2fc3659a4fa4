/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/env_test.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"

const struct signer_limits leaf_limits = {
	.leaves = true,
	.max_validity_ms = 100 * MS_DAY,
	.key_usages = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
};
const struct signer_limits any_limits = {
	.leaves = true,
	.max_validity_ms = 100 * MS_DAY,
	.key_usages = KU_DIGITAL_SIGNATURE,
	.any_name = true,
};
const struct signer_limits ca_limits = {.ca = true, .max_validity_ms = 5000 * MS_DAY};

void
start(struct world *w)
{
	ERR(e);

	if (signer_open_dir(w->fd, &w->s, &e) < 0)
		fail_msg("%s", e.msg);
	w->c = signer_client_new(signer_call_direct, w->s);
}

void
stop(struct world *w)
{
	w->c = signer_client_free(w->c);
	w->s = signer_close(w->s);
}

struct blob
issuer(struct world *w, const char *name, const struct signer_limits *l)
{
	struct blob spki = {0};
	ERR(e);

	if (signer_issuer_new(w->c, str_c(name), KEY_EC_P256, l, &w->a, &spki, &e) < 0)
		fail_msg("%s", e.msg);
	return spki;
}

struct blob
subscriber_spki(struct world *w)
{
	struct signer_key k;
	ERR(e);

	assert_int_equal(
		signer_key_new(w->c, SEAL_SUBSCRIBER_KEY, 1, KEY_EC_P256, &w->a, &k, &e), 0);
	return k.spki;
}

int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	snprintf(w->path, sizeof(w->path), "/tmp/signet-signer-XXXXXX");
	assert_non_null(mkdtemp(w->path));
	w->fd = open(w->path, O_DIRECTORY | O_CLOEXEC);
	start(w);
	*state = w;
	return 0;
}

int
teardown(void **state)
{
	struct world *w = *state;
	char cmd[96];

	stop(w);
	close(w->fd);
	arena_done(&w->a);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", w->path);
	assert_int_equal(system(cmd), 0);
	free(w);
	return 0;
}

bool
verifies(struct blob spki, struct blob tbs, struct blob sig)
{
	KEY(k);
	ERR(e);

	assert_int_equal(key_from_spki(spki, &k, &e), 0);
	return key_verify(k, tbs, sig, &e) == 0;
}
