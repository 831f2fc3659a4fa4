/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "x509/crl.h"

/* The list is one for the certificate by its distribution point p; NULL: by the point that every certificate has, its
 * issuer's name (RFC 5280 6.3.3, last paragraph). */
bool crl_in_scope(const struct x509_cert *x, const struct x509_point *p, const struct x509_crl *l);
/* The certificate's entry; of several the last. */
bool crl_find(const struct x509_crl *l, const struct x509_cert *x, struct x509_crl_entry *ret);
