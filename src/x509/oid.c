/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/oid.h"

#include "base/der.h"

bool
x509_oid_get(struct cursor *c, struct blob *ret)
{
	bool begins = true, ok = der_get(c, DER_OID, ret) && ret->n;

	for (size_t i = 0; ok && i < ret->n; i++) {
		ok = !begins || ret->p[i] != 0x80;
		begins = ret->p[i] < 0x80;
	}
	c->bad |= !ok || !begins;
	return !c->bad;
}
