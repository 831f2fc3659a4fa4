/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/issuer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/inject.h"
#include "base/rand.h"
#include "ca/signer_codec.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "os/fd.h"
#include "os/file.h"

#define KEY_FILE_MAX (16 * 1024)
#define KEY_MAGIC "signet-key 1\n"
#define CHECKPOINT "checkpoint"
#define CHECKPOINT_ALG KEY_EC_P256
#define KEY_SUFFIX ".key"
#define LIMITS_SUFFIX ".limits"
#define FILE_NAME_MAX (SIGNER_ISSUER_NAME_MAX + 16)

struct issuers {
	int dirfd;
	struct blob kek;
	struct own_key *checkpoint;
	pthread_mutex_t lock; /* all below; the keys themselves never change or go */
	pthread_cond_t born;
	struct own_key *first;
	struct nascent *births;
	unsigned n;
};

/* A birth at work: a second one of the same name waits for it. */
struct nascent {
	struct nascent *next;
	struct str name;
};

static bool
is_issuer_name(struct str name)
{
	if (name.n == 0 || name.n > SIGNER_ISSUER_NAME_MAX || str_eq_c(name, CHECKPOINT))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

static void
file_name(char ret[FILE_NAME_MAX], struct str name, const char *suffix)
{
	snprintf(ret, FILE_NAME_MAX, "%.*s%s", STRF(name), suffix);
}

/* -- key files: magic, the sealed value's id, the sealed PKCS#8 */

static int
key_file_write(struct issuers *is, struct str name, const struct key *key, const uint8_t id[16],
	struct err *e)
{
	ARENA(a);
	SECRET(pkcs8);
	BUF(out, KEY_FILE_MAX);
	struct seal_name seal = {.class = SEAL_CA_KEY};
	struct blob sealed;
	char file[FILE_NAME_MAX];
	int r = key_to_pkcs8(key, &pkcs8, e);

	if (r < 0)
		return r;
	memcpy(seal.id, id, sizeof(seal.id));
	r = seal_close(is->kek, &seal, secret_blob(pkcs8), &a, &sealed, e);
	if (r < 0)
		return r;
	buf_put_c(&out, KEY_MAGIC);
	buf_put(&out, id, sizeof(seal.id));
	buf_put_blob(&out, sealed);
	BUG_ON(out.over);
	file_name(file, name, KEY_SUFFIX);
	return file_write_atomic(is->dirfd, file, buf_blob(&out), 0600, e);
}

static int
key_file_read(
	struct issuers *is, struct str name, struct key **ret, uint8_t ret_id[16], struct err *e)
{
	ARENA(a);
	SECRET(pkcs8);
	struct seal_name seal = {.class = SEAL_CA_KEY};
	struct blob all, magic, id;
	struct cursor c;
	char file[FILE_NAME_MAX];
	int r;

	file_name(file, name, KEY_SUFFIX);
	r = file_read(is->dirfd, file, KEY_FILE_MAX, &a, &all, e);
	if (r < 0)
		return err_wrap(e, "a key in the signer's directory");
	c = cursor_of(all);
	magic = cursor_take(&c, strlen(KEY_MAGIC));
	id = cursor_take(&c, sizeof(seal.id));
	if (!cursor_ok(&c, false) || !blob_eq(magic, blob_of(STR(KEY_MAGIC))))
		return err_set(e, E_IO, "\"%s\" in the signer's directory is no key file", file);
	memcpy(seal.id, id.p, sizeof(seal.id));
	r = seal_open(is->kek, &seal, (struct blob){c.p, cursor_left(&c)}, &pkcs8, e);
	if (r == 0)
		r = key_from_pkcs8(secret_blob(pkcs8), ret, e);
	if (r < 0)
		return err_wrap(e, "\"%s\" in the signer's directory", file);
	memcpy(ret_id, seal.id, sizeof(seal.id));
	return 0;
}

/* -- one key */

static struct own_key *
own_key_free(struct own_key *k)
{
	if (!k)
		return NULL;
	while (k->n_idle)
		key_signer_free(k->idle[--k->n_idle]);
	key_free(k->key);
	free((void *)k->spki.p);
	pthread_mutex_destroy(&k->lock);
	free(k);
	return NULL;
}

/* Takes the key over. */
static int
own_key_new(struct str name, struct key *key, struct own_key **ret, struct err *e)
{
	ARENA(a);
	struct own_key *k = calloc(1, sizeof(*k));
	struct blob spki;
	uint8_t *copy;
	int r;

	BUG_ON(!k);
	pthread_mutex_init(&k->lock, NULL);
	snprintf(k->name, sizeof(k->name), "%.*s", STRF(name));
	k->key = key;
	k->alg = key_alg(key);
	r = key_spki(key, &a, &spki, e);
	if (r < 0) {
		own_key_free(k);
		return r;
	}
	copy = malloc(spki.n);
	BUG_ON(!copy);
	memcpy(copy, spki.p, spki.n);
	k->spki = BLOB(copy, spki.n);
	k->sig_alg = key_sig_alg(k->alg);
	*ret = k;
	return 0;
}

int
own_key_sign(struct own_key *k, struct blob tbs, struct arena *a, struct blob *ret, struct err *e)
{
	struct key_signer *s = NULL;
	int r;

	pthread_mutex_lock(&k->lock);
	if (k->n_idle)
		s = k->idle[--k->n_idle];
	pthread_mutex_unlock(&k->lock);
	if (!s) {
		r = key_signer_new(k->key, &s, e);
		if (r < 0)
			return r;
	}
	r = key_signer_sign(s, tbs, a, ret, e);
	pthread_mutex_lock(&k->lock);
	/* one that has failed is not used again */
	if (r == 0 && k->n_idle < ARRAY_LEN(k->idle)) {
		k->idle[k->n_idle++] = s;
		s = NULL;
	}
	pthread_mutex_unlock(&k->lock);
	key_signer_free(s);
	return r;
}

/* -- loading */

static int
load_issuer(struct issuers *is, struct str name, struct own_key **ret, struct err *e)
{
	ARENA(a);
	KEY(key);
	struct limits_file lf;
	struct blob text;
	struct own_key *k;
	uint8_t id[16], hash[32];
	char file[FILE_NAME_MAX];
	int r;

	file_name(file, name, LIMITS_SUFFIX);
	r = file_read(is->dirfd, file, LIMITS_FILE_MAX, &a, &text, e);
	if (r == 0)
		r = limits_read(str_of(text), file, &lf, e);
	if (r == 0)
		r = key_file_read(is, name, &key, id, e);
	if (r == 0)
		r = own_key_new(name, key, &k, e);
	if (r < 0)
		return r;
	key = NULL;
	digest_sha256(k->spki, hash);
	if (k->alg != lf.alg || memcmp(id, lf.key_id, sizeof(id)) != 0 ||
		memcmp(hash, lf.spki_sha256, sizeof(hash)) != 0) {
		own_key_free(k);
		return err_set(e, E_SEAL_BROKEN,
			"\"%s\" in the signer's directory was born with another key", file);
	}
	k->limits = lf.limits;
	*ret = k;
	return 0;
}

static void
add(struct issuers *is, struct own_key *k)
{
	struct own_key **at = &is->first;

	while (*at)
		at = &(*at)->next;
	*at = k;
	is->n++;
}

static void
dir_closep(DIR **d)
{
	if (*d)
		closedir(*d);
}

static int
open_list(int dirfd, DIR **ret, struct err *e)
{
	FD(fd);

	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || !(*ret = fdopendir(fd)))
		return err_errno(e, E_IO, errno, "could not list the signer's directory");
	fd_take(&fd);
	return 0;
}

