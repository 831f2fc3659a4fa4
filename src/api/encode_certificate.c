/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"
#include "crypto/pem.h"
#include "net/addr.h"
#include "text/idna.h"

/* Only after a revocation does the column hold one: 0 is a reason, too. */
static void
put_reason(struct jsonw *w, int64_t state, int64_t reason)
{
	bool told = state == CERTIFICATE_REVOKING || state == CERTIFICATE_REVOKED;

	jsonw_kv_c(w, "reason", told ? reason_name(reason) : NULL);
}

void
put_certificate_line(struct jsonw *w, const struct row_certificate_line *r, enum status status,
	const struct row_share *share, int64_t now_ms)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	put_text(w, "cn", r->cn);
	jsonw_kv_c(w, "status", words_status[status]);
	jsonw_kv_c(w, "source", word_name(words_source, r->source));
	jsonw_kv_c(w, "role", word_name(words_pair_role, r->role));
	put_id_or_null(w, "application", r->application);
	put_id_or_null(w, "subscription", r->subscription);
	jsonw_kv_hex(w, "serial", r->serial);
	jsonw_kv_c(w, "key_alg", key_alg_name((enum key_alg)r->alg));
	jsonw_kv_time(w, "not_before", r->not_before_ms);
	jsonw_kv_time(w, "not_after", r->not_after_ms);
	jsonw_kv_int(w, "days_left", days_left(r->not_after_ms, now_ms));
	jsonw_kv_time(w, "issued", r->issued_ms);
	jsonw_kv_time(w, "revoked", r->revoked_ms);
	put_reason(w, r->state, r->reason);
	jsonw_kv_bool(w, "hosted", r->hosted != 0);
	put_share_ref(w, share, false, now_ms);
	jsonw_object_end(w);
}

static void
put_name(struct jsonw *w, struct str name, struct str unicode)
{
	jsonw_object(w);
	put_text(w, "name", name);
	put_text(w, "unicode", unicode);
	jsonw_object_end(w);
}

/* The names as the certificate itself says them; SAN addresses are 4 or 16 octets (RFC 5280 4.2.1.6). */
static void
put_names(struct jsonw *w, const struct cert_info *info, struct arena *a)
{
	jsonw_key(w, "names");
	jsonw_array(w);
	for (unsigned i = 0; i < info->n_dns; i++)
		put_name(w, info->dns[i], idna_to_unicode(info->dns[i], a));
	for (unsigned i = 0; i < info->n_ip; i++) {
		struct str text = addr_octets_text(a, info->ip[i]);

		put_name(w, text, text);
	}
	jsonw_array_end(w);
}

