/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_out.h"

#include <stdio.h>

#include "base/rfc3339.h"
#include "cli/cli.h"
#include "crypto/cert.h"
#include "net/addr.h"

static const char *const told[] = {[PATH_NOT_ASKED] = NULL,
	[PATH_TOLD_UNKNOWN] = "unknown",
	[PATH_TOLD_GOOD] = "good",
	[PATH_TOLD_REVOKED] = "revoked"};

void
cert_put(struct blob der, unsigned number, const char *status, struct arena *a)
{
	char from[RFC3339_MAX], until[RFC3339_MAX];
	struct str subject, issuer;
	struct cert_info info;
	ERR(why);

	if (cert_read(der, a, &info, &why) < 0) {
		printf("%u  unreadable: %s\n", number, why.msg);
		return;
	}
	subject = out_harmless(info.subject_text, a);
	issuer = out_harmless(info.issuer_text, a);
	printf("%u  %.*s\n   issuer  %.*s\n", number, STRF(subject), STRF(issuer));
	printf("   valid   %s to %s\n", rfc3339_put(info.not_before_ms, from),
		rfc3339_put(info.not_after_ms, until));
	printf("   key     %s\n", info.alg == KEY_OTHER ? "other" : key_alg_name(info.alg));
	if (status)
		printf("   status  %s\n", status);
	for (unsigned n = 0; n < info.n_dns; n++)
		printf("   name    %.*s\n", STRF(out_harmless(info.dns[n], a)));
	for (unsigned n = 0; n < info.n_ip; n++) {
		struct str ip = addr_octets_text(a, info.ip[n]);

		printf("   name    %.*s\n", STRF(ip));
	}
}

void
check_put_chain(const struct check *k, struct arena *a)
{
	for (unsigned i = 0; i < k->n_chain; i++)
		cert_put(k->chain[i], i, told[k->told[i]], a);
}

static void
finding_put(const struct check_finding *f, bool chinese, struct arena *a)
{
	const char *cure = check_cure(f->code, chinese);

	printf("%s: %s (%s)\n", check_severity_word(f->severity), check_text(f->code, chinese), check_word(f->code));
	if (f->at >= 0)
		printf("  certificate: %d\n", f->at);
	if (f->file)
		printf(f->line ? "  place: %s, line %u\n" : "  place: %s\n", f->file, f->line);
	if (f->text[0])
		printf("  found: %.*s\n", STRF(out_harmless(str_c(f->text), a)));
	if (cure)
		printf("  do: %s\n", cure);
}

void
check_put_findings(const struct check *k, bool chinese, struct arena *a)
{
	for (unsigned i = 0; i < k->n; i++)
		finding_put(&k->v[i], chinese, a);
	printf("%u error%s, %u warning%s\n", k->n_errors, k->n_errors == 1 ? "" : "s", k->n_warnings,
		k->n_warnings == 1 ? "" : "s");
}

void
cert_json(struct blob der, const char *status, struct arena *a, struct jsonw *w)
{
	struct cert_info info;
	ERR(ignored);

	if (cert_read(der, a, &info, &ignored) < 0)
		return;
	jsonw_object(w);
	jsonw_kv_str(w, "subject", info.subject_text);
	jsonw_kv_str(w, "issuer", info.issuer_text);
	jsonw_kv_time(w, "not_before", info.not_before_ms);
	jsonw_kv_time(w, "not_after", info.not_after_ms);
	jsonw_kv_hex(w, "sha256", BLOB(info.sha256, sizeof(info.sha256)));
	jsonw_kv_c(w, "status", status);
	jsonw_object_end(w);
}

void
check_json_chain(const struct check *k, struct arena *a, struct jsonw *w)
{
	jsonw_key(w, "chain");
	jsonw_array(w);
	for (unsigned i = 0; i < k->n_chain; i++)
		cert_json(k->chain[i], told[k->told[i]], a, w);
	jsonw_array_end(w);
}

static void
finding_json(const struct check_finding *f, bool chinese, struct jsonw *w)
{
	jsonw_object(w);
	jsonw_kv_c(w, "code", check_word(f->code));
	jsonw_kv_c(w, "severity", check_severity_word(f->severity));
	jsonw_kv_c(w, "message", check_text(f->code, chinese));
	jsonw_kv_c(w, "cure", check_cure(f->code, chinese));
	jsonw_kv_c(w, "found", f->text);
	jsonw_kv_c(w, "file", f->file ? f->file : "");
	jsonw_kv_int(w, "line", f->line);
	jsonw_kv_int(w, "certificate", f->at);
	jsonw_object_end(w);
}

void
check_json_findings(const struct check *k, bool chinese, struct jsonw *w)
{
	jsonw_key(w, "findings");
	jsonw_array(w);
	for (unsigned i = 0; i < k->n; i++)
		finding_json(&k->v[i], chinese, w);
	jsonw_array_end(w);
}