/* The name of an issuer when the file is one of its; none otherwise. */
static struct str
issuer_of(const char *file, const char *suffix)
{
	struct str s = str_c(file);

	if (!str_ends(s, str_c(suffix)))
		return (struct str){0};
	s.n -= strlen(suffix);
	return is_issuer_name(s) ? s : (struct str){0};
}

/* A key without limits was never answered about: its birth was cut off. */
static int
sweep_unborn(struct issuers *is, struct err *e)
{
	CLEANUP(dir_closep) DIR *d = NULL;
	int r = open_list(is->dirfd, &d, e);

	for (struct dirent *en; r == 0 && (en = readdir(d));) {
		struct str name = issuer_of(en->d_name, KEY_SUFFIX);
		char limits[FILE_NAME_MAX];

		if (!name.n)
			continue;
		file_name(limits, name, LIMITS_SUFFIX);
		if (faccessat(is->dirfd, limits, F_OK, 0) != 0 && errno == ENOENT)
			r = file_remove(is->dirfd, en->d_name, e);
	}
	return r;
}

static int
load_issuers(struct issuers *is, struct err *e)
{
	CLEANUP(dir_closep) DIR *d = NULL;
	int r = open_list(is->dirfd, &d, e);

	for (struct dirent *en; r == 0 && (en = readdir(d));) {
		struct str name = issuer_of(en->d_name, LIMITS_SUFFIX);
		struct own_key *k;

		if (!name.n)
			continue;
		r = load_issuer(is, name, &k, e);
		if (r == 0)
			add(is, k);
	}
	return r;
}

