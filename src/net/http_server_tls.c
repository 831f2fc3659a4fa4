/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "net/http_server_priv.h"

/* A handshake ends within slow_ms; what was replaced is kept much longer than that. */
#define FORGET_AFTER_MS (10 * MS_MINUTE)

/* TLS 1.2 and 1.3, forward secrecy and authenticated encryption only (RFC 9325 4.2). */
const char tls_priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:"
			      "-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:"
			      "-MAC-ALL:+AEAD:%SERVER_PRECEDENCE";

int
tls_retrieve(gnutls_session_t session, const gnutls_datum_t *ca_names, int n_ca_names,
	const gnutls_pk_algorithm_t *algorithms, int n_algorithms, gnutls_pcert_st **ret_certs,
	unsigned int *ret_n, gnutls_privkey_t *ret_key)
{
	struct conn *c = conn_of(gnutls_session_get_ptr(session));
	struct tls_creds *creds = atomic_load_explicit(&c->listener->server->creds, memory_order_acquire);

	(void)ca_names;
	(void)n_ca_names;
	(void)algorithms;
	(void)n_algorithms;
	if (!creds)
		return -1;
	conn_speaks(c);
	*ret_certs = creds->certs;
	*ret_n = creds->n;
	*ret_key = creds->key;
	return 0;
}

static void
creds_free(struct tls_creds *creds)
{
	for (unsigned i = 0; i < creds->n; i++)
		gnutls_pcert_deinit(&creds->certs[i]);
	if (creds->key)
		gnutls_privkey_deinit(creds->key);
	free(creds);
}

static void
creds_freep(struct tls_creds **creds)
{
	if (*creds)
		creds_free(*creds);
}

void
tls_forget(struct http_server *s, bool all)
{
	int64_t before_ms = clock_mono_ms() - FORGET_AFTER_MS;
	struct tls_creds **at = &s->replaced, *creds;

	while ((creds = *at)) {
		if (!all && creds->replaced_ms > before_ms) {
			at = &creds->next;
			continue;
		}
		*at = creds->next;
		creds_free(creds);
	}
	creds = all ? atomic_exchange(&s->creds, NULL) : NULL;
	if (creds)
		creds_free(creds);
}

static gnutls_datum_t
datum(struct blob b)
{
	return (gnutls_datum_t){(unsigned char *)(uintptr_t)b.p, (unsigned)b.n};
}

static int
read_chain(struct tls_creds *creds, struct str chain, struct err *e)
{
	gnutls_datum_t pem = datum(blob_of(chain));
	unsigned n = ARRAY_LEN(creds->certs);
	int r = gnutls_pcert_list_import_x509_raw(creds->certs, &n, &pem, GNUTLS_X509_FMT_PEM, 0);

	if (r < 0)
		return err_set(e, E_CERT_UNREADABLE, "the chain of the server's own certificate cannot be read: %s",
			gnutls_strerror(r));
	creds->n = n;
	return 0;
}

static int
read_key(struct tls_creds *creds, const struct secret *key, struct err *e)
{
	gnutls_datum_t pem = datum(secret_blob(key));
	int r;

	if (gnutls_privkey_init(&creds->key) < 0)
		BUG("out of memory");
	r = gnutls_privkey_import_x509_raw(creds->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (r < 0)
		return err_set(e, E_KEY_UNREADABLE, "the key of the server's own certificate cannot be read: %s",
			gnutls_strerror(r));
	return 0;
}

static int
check_pair(const struct tls_creds *creds, struct err *e)
{
	uint8_t of_cert[64], of_key[64];
	size_t n_cert = sizeof(of_cert), n_key = sizeof(of_key);
	gnutls_pubkey_t pub;
	bool same = false;

	if (gnutls_pubkey_init(&pub) < 0)
		BUG("out of memory");
	if (gnutls_pubkey_import_privkey(pub, creds->key, 0, 0) == 0 &&
		gnutls_pubkey_get_key_id(pub, GNUTLS_KEYID_USE_SHA256, of_key, &n_key) == 0 &&
		gnutls_pubkey_get_key_id(creds->certs[0].pubkey, GNUTLS_KEYID_USE_SHA256, of_cert, &n_cert) == 0)
		same = n_key == n_cert && memcmp(of_key, of_cert, n_key) == 0;
	gnutls_pubkey_deinit(pub);
	return same ? 0 : err_set(e, E_KEY_MISMATCH, "the server's own certificate is of another key");
}

int
http_server_set_tls(struct http_server *s, struct str chain, const struct secret *key, struct err *e)
{
	CLEANUP(creds_freep) struct tls_creds *creds = calloc(1, sizeof(*creds));
	struct tls_creds *old;
	int r;

	if (!creds)
		BUG("out of memory");
	r = read_chain(creds, chain, e);
	if (r == 0)
		r = read_key(creds, key, e);
	if (r == 0)
		r = check_pair(creds, e);
	if (r < 0)
		return r;
	pthread_mutex_lock(&s->mutex);
	old = atomic_exchange(&s->creds, TAKE(creds));
	if (old) {
		old->replaced_ms = clock_mono_ms();
		old->next = s->replaced;
		s->replaced = old;
	}
	pthread_mutex_unlock(&s->mutex);
	return 0;
}
