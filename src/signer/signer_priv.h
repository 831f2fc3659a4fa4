/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/cursor.h"
#include "ca/signer_codec.h"
#include "signer/issuer.h"
#include "signer/ledger.h"
#include "signer/serials.h"
#include "signer/signer.h"

#define RECORD_MAX 384

struct signer {
	int dirfd;
	struct secret *kek;
	struct issuers *issuers;
	struct serials *serials;
	struct ledger *ledger;
};

/* One question at work. */
struct act {
	struct signer *s;
	struct cursor in;
	struct arena *a;
	struct buf *reply; /* stands behind the code */
	struct str record; /* in the arena; {NULL, 0}: nothing to log */
};

/* Nothing of the question is left, and nothing was missing. E_IPC. */
int act_read_all(const struct act *t, struct err *e) CHECKED;

/* sign.c */
int act_sign_cert(struct act *t, struct err *e) CHECKED;
int act_sign_ca(struct act *t, struct err *e) CHECKED;
int act_sign_crl(struct act *t, struct err *e) CHECKED;
int act_sign_ocsp(struct act *t, struct err *e) CHECKED;
int act_sign_checkpoint(struct act *t, struct err *e) CHECKED;

/* keys.c */
/* Whether what this body of SIGNER_KEY_NEW asks for takes seconds. */
bool act_key_is_slow(struct blob body);
int act_key_new(struct act *t, struct err *e) CHECKED;
int act_key_import(struct act *t, struct err *e) CHECKED;
int act_key_sign_csr(struct act *t, struct err *e) CHECKED;
int act_key_export(struct act *t, struct err *e) CHECKED;
int act_sm2_envelope(struct act *t, struct err *e) CHECKED;
int act_seal(struct act *t, struct err *e) CHECKED;
int act_open(struct act *t, struct err *e) CHECKED;
