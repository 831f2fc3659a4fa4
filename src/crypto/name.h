/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"

/* RFC 4514 text of a Name that is strict DER (as cert_read(), csr_read() and x509_name_ok() let through). */
struct str name_text(struct blob name, struct arena *a);
