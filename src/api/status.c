/* SPDX-License-Identifier: Apache-2.0 */
/* What TLS clients ask, over HTTP and HTTPS: OCSP (RFC 6960, RFC 5019), revocation lists, issuers' certificates. */

#include "api/api_priv.h"
#include "api/ocsp_path.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/rfc3339.h"
#include "ca/ocsp.h"
#include "ca/profile.h"
#include "service/certificate.h"
#include "service/status.h"

/* Issuers' certificates never change; a day is long enough to spare questions and short enough for a mistake. */
#define AIA_MAX_AGE_S 86400

static const char *const prefixes[] = {[STATUS_OCSP] = "/ocsp/", [STATUS_CRL] = "/crl/", [STATUS_AIA] = "/aia/"};

enum status_door
status_door_of(struct str path)
{
	for (int i = STATUS_OCSP; i <= STATUS_AIA; i++) {
		if (str_starts(path, str_c(prefixes[i])))
			return (enum status_door)i;
	}
	return STATUS_NONE;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7). */
static struct str
http_date(struct arena *a, int64_t ms)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t day = ms / MS_DAY;
	struct civil c;

	civil_of_ms(ms, &c);
	return arena_printf(a, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + (day % 7) * 3, c.day,
		months + (c.month - 1) * 3, c.year, c.hour, c.minute, c.second);
}

/* The end of an answer is its signature: with its length and time that tells any two of one address apart. */
static struct str
etag(struct arena *a, struct blob b, int64_t made_ms)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = b.n > 64 ? b.n - 64 : 0; i < b.n; i++)
		h = (h ^ b.p[i]) * UINT64_C(0x100000001b3);
	return arena_printf(a, "\"%llx-%zx-%016llx\"", (unsigned long long)made_ms, b.n, (unsigned long long)h);
}

static bool
tag_listed(struct str list, struct str tag)
{
	while (list.p) {
		struct str one = str_trim(str_cut(&list, ','));

		if (str_starts(one, STR("W/")))
			one.p += 2, one.n -= 2;
		if (str_eq(one, tag) || str_eq_c(one, "*"))
			return true;
	}
	return false;
}

/* nextUpdate bounds how long an answer is valid (RFC 5019 6.2), not how long it may be kept: what a cache keeps hides a
 * revocation for so long. */
static void
cache_headers(struct http_request *rq, struct http_response *rs, int64_t now, int64_t next_update)
{
	int64_t left = MIN(policy_value("status-cache", now), next_update - now) / 1000;

	http_reply_header(rs, "X-Content-Type-Options", STR("nosniff"));
	if (left <= 0) {
		http_reply_header(rs, "Cache-Control", STR("no-store"));
		return;
	}
	http_reply_header(rs, "Cache-Control",
		arena_printf(rq->arena, "max-age=%lld, s-maxage=%lld, public, no-transform, must-revalidate",
			(long long)left, (long long)left));
	http_reply_header(rs, "Expires", http_date(rq->arena, now + left * 1000));
}

static void
reply_blob(struct http_request *rq, struct http_response *rs, struct shared_blob *b, const char *type)
{
	struct blob bytes = shared_blob_bytes(b);
	int64_t made = shared_blob_made_ms(b);
	struct str tag = etag(rq->arena, bytes, made);

	rs->fixed = bytes;
	rs->release = shared_blob_unref;
	rs->release_arg = b;
	rs->content_type = type;
	rs->status = 200;
	cache_headers(rq, rs, clock_wall_ms(), shared_blob_expires_ms(b));
	http_reply_header(rs, "ETag", tag);
	http_reply_header(rs, "Last-Modified", http_date(rq->arena, made));
	if (rq->method != HTTP_POST && tag_listed(http_header(rq, "if-none-match"), tag)) {
		rs->status = 304;
		rs->content_type = NULL;
		rs->fixed = (struct blob){NULL, 0};
	}
}

static void
refuse(struct http_request *rq, struct http_response *rs, int code, const char *what, struct str value)
{
	ERR(e);

	err_set(&e, code, "%s \"%.*s\"", what, (int)MIN(value.n, (size_t)80), value.p ? value.p : "");
	problem_reply(rs, rq->arena, &e, api_request_id(rq->arena));
}

static void
wrong_method(struct http_request *rq, struct http_response *rs, const char *allow)
{
	refuse(rq, rs, E_METHOD_NOT_ALLOWED, "the method is not allowed here; allowed:", str_c(allow));
	http_reply_header(rs, "Allow", str_c(allow));
}

static const struct ca_issuer *
issuer_of(struct api *api, struct str name)
{
	size_t n;
	const struct ca_issuer *const *all = status_issuers(api->conf.svc, &n);

	for (size_t i = 0; i < n; i++) {
		if (str_eq(all[i]->name, name))
			return all[i];
	}
	return NULL;
}

static void
ocsp_refuse(struct http_request *rq, struct http_response *rs, enum ocsp_failure f)
{
	(void)rq;
	rs->status = 200;
	rs->content_type = "application/ocsp-response";
	rs->fixed = ocsp_failure(f);
	problem_safe_headers(rs);
}

