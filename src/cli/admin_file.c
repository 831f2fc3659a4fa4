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

/* TLS libraries without SM2 stumble over such a root, and no TLS certificate of the service comes from one. */
static bool
is_for_tls(struct str pem, bool roots_only, struct arena *a)
{
	struct cert_info info;
	struct blob der;
	ERR(e);

	if (pem_decode(pem, "CERTIFICATE", a, &der, &e) < 0 || cert_read(der, a, &info, &e) < 0)
		return false;
	return info.alg != KEY_SM2 && (!roots_only || blob_eq(info.subject, info.issuer));
}

void
roots_for_tls(struct str pem, bool roots_only, struct arena *a, struct buf *out)
{
	static const char end[] = "-----END CERTIFICATE-----";

	while (pem.n) {
		const char *at = memmem(pem.p, pem.n, end, sizeof(end) - 1);
		size_t n = at ? (size_t)(at - pem.p) + sizeof(end) - 1 : pem.n;
		struct str block = {pem.p, n};

		if (at && is_for_tls(block, roots_only, a)) {
			buf_put_str(out, str_trim(block));
			buf_put_c(out, "\n");
		}
		pem.p += n;
		pem.n -= n;
	}
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
		if (r == 0)
			roots_for_tls(str_of(text), true, a, &b);
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
		return err_set(
			e, E_CONFIG, "%s is no admin.json: url, AccessKeyId or AccessKeySecret is missing", path);
	*ret = (struct server){.url = url, .key = arena_printf(a, "%.*s.%.*s", STRF(id), STRF(secret))};
	return bundle_of(
		arena_printf(a, "%.*s/ca", slash ? (int)(slash - path) : 1, slash ? path : ".").p, a, ret_bundle, e);
}
