/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/quote.h"
#include "net/probe_priv.h"

struct tls {
	gnutls_session_t session;
	gnutls_certificate_credentials_t cert;
	gnutls_anon_client_credentials_t anon;
};

static void
tls_done(struct tls *t)
{
	if (t->session)
		gnutls_deinit(t->session);
	if (t->cert)
		gnutls_certificate_free_credentials(t->cert);
	if (t->anon)
		gnutls_anon_free_client_credentials(t->anon);
}

static ssize_t
pull(gnutls_transport_ptr_t arg, void *p, size_t n)
{
	ptrdiff_t got = wire_read(arg, p, n);

	if (got < 0)
		errno = ECONNRESET;
	return got;
}

static ssize_t
push(gnutls_transport_ptr_t arg, const void *p, size_t n)
{
	if (wire_write(arg, BLOB(p, n)) == 0)
		return (ssize_t)n;
	errno = ECONNRESET;
	return -1;
}

static void
set_alpn(struct tls *t)
{
	static unsigned char h2[] = "h2", http[] = "http/1.1";
	static const gnutls_datum_t protocols[] = {{h2, sizeof(h2) - 1}, {http, sizeof(http) - 1}};

	if (gnutls_alpn_set_protocols(t->session, protocols, ARRAY_LEN(protocols), 0) < 0)
		BUG("out of memory");
}

/* false: the library does not know what is asked for. */
static bool
tls_begin(struct tls *t, struct wire *w, const struct hello *hello)
{
	if (gnutls_init(&t->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS) < 0 ||
		gnutls_certificate_allocate_credentials(&t->cert) < 0 ||
		gnutls_anon_allocate_client_credentials(&t->anon) < 0)
		BUG("out of memory");
	if (gnutls_priority_set_direct(t->session, hello->priorities, NULL) < 0)
		return false;
	gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->cert);
	if (hello->anonymous)
		gnutls_credentials_set(t->session, GNUTLS_CRD_ANON, t->anon);
	gnutls_dh_set_prime_bits(t->session, 512); /* seen, not trusted */
	gnutls_handshake_set_max_packet_length(t->session, PROBE_CHAIN_BYTES_MAX);
	if (hello->name.n && gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, hello->name.p, hello->name.n) < 0)
		return false;
	if (hello->alpn)
		set_alpn(t);
	gnutls_transport_set_ptr(t->session, w);
	gnutls_transport_set_pull_function(t->session, pull);
	gnutls_transport_set_push_function(t->session, push);
	return true;
}

/* -- what was seen */

static void
see_group(gnutls_session_t s, struct probe *ret)
{
	gnutls_group_t group = gnutls_group_get(s);
	const char *name = group ? gnutls_group_get_name(group) : NULL;
	int bits = gnutls_dh_get_prime_bits(s);

	ret->dh_bits = MAX(bits, 0);
	if (name)
		snprintf(ret->group, sizeof(ret->group), "%s", name);
	else if (bits > 0)
		snprintf(ret->group, sizeof(ret->group), "DH %d bits", bits);
}

static void
see_chain(gnutls_session_t s, struct arena *a, struct probe *ret)
{
	unsigned n = 0;
	const gnutls_datum_t *certs = gnutls_certificate_get_peers(s, &n);
	size_t bytes = 0;

	/* of this handshake alone: several may go into one struct */
	ret->n_chain = 0;
	ret->chain_cut = false;
	for (unsigned i = 0; certs && i < n && !ret->chain_cut; i++) {
		bytes += certs[i].size;
		ret->chain_cut = i == PROBE_CHAIN_MAX || bytes > PROBE_CHAIN_BYTES_MAX;
		if (!ret->chain_cut)
			ret->chain[ret->n_chain++] = arena_blob(a, BLOB(certs[i].data, certs[i].size));
	}
}

