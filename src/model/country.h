/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/str.h"

/* An officially assigned code of ISO 3166-1 alpha-2, in capital letters: what a certificate may say (BR 7.1.2.7.4). Not those
 * that are reserved (EU, UK), for one's own use (XK), or withdrawn (AN). */
bool country_ok(struct str s);