void
put_chain(struct jsonw *w, const struct certificate_link *links, unsigned n, const struct cert_info *chain, int64_t now_ms)
{
	jsonw_key(w, "chain");
	jsonw_array(w);
	for (unsigned i = 0; i < n; i++) {
		jsonw_object(w);
		put_text_or_null(w, "name", links ? links[i].name : STR(""));
		put_text(w, "subject", chain[i].subject_text);
		jsonw_kv_c(w, "key_alg", key_alg_name(chain[i].alg));
		jsonw_kv_hex(w, "sha256", BLOB(chain[i].sha256, 32));
		jsonw_kv_time(w, "not_after", chain[i].not_after_ms);
		jsonw_kv_int(w, "days_left", days_left(chain[i].not_after_ms, now_ms));
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
put_content(struct jsonw *w, const struct certificate_view *v, const struct cert_info *chain, int64_t now_ms,
	struct arena *a)
{
	const struct row_certificate *r = &v->row;

	jsonw_object(w);
	put_id_or_null(w, "application", r->application);
	put_id_or_null(w, "subscription", r->subscription);
	put_id_or_null(w, "product", r->product);
	jsonw_kv_c(w, "source", word_name(words_source, r->source));
	jsonw_kv_c(w, "role", word_name(words_pair_role, r->role));
	put_id_or_null(w, "pair", v->pair ? v->pair->id : 0);
	put_text(w, "cn", r->cn);
	put_names(w, &v->info, a);
	put_text(w, "subject", v->info.subject_text);
	put_text(w, "issuer", v->info.issuer_text);
	put_text_or_null(w, "issuer_name", v->issuer ? v->issuer->name : STR(""));
	put_text(w, "profile", r->profile);
	jsonw_kv_int(w, "profile_version", r->profile_version);
	jsonw_kv_c(w, "key_alg", key_alg_name((enum key_alg)r->alg));
	jsonw_kv_int(w, "key_bits", v->info.bits);
	jsonw_kv_bool(w, "has_key", v->has_key);
	put_id_or_null(w, "csr", v->csr);
	jsonw_kv_hex(w, "sha256", BLOB(v->info.sha256, 32));
	jsonw_kv_hex(w, "sha1", BLOB(v->info.sha1, 20));
	jsonw_kv_hex(w, "spki_sha256", r->spki_sha256);
	jsonw_kv_time(w, "not_before", r->not_before_ms);
	jsonw_kv_time(w, "not_after", r->not_after_ms);
	jsonw_kv_int(w, "days_left", days_left(r->not_after_ms, now_ms));
	jsonw_kv_bool(w, "hosted", r->hosted != 0);
	jsonw_kv_bool(w, "deployed", r->deployed != 0);
	put_chain(w, v->chain, v->n_chain, chain, now_ms);
	jsonw_object_end(w);
}

/* Where its status is told: part of no closed content, since clients must go on asking. */
static void
put_addresses(struct jsonw *w, const struct certificate_view *v, struct arena *a)
{
	const struct ca_issuer *is = v->issuer;
	struct str none = {NULL, 0};

	jsonw_kv_str(
		w, "ocsp_url", is ? arena_printf(a, "%.*s/ocsp/%.*s", STRF(is->status_url), STRF(is->name)) : none);
	jsonw_kv_str(w, "crl_url",
		is ? arena_printf(a, "%.*s/crl/%.*s/%lld.crl", STRF(is->status_url), STRF(is->name),
			     (long long)v->row.shard)
		   : none);
	jsonw_kv_str(w, "issuer_url",
		is ? arena_printf(a, "%.*s/aia/%.*s.cer", STRF(is->status_url), STRF(is->name)) : none);
}

static void
put_waiting(struct jsonw *w, const struct row_certificate *r, const struct row_revocation *waiting)
{
	if (!waiting) {
		put_reason(w, r->state, r->reason);
		jsonw_key(w, "confirmation");
		jsonw_null(w);
		return;
	}
	jsonw_kv_c(w, "reason", reason_name(waiting->reason));
	jsonw_key(w, "confirmation");
	jsonw_object(w);
	jsonw_kv_time(w, "asked", waiting->created_ms);
	jsonw_kv_time(w, "until", waiting->ends_ms);
	put_text(w, "mailed_to", waiting->recipient);
	jsonw_object_end(w);
}

void
put_certificate(struct jsonw *w, const struct certificate_view *v, const struct cert_info *chain, int64_t now_ms,
	struct arena *a)
{
	const struct row_certificate *r = &v->row;

	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	jsonw_kv_c(w, "status", words_status[v->status]);
	jsonw_kv_c(w, "state", sm_name(&sm_certificate, (int)r->state));
	jsonw_kv_bool(w, "content_closed", v->content_closed);
	jsonw_kv_hex(w, "serial", r->serial);
	jsonw_kv_time(w, "issued", r->issued_ms);
	jsonw_kv_time(w, "revoked", r->revoked_ms);
	put_waiting(w, r, v->waiting);
	put_addresses(w, v, a);
	jsonw_key(w, "content");
	if (v->content_closed)
		jsonw_null(w);
	else
		put_content(w, v, chain, now_ms, a);
	if (v->check) {
		jsonw_key(w, "findings");
		put_findings(w, v->check);
	}
	put_share_ref(w, v->share, v->warn, now_ms);
	jsonw_object_end(w);
}

void
put_issuer(struct jsonw *w, const struct ca_issuer *is, const struct cert_info *info, struct arena *a)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", is->id);
	put_text(w, "name", is->name);
	put_text_or_null(w, "parent", is->parent ? is->parent->name : STR(""));
	jsonw_kv_c(w, "key_alg", key_alg_name(is->alg));
	put_text(w, "subject", info->subject_text);
	jsonw_kv_hex(w, "sha256", BLOB(info->sha256, 32));
	jsonw_kv_time(w, "not_before", is->not_before_ms);
	jsonw_kv_time(w, "not_after", is->not_after_ms);
	jsonw_kv_int(w, "shards", is->shards);
	jsonw_kv_str(w, "ocsp_url", arena_printf(a, "%.*s/ocsp/%.*s", STRF(is->status_url), STRF(is->name)));
	jsonw_kv_str(w, "issuer_url", arena_printf(a, "%.*s/aia/%.*s.cer", STRF(is->status_url), STRF(is->name)));
	jsonw_kv_str(w, "pem", pem_encode(a, "CERTIFICATE", is->cert));
	jsonw_object_end(w);
}
