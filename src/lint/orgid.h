/* SPDX-License-Identifier: Apache-2.0 */
/* organizationIdentifier (ETSI EN 319 412-1 5.1.4, EVG 9.2.8, S/MIME BR Appendix A): "NTRUS+CA-12345". */
#pragma once

#include "base/str.h"

struct orgid {
	struct str scheme, country, state, reference; /* state without the plus; {NULL, 0}: none */
};
/* False when it is not three letters, a country, perhaps a state, and where more stands a hyphen before it. */
bool orgid_read(struct str s, struct orgid *ret);
/* The scheme is one of a blank-separated list. */
bool orgid_among(struct str scheme, const char *list);