static int
make_key(struct issuers *is, struct str name, enum key_alg alg, struct own_key **ret,
	uint8_t id[16], struct err *e)
{
	KEY(key);
	int r = key_generate(alg, &key, e);

	if (r < 0)
		return r;
	if (INJECT("signer.key_made"))
		return err_set(e, E_IO, "the key was not kept");
	rand_bytes(id, 16);
	r = key_file_write(is, name, key, id, e);
	if (r == 0)
		r = own_key_new(name, key, ret, e);
	if (r == 0)
		key = NULL;
	return r;
}

static int
load_checkpoint(struct issuers *is, struct err *e)
{
	struct str name = STR(CHECKPOINT);
	struct key *key = NULL;
	uint8_t id[16];

	if (faccessat(is->dirfd, CHECKPOINT KEY_SUFFIX, F_OK, 0) != 0 && errno == ENOENT)
		return make_key(is, name, CHECKPOINT_ALG, &is->checkpoint, id, e);
	if (key_file_read(is, name, &key, id, e) < 0)
		return e->code;
	return own_key_new(name, key, &is->checkpoint, e);
}

int
issuers_open(int dirfd, struct blob kek, struct issuers **ret, struct err *e)
{
	struct issuers *is = calloc(1, sizeof(*is));
	int r;

	BUG_ON(!is);
	is->dirfd = dirfd;
	is->kek = kek;
	pthread_mutex_init(&is->lock, NULL);
	pthread_cond_init(&is->born, NULL);
	r = sweep_unborn(is, e);
	if (r == 0)
		r = load_checkpoint(is, e);
	if (r == 0)
		r = load_issuers(is, e);
	if (r < 0) {
		issuers_close(is);
		return r;
	}
	*ret = is;
	return 0;
}

struct issuers *
issuers_close(struct issuers *is)
{
	if (!is)
		return NULL;
	while (is->first) {
		struct own_key *k = is->first;

		is->first = k->next;
		own_key_free(k);
	}
	own_key_free(is->checkpoint);
	pthread_cond_destroy(&is->born);
	pthread_mutex_destroy(&is->lock);
	free(is);
	return NULL;
}

/* -- finding */

const struct own_key *
issuers_next(struct issuers *is, const struct own_key *k)
{
	pthread_mutex_lock(&is->lock);
	k = k ? k->next : is->first;
	pthread_mutex_unlock(&is->lock);
	return k;
}

static struct own_key *
find_locked(struct issuers *is, struct str name)
{
	struct own_key *k = is->first;

	while (k && !str_eq_c(name, k->name))
		k = k->next;
	return k;
}

int
issuers_find(struct issuers *is, struct str name, struct own_key **ret, struct err *e)
{
	struct own_key *k;

	pthread_mutex_lock(&is->lock);
	k = find_locked(is, name);
	pthread_mutex_unlock(&is->lock);
	if (!k && !is_issuer_name(name))
		return err_set(e, E_ISSUER_UNKNOWN, "that is no name of an issuer");
	if (!k)
		return err_set(e, E_ISSUER_UNKNOWN, "the signer does not know the issuer \"%.*s\"",
			STRF(name));
	*ret = k;
	return 0;
}

const struct own_key *
issuers_by_spki(struct issuers *is, struct blob spki)
{
	const struct own_key *k = NULL;

	while ((k = issuers_next(is, k)) && !blob_eq(k->spki, spki))
		;
	return k;
}

struct own_key *
issuers_checkpoint(struct issuers *is)
{
	return is->checkpoint;
}

/* -- birth */