/* The request of a POST or of a GET's path; false when the answer is there already. */
static bool
ocsp_question(struct http_request *rq, struct http_response *rs, const struct ca_issuer *is, struct str rest,
	struct blob *ret)
{
	struct str type = http_header(rq, "content-type");

	if (rq->method == HTTP_POST) {
		if (!str_eq_nocase(str_trim(str_cut(&type, ';')), STR("application/ocsp-request"))) {
			refuse(rq, rs, E_MEDIA_TYPE, "send application/ocsp-request instead of",
				http_header(rq, "content-type"));
			return false;
		}
		*ret = rq->body;
		return true;
	}
	if (!ocsp_path_read(rest, is, rq->arena, ret)) {
		ocsp_refuse(rq, rs, OCSP_MALFORMED);
		return false;
	}
	return true;
}

static bool
ocsp(struct api *api, bool slow, struct http_request *rq, struct http_response *rs)
{
	struct str rest = {rq->path.p + 6, rq->path.n - 6}, name = str_cut(&rest, '/');
	const struct ca_issuer *is = issuer_of(api, name);
	struct shared_blob *b;
	struct blob der;

	if (rq->method != HTTP_GET && rq->method != HTTP_HEAD && rq->method != HTTP_POST) {
		wrong_method(rq, rs, "GET, HEAD, POST");
		return true;
	}
	if (!is) {
		refuse(rq, rs, E_NOT_FOUND, "there is no issuer", name);
		return true;
	}
	if (!ocsp_question(rq, rs, is, rest, &der))
		return true;
	b = slow ? status_ocsp_slow(api->conf.svc, name, der) : status_ocsp_fast(api->conf.svc, name, der);
	if (!b && !slow)
		return false;
	if (b)
		reply_blob(rq, rs, b, "application/ocsp-response");
	else
		ocsp_refuse(rq, rs, OCSP_TRY_LATER);
	return true;
}

/* "<issuer>/<shard>.crl" */
static bool
crl_name(struct str rest, struct str *ret_issuer, unsigned *ret_shard)
{
	uint64_t n;

	*ret_issuer = str_cut(&rest, '/');
	if (!rest.p || !str_ends(rest, STR(".crl")))
		return false;
	rest.n -= 4;
	if (!str_u64(rest, 1000000, &n))
		return false;
	*ret_shard = (unsigned)n;
	return true;
}

static bool
crl(struct api *api, bool slow, struct http_request *rq, struct http_response *rs)
{
	struct str rest = {rq->path.p + 5, rq->path.n - 5}, issuer;
	const struct ca_issuer *is;
	struct shared_blob *b;
	unsigned shard;

	if (rq->method != HTTP_GET && rq->method != HTTP_HEAD) {
		wrong_method(rq, rs, "GET, HEAD");
		return true;
	}
	is = crl_name(rest, &issuer, &shard) ? issuer_of(api, issuer) : NULL;
	if (!is || shard >= is->shards) {
		refuse(rq, rs, E_NOT_FOUND, "there is no revocation list", rest);
		return true;
	}
	b = slow ? status_crl_slow(api->conf.svc, issuer, shard) : status_crl_fast(api->conf.svc, issuer, shard);
	if (!b && !slow)
		return false;
	if (b)
		reply_blob(rq, rs, b, "application/pkix-crl");
	else
		refuse(rq, rs, E_BUSY, "the revocation list cannot be made now:", rest);
	return true;
}

static void
aia(struct api *api, struct http_request *rq, struct http_response *rs)
{
	struct str name = {rq->path.p + 5, rq->path.n - 5};
	struct blob der = {NULL, 0};

	if (rq->method != HTTP_GET && rq->method != HTTP_HEAD) {
		wrong_method(rq, rs, "GET, HEAD");
		return;
	}
	if (str_ends(name, STR(".cer"))) {
		name.n -= 4;
		der = status_aia(api->conf.svc, name);
	}
	if (!der.p) {
		refuse(rq, rs, E_NOT_FOUND, "there is no issuer", name);
		return;
	}
	rs->status = 200;
	rs->content_type = "application/pkix-cert";
	rs->fixed = der;
	http_reply_header(rs, "X-Content-Type-Options", STR("nosniff"));
	http_reply_header(rs, "Cache-Control", arena_printf(rq->arena, "max-age=%d, public", AIA_MAX_AGE_S));
	http_reply_header(rs, "ETag", etag(rq->arena, der, 0));
}

bool
status_answer(struct api *api, enum status_door door, bool slow, struct http_request *rq, struct http_response *rs)
{
	switch (door) {
	case STATUS_OCSP:
		return ocsp(api, slow, rq, rs);
	case STATUS_CRL:
		return crl(api, slow, rq, rs);
	case STATUS_AIA:
		aia(api, rq, rs);
		return true;
	case STATUS_NONE:
		break;
	}
	BUG("no status door");
}
