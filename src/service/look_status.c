/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "inspect/source.h"
#include "service/look_priv.h"
#include "service/status.h"
#include "service/svc_priv.h"

#define AT_ONCE 4 /* a list may have 16 MB */
#define NAP_MS 20

static const struct ca_issuer *
own_issuer(const struct svc *s, struct blob der)
{
	for (size_t i = 0; i < s->n_issuers; i++) {
		if (blob_eq(s->issuers[i]->cert, der))
			return s->issuers[i];
	}
	return NULL;
}

/* The answer that the issuer's responder here would give. */
static bool
ask_own(struct svc *s, const struct ca_issuer *issuer, const struct blob *chain, struct arena *a, struct foreign_status *ret)
{
	struct source src[2];
	unsigned n = sources_of_chain(chain, 2, a, src, ARRAY_LEN(src));
	struct shared_blob *answer = NULL;

	*ret = (struct foreign_status){0};
	for (unsigned i = 0; i < n && !answer; i++) {
		if (src[i].at == 0 && src[i].kind == SOURCE_OCSP)
			answer = status_ocsp_slow(s, issuer->name, src[i].request);
	}
	if (!answer)
		return false;
	ret->ocsp[ret->n_ocsp++] = (struct check_field){"ocsp", arena_blob(a, shared_blob_bytes(answer))};
	shared_blob_unref(answer);
	return true;
}

/* Waits for a place until that moment. */
static bool
begin(struct svc *s, int64_t deadline_us)
{
	while (atomic_fetch_add(&s->status_asks, 1) >= AT_ONCE) {
		atomic_fetch_sub(&s->status_asks, 1);
		if (atomic_load(&s->stopping) || clock_mono_us() >= deadline_us)
			return false;
		usleep(NAP_MS * 1000);
	}
	return true;
}

bool
look_status(struct svc *s, const struct blob *chain, unsigned n, struct arena *a, struct foreign_status *ret)
{
	const struct ca_issuer *own = n > 1 ? own_issuer(s, chain[1]) : NULL;
	int64_t now = svc_now(s), wait_us = 1000 * policy_value("foreign-wait", now);

	if (own)
		return ask_own(s, own, chain, a, ret);
	if (n < 2 || !policy_value("foreign-status", now) || !begin(s, clock_mono_us() + 2 * wait_us))
		return false;
	foreign_status_ask(s, chain, n, clock_mono_us() + wait_us, a, ret);
	atomic_fetch_sub(&s->status_asks, 1);
	return true;
}
