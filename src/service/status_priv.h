/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdatomic.h>

#include "base/map.h"
#include "ca/crl.h"
#include "service/status.h"
#include "service/svc_priv.h"

#define CRL_SLOTS_MAX 1024

struct shared_blob {
	atomic_uint refs;
	int64_t made_ms, refresh_ms, expires_ms; /* from refresh_ms on it is made anew */
	size_t n;
	uint8_t bytes[];
};

struct shared_blob *shared_blob_new(const void *p, size_t n, int64_t made_ms, int64_t refresh_ms, int64_t expires_ms);
struct shared_blob *shared_blob_ref(struct shared_blob *b);
bool shared_blob_fresh(const struct shared_blob *b, int64_t now_ms);

struct crl_slot {
	const struct ca_issuer *issuer;
	unsigned shard;
	struct shared_blob *crl;
	bool dirty;
};

struct status_cache {
	pthread_mutex_t lock; /* of everything here but `build` */
	pthread_mutex_t build; /* one CRL is built at a time; taken before `lock` */
	pthread_cond_t wake;
	pthread_t builder;
	bool running, stop;
	struct crl_slot slots[CRL_SLOTS_MAX];
	size_t n_slots;
	/* OCSP answers in two generations: when the young one is full it becomes the old one, and that one goes. */
	struct map young, old;
	size_t young_bytes;
	uint64_t revocations; /* an answer read before a revocation is not kept after it */
};

void status_load_issuers(struct svc *s);
void ocsp_cache_drop(struct status_cache *c, int64_t issuer, struct blob serial);
void ocsp_cache_clear(struct status_cache *c);
