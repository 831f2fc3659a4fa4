/* SPDX-License-Identifier: Apache-2.0 */
#include "api/ocsp_path.h"

#include "base/b64.h"
#include "ca/ocsp.h"
#include "net/http_server.h"

/* Readings tried before giving up: a question costs microseconds, whoever asks it. */
#define READINGS_MAX 64

struct reading {
	const struct ca_issuer *issuer;
	struct arena *arena;
	char *text; /* with room for the slashes to add and the padding */
	size_t n;
	unsigned tried;
	struct blob best; /* a request that names no issuer of ours */
};

/* The text as it stands is a request: true when it names the issuer, too. */
static bool
try_reading(struct reading *rd)
{
	struct ocsp_request rq;
	struct blob der;
	size_t pad = (4 - rd->n % 4) % 4;

	rd->tried++;
	if (pad == 3)
		return false;
	memset(rd->text + rd->n, '=', pad);
	if (!b64_decode(rd->arena, (struct str){rd->text, rd->n + pad}, &der) || !ocsp_request_read(der, &rq) ||
		rq.n == 0)
		return false;
	rd->best = der;
	return !rd->issuer || ocsp_names_issuer(&rq.certs[0], rd->issuer);
}

/* Doubles `more` of the slashes from `from` on, in every way. */
static bool
with_slashes(struct reading *rd, size_t from, unsigned more)
{
	if (more == 0)
		return try_reading(rd);
	for (size_t i = from; i < rd->n && rd->tried < READINGS_MAX; i++) {
		if (rd->text[i] != '/')
			continue;
		memmove(rd->text + i + 1, rd->text + i, rd->n - i);
		rd->n++;
		if (with_slashes(rd, i + 2, more - 1))
			return true;
		memmove(rd->text + i, rd->text + i + 1, rd->n - i - 1);
		rd->n--;
	}
	return false;
}

static struct str
clean(struct str text, struct arena *a)
{
	char *p;

	while (text.n && text.p[0] == '/')
		text.p++, text.n--;
	p = arena_copy(a, text.p, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (p[i] == ' ')
			p[i] = '+';
	}
	while (text.n && (p[text.n - 1] == '=' || p[text.n - 1] == '\n' || p[text.n - 1] == '\r'))
		text.n--;
	return (struct str){p, text.n};
}

bool
ocsp_path_read(struct str text, const struct ca_issuer *is, struct arena *a, struct blob *ret_der)
{
	struct reading rd = {.issuer = is, .arena = a};
	struct str plain;

	if (!http_decode(a, text, false, &plain) || plain.n > OCSP_REQUEST_MAX * 4 / 3 + 8)
		return false;
	plain = clean(plain, a);
	rd.text = arena_alloc(a, plain.n + 8);
	for (unsigned more = 0; more <= 3 && rd.tried < READINGS_MAX; more++) {
		memcpy(rd.text, plain.p, plain.n);
		rd.n = plain.n;
		if (with_slashes(&rd, 0, more))
			break;
	}
	*ret_der = rd.best;
	return rd.best.p != NULL;
}
