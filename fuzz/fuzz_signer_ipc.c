/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to the signer: two bytes of operation, then the body. Behind it the readers of what it
 * is asked to sign, held to the rule that no bytes are of two kinds. The signer's directory is a
 * temporary one, made once.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ca/signer_codec.h"
#include "signer/rules.h"
#include "signer/signer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct signer *signer;
static char dir[] = "/tmp/signet-fuzz-XXXXXX";

static void
clean_up(void)
{
	static const char *const files[] = {"kek", "checkpoint.key", "i.key", "i.limits", "log"};
	int fd = open(dir, O_DIRECTORY | O_CLOEXEC);

	signer_close(signer);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		(void)unlinkat(fd, files[i], 0);
	close(fd);
	rmdir(dir);
}

static void
ask(uint16_t op, struct blob body)
{
	struct buf reply = {.max = 1 << 20};
	ARENA(a);
	ERR(e);

	(void)!signer_handle(signer, op, body, &a, &reply, &e);
	buf_done_secret(&reply);
}

static void
set_up(void)
{
	static const struct signer_limits l = {
		.leaves = true, .max_validity_ms = 86400000, .key_usages = 1};
	BUF(q, 1024);
	ERR(e);
	int fd;

	BUG_ON(!mkdtemp(dir));
	fd = open(dir, O_DIRECTORY | O_CLOEXEC);
	BUG_ON(signer_open_dir(fd, &signer, &e) < 0);
	close(fd);
	atexit(clean_up);
	signer_put_str(&q, STR("i"));
	buf_put_u16(&q, KEY_EC_P256);
	signer_put_limits(&q, &l);
	ask(SIGNER_ISSUER_NEW, buf_blob(&q));
}

/* Making keys is slow, and an issuer is a file for ever. */
static bool
is_cheap(uint16_t op, struct blob body)
{
	struct cursor c = cursor_of(body);
	enum key_alg alg;

	if (op == SIGNER_ISSUER_NEW)
		return str_eq_c(signer_get_str(&c, SIGNER_ISSUER_NAME_MAX), "i");
	if (op != SIGNER_KEY_NEW)
		return true;
	(void)cursor_take(&c, 12);
	alg = (enum key_alg)cursor_u16(&c);
	return alg != KEY_RSA_2048 && alg != KEY_RSA_3072 && alg != KEY_RSA_4096;
}

static void
read_kinds(struct blob tbs)
{
	static const struct signer_limits l = {.ca = true,
		.leaves = true,
		.max_validity_ms = INT64_MAX / 2,
		.key_usages = 0x1f,
		.any_name = true};
	struct tbs_cert t;
	ERR(e);
	unsigned kinds = 0;

	if (tbs_cert_read(tbs, &t, &e) == 0) {
		kinds++;
		/* nothing is a leaf and a CA */
		BUG_ON(rules_leaf(&t, &l, &e) == 0 && rules_ca(&t, &l, true, &l, &e) == 0);
	}
	kinds += tbs_crl_check(tbs, key_sig_alg(KEY_EC_P256), &e) == 0;
	kinds += tbs_ocsp_check(tbs, &e) == 0;
	kinds += str_starts(str_of(tbs), STR(SIGNER_CHECKPOINT_PREFIX));
	BUG_ON(kinds > 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(BLOB(data, size));
	uint16_t op = cursor_u16(&c);
	struct blob body = {c.p, cursor_left(&c)};

	if (!signer)
		set_up();
	if (size < 2)
		return 0;
	read_kinds(body);
	if (is_cheap(op, body))
		ask(op, body);
	/* the bytes to sign stand behind the issuer's name */
	(void)cursor_blob(&c, SIGNER_ISSUER_NAME_MAX);
	read_kinds(cursor_blob(&c, SIGNER_TBS_MAX));
	return 0;
}
