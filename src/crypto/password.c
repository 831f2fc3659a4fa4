/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/password.h"

#include <crypt.h>
#include <stdlib.h>

#include "base/rand.h"
#include "base/secret.h"

/* libxcrypt's own default cost for yescrypt; a larger one is a policy of the password lane's length. */
#define COST 5
#define LONGEST 256
/* Checked when there is no hash, so that an unknown user costs the same time as a wrong password. */
#define DUMMY "$y$j9T$K7bHLuN3jJHlzCD35dSmr/$EtWAIBtO8a4eA9BmqWq4rzSJ0OPYUs/bTiSNlJgIEuC"

/* The setting's hash of the password in *ret, or NULL; *mem and *size are crypt_ra()'s. */
static const char *
run(struct str password, const char *setting, void **mem, int *size)
{
	SECRET(text);
	const char *out;

	text = secret_new(password.n + 1);
	if (password.n)
		memcpy(text->p, password.p, password.n);
	out = crypt_ra((const char *)text->p, setting, mem, size);
	/* crypt(5): a failure may also be told by a text that is no hash. */
	return out && out[0] != '*' ? out : NULL;
}

static void
run_done(void *mem, int size)
{
	if (mem)
		wipe(mem, (size_t)size);
	free(mem);
}

static bool
usable(struct str password)
{
	return password.n <= LONGEST && (password.n == 0 || !memchr(password.p, 0, password.n));
}

int
password_hash(struct str password, struct arena *a, struct str *ret, struct err *e)
{
	char random[32], setting[CRYPT_GENSALT_OUTPUT_SIZE];
	void *mem = NULL;
	const char *out;
	int size = 0;

	if (password.n > LONGEST)
		return err_set(e, E_FIELD_LENGTH, "the password has %zu bytes; at most %d are taken", password.n,
			LONGEST);
	if (!usable(password))
		return err_set(e, E_FIELD_UTF8, "the password holds a NUL");
	rand_bytes(random, sizeof(random));
	if (!crypt_gensalt_rn("$y$", COST, random, sizeof(random), setting, sizeof(setting)))
		return err_set(e, E_INTERNAL, "libcrypt offers no yescrypt");
	out = run(password, setting, &mem, &size);
	if (out)
		*ret = arena_str(a, str_c(out));
	run_done(mem, size);
	return out ? 0 : err_set(e, E_INTERNAL, "libcrypt failed to hash the password");
}

bool
password_check(struct str password, struct str hash)
{
	bool real = hash.n > 3 && hash.n < CRYPT_OUTPUT_SIZE && str_starts(hash, STR("$y$")) && usable(password);
	char setting[CRYPT_OUTPUT_SIZE] = DUMMY;
	void *mem = NULL;
	const char *out;
	int size = 0;
	bool ok;

	if (real) {
		memcpy(setting, hash.p, hash.n);
		setting[hash.n] = '\0';
	}
	out = run(usable(password) ? password : STR(""), setting, &mem, &size);
	ok = out && blob_eq_secret(blob_of(str_c(out)), blob_of(str_c(setting))) && real;
	run_done(mem, size);
	return ok;
}
