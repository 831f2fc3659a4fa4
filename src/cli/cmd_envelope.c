/* SPDX-License-Identifier: Apache-2.0 */
/* The encryption key of an SM2 pair that comes in an envelope to the holder of the signing key. Needs no service. */
#include <fcntl.h>
#include <stdio.h>

#include "base/secret.h"
#include "cli/cli.h"
#include "crypto/pem.h"
#include "crypto/sm2.h"
#include "os/file.h"

#define FILE_MAX (64 * 1024)

static int
read_pem(struct cli *c, const char *path, const char *label, struct blob text, struct blob *ret, struct err *e)
{
	if (pem_decode(str_of(text), label, c->arena, ret, e) < 0)
		return err_set(e, E_USAGE, "%s holds no block \"BEGIN %s\"", path, label);
	return 0;
}

/* The applicant's signing key. */
static int
read_key(struct cli *c, struct key **ret, struct err *e)
{
	const char *path = opt_value(c, "key");
	struct blob der;
	SECRET(text);
	int r;

	if (!path)
		return err_set(e, E_USAGE, "--key FILE, the private key of the signing request, is missing");
	r = file_read_secret(AT_FDCWD, path, FILE_MAX, &text, e);
	if (r < 0)
		return r;
	if (read_pem(c, path, "PRIVATE KEY", secret_blob(text), &der, e) < 0) {
		err_hint(e, "The key is read from PKCS#8 in PEM: openssl pkcs8 -topk8 -nocrypt -in %s -out pkcs8.key",
			path);
		return e->code;
	}
	r = key_from_pkcs8(der, ret, e);
	wipe((void *)der.p, der.n);
	return r;
}

static int
write_key(struct cli *c, const struct key *enc, struct err *e)
{
	const char *out = opt_value(c, "out");
	struct buf b = {.max = FILE_MAX};
	SECRET(pkcs8);
	int r = key_to_pkcs8(enc, &pkcs8, e);

	if (r == 0)
		pem_put(&b, "PRIVATE KEY", secret_blob(pkcs8));
	if (r == 0 && out)
		r = file_write_atomic(AT_FDCWD, out, buf_blob(&b), 0600, e);
	else if (r == 0)
		fwrite(b.p, 1, b.n, stdout);
	if (r == 0 && out && !c->json)
		printf("%s  (private key: mode 0600)\n", out);
	buf_done_secret(&b);
	return r;
}

static int
open_envelope(struct cli *c, struct err *e)
{
	struct blob text, der;
	KEY(sign);
	KEY(enc);
	int r = file_read(AT_FDCWD, c->args[0], FILE_MAX, c->arena, &text, e);

	if (r == 0)
		r = read_pem(c, c->args[0], "SM2 ENVELOPED KEY", text, &der, e);
	if (r == 0)
		r = read_key(c, &sign, e);
	if (r == 0)
		r = sm2_envelope_open(der, sign, &enc, e);
	return r < 0 ? r : write_key(c, enc, e);
}

const struct cmd cmds_envelope[] = {
	{"envelope", "open", "FILE", 1, 1, "open the encryption key of an SM2 pair with the signing key",
		"With a signing request of your own, the tlcp package holds the encryption key in an envelope\n"
		"(SM2EnvelopedKey, GM/T 0009) that the private key of that request opens. Nothing is sent anywhere.",
		"  signet envelope open sm2.example.com_9_encrypt.envelope.pem --key sign.key --out encrypt.key",
		{{"key", "FILE", "private key of the signing request, PKCS#8 in PEM"},
			{"out", "FILE", "where the encryption key goes, readable by you alone (standard output)"}},
		open_envelope, NULL, NULL},
	{0},
};
