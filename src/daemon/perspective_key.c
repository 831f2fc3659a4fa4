/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "base/secret.h"
#include "daemon/perspective.h"
#include "os/file.h"

int
perspective_key_read(int dirfd, const char *path, uint8_t ret[CONFIG_KEY_LEN], struct err *e)
{
	ARENA(a);
	SECRET(text);
	struct blob key;
	int r = file_read_secret(dirfd, path, 4096, &text, e);

	if (r < 0)
		return r;
	if (!hex_decode(&a, str_trim(str_of(secret_blob(text))), &key) || key.n != CONFIG_KEY_LEN) {
		err_set(e, E_CONFIG, "\"%s\" holds no key: 64 hexadecimal digits", path);
		err_hint(e, "Copy the file " PERSPECTIVE_KEY " that the perspective made in its data directory.");
		return e->code;
	}
	memcpy(ret, key.p, CONFIG_KEY_LEN);
	wipe((void *)key.p, key.n);
	return 0;
}