static bool
being_born(struct issuers *is, struct str name)
{
	struct nascent *n = is->births;

	while (n && !str_eq(n->name, name))
		n = n->next;
	return n != NULL;
}

static void
birth_over(struct issuers *is, struct nascent *me)
{
	struct nascent **at = &is->births;

	while (*at != me)
		at = &(*at)->next;
	*at = me->next;
	pthread_cond_broadcast(&is->born);
}

static int
write_limits(struct issuers *is, struct own_key *k, const uint8_t id[16], struct err *e)
{
	struct limits_file lf = {.alg = k->alg, .limits = k->limits};
	BUF(text, LIMITS_FILE_MAX);
	char file[FILE_NAME_MAX];

	memcpy(lf.key_id, id, sizeof(lf.key_id));
	digest_sha256(k->spki, lf.spki_sha256);
	limits_write(&lf, &text);
	BUG_ON(text.over);
	if (INJECT("signer.key_stored"))
		return err_set(e, E_IO, "the key's limits were not kept");
	file_name(file, str_c(k->name), LIMITS_SUFFIX);
	/* this makes the issuer exist */
	return file_create_atomic(is->dirfd, file, buf_blob(&text), 0600, e);
}

static int
make_issuer(struct issuers *is, struct str name, enum key_alg alg,
	const struct signer_limits *limits, struct own_key **ret, struct err *e)
{
	struct own_key *k;
	uint8_t id[16];
	char file[FILE_NAME_MAX];
	int r;

	/* an earlier birth may have failed after its last step: what is on disk counts */
	file_name(file, name, LIMITS_SUFFIX);
	if (faccessat(is->dirfd, file, F_OK, 0) == 0) {
		r = file_sync_parent(is->dirfd, file, e);
		return r < 0 ? r : load_issuer(is, name, ret, e);
	}
	r = make_key(is, name, alg, &k, id, e);
	if (r < 0)
		return r;
	k->limits = *limits;
	r = write_limits(is, k, id, e);
	if (r < 0) {
		own_key_free(k);
		return r;
	}
	*ret = k;
	return 0;
}

static int
born_before(struct own_key *k, enum key_alg alg, const struct signer_limits *limits,
	struct own_key **ret, struct err *e)
{
	if (k->alg != alg || !limits_equal(&k->limits, limits))
		return err_set(e, E_CONFLICT,
			"the issuer \"%s\" was born with another algorithm or other limits",
			k->name);
	*ret = k;
	return 0;
}

static int
birth_locked(struct issuers *is, struct str name, enum key_alg alg,
	const struct signer_limits *limits, struct own_key **ret, bool *ret_made, struct err *e)
{
	struct nascent me = {.name = name};
	struct own_key *k;
	int r;

	while (being_born(is, name))
		pthread_cond_wait(&is->born, &is->lock);
	k = find_locked(is, name);
	*ret_made = false;
	if (k)
		return born_before(k, alg, limits, ret, e);
	if (is->n >= SIGNER_ISSUERS_MAX)
		return err_set(e, E_LIMIT_REFUSED, "the signer holds %d issuers and takes no more",
			SIGNER_ISSUERS_MAX);
	me.next = is->births;
	is->births = &me;
	pthread_mutex_unlock(&is->lock);
	r = make_issuer(is, name, alg, limits, &k, e);
	pthread_mutex_lock(&is->lock);
	birth_over(is, &me);
	if (r < 0)
		return r;
	add(is, k);
	*ret_made = true;
	return born_before(k, alg, limits, ret, e);
}

int
issuers_birth(struct issuers *is, struct str name, enum key_alg alg,
	const struct signer_limits *limits, struct own_key **ret, bool *ret_made, struct err *e)
{
	int r = limits_check(limits, e);

	if (r < 0)
		return r;
	if (!is_issuer_name(name))
		return err_set(e, E_FIELD_FORM,
			"an issuer's name has 1 to %d of a-z, 0-9 and \"-\", and is not \"%s\"",
			SIGNER_ISSUER_NAME_MAX, CHECKPOINT);
	if (alg <= KEY_NONE || alg >= KEY_OTHER)
		return err_set(e, E_KEY_ALGORITHM, "issuers have no keys of this kind");
	pthread_mutex_lock(&is->lock);
	r = birth_locked(is, name, alg, limits, ret, ret_made, e);
	pthread_mutex_unlock(&is->lock);
	return r;
}
