/* SPDX-License-Identifier: Apache-2.0 */
/* The work behind automatic certificates. */
#pragma once

#include "service/domain_auto.h"
#include "service/svc_priv.h"

/* One look (job): applies when nothing is missing. What refuses is kept with the row; only passing trouble is an error. */
int domain_auto_run(struct svc *s, int64_t account, int64_t domain, struct err *e) CHECKED;
/* Something of the account was changed: its domains that wait are looked at. */
int domain_auto_kick(struct db_tx *tx, const struct svc *s, int64_t account, struct err *e) CHECKED;
/* Queues those that wait and were not looked at for a while: contacts and quota may be there by now. */
int domain_auto_sweep(struct svc *s, struct err *e) CHECKED;
/* The application belongs to the domain's switch, in the transaction that makes it. E_CONFLICT: there is one already. */
int domain_auto_link(struct db_tx *tx, int64_t account, int64_t domain, int64_t application, struct err *e) CHECKED;
