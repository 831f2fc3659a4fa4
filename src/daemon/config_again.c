/* SPDX-License-Identifier: Apache-2.0 */
/* What a configuration that is read again may change. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "daemon/config_priv.h"
#include "os/fd.h"

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
same_listeners(const struct addr *a, const struct addr *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (!addr_equal_ip(&a[i], &b[i]) || a[i].port != b[i].port)
			return false;
	}
	return true;
}

static unsigned
count_of(const struct config *c, const struct param *p)
{
	return *(const unsigned *)((const char *)c + p->count);
}

/* For the kinds that parameters without "reload" have. */
static bool
is_same(const struct param *p, const struct config *a, const struct config *b)
{
	const void *va = (const char *)a + p->field, *vb = (const char *)b + p->field;

	if (p->kind == PARAM_LISTEN)
		return count_of(a, p) == count_of(b, p) && same_listeners(va, vb, count_of(a, p));
	if (p->kind == PARAM_FLAG)
		return *(const bool *)va == *(const bool *)vb;
	if (p->kind == PARAM_ROLE)
		return a->role == b->role;
	BUG_ON(p->kind != PARAM_PATH && p->kind != PARAM_URL && p->kind != PARAM_DB);
	return same_text(*(const char *const *)va, *(const char *const *)vb);
}

static void
keep(struct config *n, const struct config *old)
{
	n->data = old->data;
	n->db = old->db;
	memcpy(n->listen_https, old->listen_https, sizeof(n->listen_https));
	memcpy(n->listen_http, old->listen_http, sizeof(n->listen_http));
	n->n_https = old->n_https;
	n->n_http = old->n_http;
	n->status_url = old->status_url;
	n->role = old->role;
	n->insecure_no_sandbox = old->insecure_no_sandbox;
}

unsigned
config_settle(struct config *n, const struct config *old, const struct addr *first_http, struct arena *a,
	const char *ret[CONFIG_PARAMS_MAX])
{
	struct config asked = *n;
	unsigned told = 0;

	config_bound(&asked, first_http, a);
	keep(n, old);
	config_bound(n, first_http, a);
	for (unsigned i = 0; i < param_count && told < CONFIG_PARAMS_MAX; i++) {
		const struct param *p = &param_table[i];

		if (p->reload || is_same(p, &asked, old))
			continue;
		BUG_ON(!is_same(p, n, old));
		ret[told++] = p->name;
	}
	return told;
}

/* -- files */

static const struct {
	const char *param;
	size_t field;
} files[] = {
	[CONFIG_TRUST_ANCHOR] = {"trust-anchor", offsetof(struct config, trust_anchor)},
	[CONFIG_BLOCKED_KEYS] = {"blocked-keys", offsetof(struct config, blocked_keys)},
	[CONFIG_MAIL_CA] = {"mail-ca", offsetof(struct config, mail_ca)},
	[CONFIG_WEBHOOK_CA] = {"webhook-ca", offsetof(struct config, webhook_ca)},
};

const char *
config_file_path(const struct config *c, enum config_file file)
{
	return *(const char *const *)((const char *)c + files[file].field);
}

/* Not blocking: a pipe in a file's place must not hold the supervisor up. */
static int
open_one(const char *path, const char *param, int *ret_fd, struct err *e)
{
	FD(fd);
	struct stat st;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_errno(e, E_CONFIG, errno, "--%s: could not open the file \"%s\"", param, path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return err_field(e, E_CONFIG, param, "--%s: \"%s\" is no file", param, path);
	*ret_fd = fd_take(&fd);
	return 0;
}

int
config_files_open(const struct config *c, int ret_fds[CONFIG_FILES], struct err *e)
{
	int r = 0;

	for (unsigned i = 0; i < CONFIG_FILES; i++)
		ret_fds[i] = -1;
	for (unsigned i = 0; r == 0 && i < CONFIG_FILES; i++) {
		const char *path = config_file_path(c, (enum config_file)i);

		if (path)
			r = open_one(path, files[i].param, &ret_fds[i], e);
	}
	if (r < 0)
		config_files_close(ret_fds);
	return r;
}

void
config_files_close(int fds[CONFIG_FILES])
{
	for (unsigned i = 0; i < CONFIG_FILES; i++)
		fd_close(&fds[i]);
}
