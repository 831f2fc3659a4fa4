/* SPDX-License-Identifier: Apache-2.0 */
/* What a perspective and the core say to each other: the bytes are sealed here, so that what is read behind the seal is
 * reached; then they are taken as they are. */
#include "base/buf.h"
#include "crypto/crypto.h"
#include "crypto/seal.h"
#include "validate/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t key[QUESTION_KEY_LEN] = {1};
static const struct question_bond bond = {{2}};

static struct blob
sealed(enum seal_class class, struct blob plain, struct arena *a)
{
	struct seal_name name = {.class = class};
	BUF(b, ANSWER_MAX * 2);
	struct blob s;
	ERR(e);

	memcpy(name.id, bond.id, sizeof(bond.id));
	BUG_ON(seal_close(BLOB(key, sizeof(key)), &name, plain, a, &s, &e) < 0);
	buf_put(&b, bond.id, sizeof(bond.id));
	buf_put_blob(&b, s);
	return arena_blob(a, buf_blob(&b));
}

static void
take(struct blob question, struct blob answer, struct arena *a)
{
	struct validate_question q;
	struct validate_result result;
	struct question_bond got;
	int code;
	ERR(why);
	ERR(e);

	if (question_open(BLOB(key, sizeof(key)), question, 0, a, &q, &got, &e) == 0)
		BUG_ON(q.base.n == 0 || q.n_identities > 32);
	if (answer_open(BLOB(key, sizeof(key)), &bond, answer, a, &result, &code, &why, &e) == 0)
		BUG_ON(code > 0 || result.n_seen > 64);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	ARENA(a);
	ERR(e);

	if (!ready)
		BUG_ON(crypto_init(&e) < 0);
	ready = true;
	if (size > ANSWER_MAX)
		return 0;
	take(BLOB(data, size), BLOB(data, size), &a);
	take(sealed(SEAL_QUESTION, BLOB(data, size), &a), sealed(SEAL_ANSWER, BLOB(data, size), &a), &a);
	return 0;
}
