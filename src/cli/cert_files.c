/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cert_files.h"

#include <unistd.h>

#include "cli/file_arg.h"
#include "crypto/pem.h"

#define SYSTEM_ROOTS "/etc/ssl/certs/ca-certificates.crt"

/* Room for one more; the lists only grow. */
static void *
grown(struct arena *a, void *v, size_t n, size_t *size, size_t one)
{
	void *more;

	if (n < *size)
		return v;
	*size = *size * 2 + 8;
	more = arena_array(a, *size, one);
	if (n)
		memcpy(more, v, n * one);
	return more;
}

static void
leave_out(struct left_out *l, const char *path, const struct err *why, struct arena *a)
{
	l->v = grown(a, l->v, l->n, &l->size, sizeof(*l->v));
	l->v[l->n++] = arena_printf(a, "%s: %s", path, why->msg);
}

/* One DER of the kind wanted: into the list, or among what is left out. */
typedef void take_fn(struct blob der, const char *path, struct arena *a, void *list,
	struct left_out *left_out);

static void
cert_take(struct blob der, const char *path, struct arena *a, void *list, struct left_out *left_out)
{
	struct cert_list *l = list;
	ERR(why);

	l->v = grown(a, l->v, l->n, &l->size, sizeof(*l->v));
	if (path_cert_new(a, der, &l->v[l->n], &why) < 0)
		leave_out(left_out, path, &why, a);
	else
		l->n++;
}

static void
crl_take(struct blob der, const char *path, struct arena *a, void *list, struct left_out *left_out)
{
	struct crl_list *l = list;
	ERR(why);

	l->v = grown(a, l->v, l->n, &l->size, sizeof(*l->v));
	if (x509_crl_read(der, &l->v[l->n], &why) < 0)
		leave_out(left_out, path, &why, a);
	else
		l->n++;
}

static void
ocsp_take(struct blob der, const char *path, struct arena *a, void *list, struct left_out *left_out)
{
	struct ocsp_list *l = list;
	ERR(why);

	l->v = grown(a, l->v, l->n, &l->size, sizeof(*l->v));
	if (x509_ocsp_read(der, &l->v[l->n], &why) < 0)
		leave_out(left_out, path, &why, a);
	else
		l->n++;
}

static int
read_all(const char *path, enum pem_kind wanted, take_fn *take, void *list, struct arena *a,
	struct left_out *left_out, struct err *e)
{
	struct pem_reader reader;
	struct pem_block b;
	struct blob bytes;
	ERR(why);
	int r = file_arg_read(path, X509_CRL_MAX, a, &bytes, e);

	if (r < 0)
		return r;
	/* DER begins with a SEQUENCE; no PEM text begins with a "0" and something that is no character */
	if (bytes.n > 1 && bytes.p[0] == 0x30 && bytes.p[1] >= 0x80) {
		take(bytes, path, a, list, left_out);
		return 0;
	}
	if (pem_open(bytes, a, &reader, &why) < 0)
		return err_set(e, E_USAGE, "%s cannot be read: %s", path, why.msg);
	while ((r = pem_next(&reader, a, &b, &why)) != E_NOT_FOUND) {
		if (r < 0)
			leave_out(left_out, path, &why, a);
		else if (pem_kind(b.label) == wanted)
			take(b.body, path, a, list, left_out);
	}
	return 0;
}

int
cert_file_read(const char *path, struct arena *a, struct cert_list *ret, struct left_out *left_out, struct err *e)
{
	return read_all(path, PEM_CERT, cert_take, ret, a, left_out, e);
}

int
cert_roots_read(const char *given, struct arena *a, struct cert_list *ret, struct err *e)
{
	struct left_out left_out = {0};

	if (!given && access(SYSTEM_ROOTS, R_OK) != 0)
		return 0;
	return cert_file_read(given ? given : SYSTEM_ROOTS, a, ret, &left_out, e);
}

int
crl_file_read(const char *path, struct arena *a, struct crl_list *ret, struct left_out *left_out, struct err *e)
{
	return read_all(path, PEM_CRL, crl_take, ret, a, left_out, e);
}

int
ocsp_file_read(const char *path, struct arena *a, struct ocsp_list *ret, struct left_out *left_out, struct err *e)
{
	return read_all(path, PEM_OCSP_RESPONSE, ocsp_take, ret, a, left_out, e);
}
