/* SPDX-License-Identifier: Apache-2.0 */
/* What the first start leaves for its operator: DIR/admin.json, and the roots beside it in DIR/ca. */
#include <dirent.h>
#include <fcntl.h>

#include "cli/cli.h"
#include "crypto/cert.h"
#include "crypto/pem.h"
#include "os/file.h"

#define FILE_MAX (64 * 1024)
#define BUNDLE_MAX (1024 * 1024)

/* TLS libraries without SM2 stumble over an SM2 root, and no TLS certificate of the service comes from it. */
static bool
is_tls_root(struct str pem, struct arena *a)
{
	struct cert_info info;
	struct blob der;
	ERR(e);

	return pem_decode(pem, "CERTIFICATE", a, &der, &e) == 0 && cert_read(der, a, &info, &e) == 0 &&
		blob_eq(info.subject, info.issuer) && info.alg != KEY_SM2;
}

static int
bundle_of(const char *dir, struct arena *a, struct str *ret, struct err *e)
{
	BUF(b, BUNDLE_MAX);
	DIR *d = opendir(dir);
	struct dirent *entry;
	int r = 0;

	*ret = (struct str){NULL, 0};
	if (!d)
		return 0;
	while (r == 0 && (entry = readdir(d))) {
		struct blob text;

		if (!str_ends(str_c(entry->d_name), STR(".pem")))
			continue;
		r = file_read(AT_FDCWD, arena_printf(a, "%s/%s", dir, entry->d_name).p, FILE_MAX, a, &text, e);
		if (r == 0 && is_tls_root(str_of(text), a)) {
			buf_put_blob(&b, text);
			buf_put_c(&b, "\n");
		}
	}
	closedir(d);
	if (r == 0 && b.n)
		*ret = arena_str(a, buf_str(&b));
	return r;
}

int
admin_file_read(const char *path, struct arena *a, struct server *ret, struct str *ret_bundle, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const struct json *v;
	struct str url, id, secret;
	struct blob text;
	int r;

	r = file_read(AT_FDCWD, path, FILE_MAX, a, &text, e);
	if (r == 0)
		r = json_parse(str_of(text), a, &v, e);
	if (r < 0)
		return err_wrap(e, "%s", path);
	url = json_str(json_at(v, "url"));
	id = json_str(json_at(v, "AccessKeyId"));
	secret = json_str(json_at(v, "AccessKeySecret"));
	if (!url.n || !id.n || !secret.n)
		return err_set(e, E_CONFIG, "%s is no admin.json: url, AccessKeyId or AccessKeySecret is missing", path);
	*ret = (struct server){.url = url, .key = arena_printf(a, "%.*s.%.*s", STRF(id), STRF(secret))};
	return bundle_of(arena_printf(a, "%.*s/ca", slash ? (int)(slash - path) : 1, slash ? path : ".").p, a, ret_bundle, e);
}