static void
see(gnutls_session_t s, struct arena *a, struct probe *ret)
{
	static const enum probe_version versions[] = {[GNUTLS_TLS1_0] = PROBE_TLS10,
		[GNUTLS_TLS1_1] = PROBE_TLS11,
		[GNUTLS_TLS1_2] = PROBE_TLS12,
		[GNUTLS_TLS1_3] = PROBE_TLS13};
	gnutls_protocol_t version = gnutls_protocol_get_version(s);
	const char *suite = gnutls_ciphersuite_get(s);
	gnutls_datum_t got;

	BUG_ON(version >= ARRAY_LEN(versions));
	ret->version = versions[version];
	ret->versions[ret->version] = PROBE_TAKEN;
	snprintf(ret->suite, sizeof(ret->suite), "%s", suite ? suite : "");
	see_group(s, ret);
	if (gnutls_alpn_get_selected_protocol(s, &got) == 0)
		ret->alpn = arena_str(a, (struct str){(const char *)got.data, got.size});
	see_chain(s, a, ret);
	if (gnutls_ocsp_status_request_get(s, &got) == 0 && got.size <= PROBE_STAPLE_MAX)
		ret->staple = arena_blob(a, BLOB(got.data, got.size));
	ret->asks_client = gnutls_certificate_client_get_request_status(s) != 0;
}

static void
alerted(gnutls_session_t s, struct probe_end *end)
{
	gnutls_alert_description_t alert = gnutls_alert_get(s);
	const char *name = gnutls_alert_get_name(alert);

	end->alert = (int)alert;
	probe_ends(end, PROBE_ALERT, "the server broke the handshake off: alert %d, \"%s\"", (int)alert,
		name ? name : "unknown");
}

static bool
looks_like_tls(const struct wire *w)
{
	return w->n_first == 0 || w->first[0] == 0x16 || w->first[0] == 0x15;
}

static void
failed(gnutls_session_t s, int r, struct wire *w, struct arena *a, struct probe_end *end)
{
	struct str said;

	if (!looks_like_tls(w)) {
		wire_first_fill(w);
		said = quote_text((struct str){(const char *)w->first, w->n_first}, WIRE_FIRST_MAX, a);
		probe_ends(end, PROBE_NO_TLS, "the server does not speak TLS; it says \"%.*s\"", STRF(said));
	} else if (w->late || w->cut)
		probe_broke(end, w);
	else if (r == GNUTLS_E_FATAL_ALERT_RECEIVED)
		alerted(s, end);
	else if (w->closed)
		probe_broke(end, w);
	else if (r == GNUTLS_E_KEY_USAGE_VIOLATION)
		probe_ends(end, PROBE_BROKEN,
			"the server has chosen RSA key exchange, which the keyUsage of its certificate does not allow "
			"(keyEncipherment is missing)");
	else
		probe_ends(end, PROBE_BROKEN, "the handshake failed: %s", gnutls_strerror(r));
}

/* Up to TLS 1.2 a server that wants a certificate of the client ends the handshake for want of it: all that there is to be
 * seen was seen by then, and the client's own messages were the last. */
static bool
wants_client(gnutls_session_t s, int r, const struct wire *w)
{
	unsigned n = 0;

	return gnutls_certificate_client_get_request_status(s) != 0 && gnutls_certificate_get_peers(s, &n) && n > 0 &&
	       !w->late && !w->cut && (r == GNUTLS_E_FATAL_ALERT_RECEIVED || w->closed);
}

enum probe_tried
probe_handshake(struct wire *w, const struct hello *hello, struct arena *a, struct probe *ret, struct probe_end *end)
{
	CLEANUP(tls_done) struct tls t = {0};
	int64_t began_us = clock_mono_us();
	int r;

	end->step = MAX(end->step, PROBE_AT_HANDSHAKE);
	if (!tls_begin(&t, w, hello))
		return PROBE_NOT_TRIED;
	do {
		r = gnutls_handshake(t.session);
	} while (r < 0 && !gnutls_error_is_fatal(r));
	if (r < 0 && !wants_client(t.session, r, w)) {
		failed(t.session, r, w, a, end);
		if (r == GNUTLS_E_KEY_USAGE_VIOLATION)
			see_chain(t.session, a, ret);
		return w->late || (w->n_first == 0 && !w->closed) ? PROBE_NOT_TRIED : PROBE_NOT_TAKEN;
	}
	ret->handshake_us = clock_mono_us() - began_us;
	see(t.session, a, ret);
	if (r >= 0)
		gnutls_bye(t.session, GNUTLS_SHUT_WR);
	end->outcome = PROBE_SEEN;
	return PROBE_TAKEN;
}
