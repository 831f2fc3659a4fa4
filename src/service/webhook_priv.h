/* SPDX-License-Identifier: Apache-2.0 */
/* How a message to a webhook looks. */
#pragma once

#include "net/http_client.h"
#include "service/notice.h"
#include "service/webhook.h"

#define WEBHOOK_HEADERS_MAX 4

struct webhook_message {
	enum webhook_type type;
	int64_t account, delivery, now_ms;
	struct str target; /* path and query of the address */
	struct str secret; /* {NULL, 0}: not signed */
	const struct row_notice *notice; /* NULL: a test */
	enum language language;
	const char *service; /* its address, for people */
};
struct webhook_form {
	struct str target;
	struct blob body; /* JSON */
	const char *headers[WEBHOOK_HEADERS_MAX];
};
void webhook_form(const struct webhook_message *m, struct arena *a, struct webhook_form *ret);
/* Whether the receiver has taken it: some say so in the body of a 200. E_WEBHOOK_FAILED. */
int webhook_answer(enum webhook_type type, const struct http_answer *answer, struct arena *a, struct err *e) CHECKED;
