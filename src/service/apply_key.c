/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that the service made for an application, as long as no certificate has come of them. */
#include "service/apply_priv.h"

static int
drop(struct db_tx *tx, int64_t account, struct blob id, struct err *e)
{
	int r = id.n ? q_subscriber_key_delete(tx, account, id, e) : 0;

	return MIN(r, 0);
}

int
application_keys_drop(struct db_tx *tx, const struct row_application *row, struct err *e)
{
	/* that of a stored signing request goes with the request */
	int r = row->key_source == KEY_SOURCE_STORED ? 0 : drop(tx, row->account, row->key_id, e);

	return r < 0 ? r : drop(tx, row->account, row->enc_key_id, e);
}

int
application_keys_keep(struct db_tx *tx, const struct row_application *row, const struct form *f, struct kept_keys *ret,
	struct err *e)
{
	bool csr = f->in->key_source != KEY_SOURCE_GENERATE;
	bool same = row->key_source == (int64_t)f->in->key_source && row->key_alg == (int64_t)f->key_alg &&
		(!csr || blob_eq(row->spki, f->csr.spki));

	if (same) {
		*ret = (struct kept_keys){row->key_id, row->enc_key_id, row->spki};
		return 0;
	}
	*ret = (struct kept_keys){.spki = csr ? f->csr.spki : (struct blob){NULL, 0}};
	return application_keys_drop(tx, row, e);
}
