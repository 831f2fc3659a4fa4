/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/peer.h"

#include "base/clock.h"
#include "net/http_client.h"

static int
post(const struct peer *p, struct blob body, int timeout_ms, struct arena *a, struct blob *ret, struct err *e)
{
	struct addr host = p->address;
	struct http_call call = {.purpose = p->purpose, .host = addr_text(a, &host, false), .port = p->address.port,
		.path = STR(QUESTION_PATH), .address = p->address, .allow_special = true /* the operator gave it */,
		.timeout_ms = timeout_ms, .body_max = ANSWER_MAX, .send = body, .send_type = "application/octet-stream"};
	struct http_answer answer;
	int r = http_post(&call, a, &answer, e);

	if (r == E_FILE_CONNECT)
		return err_set(e, E_NET, "%s", arena_printf(a, "%s", e->msg).p);
	if (r < 0)
		return r;
	if (answer.status == 503)
		return err_set(e, E_BUSY, "it is busy");
	if (answer.status == 401)
		return err_set(e, E_UNAUTHENTICATED, "it refuses the question: another key, or another time");
	if (answer.status != 200 || answer.cut)
		return err_set(e, E_NET, "it answered with HTTP status %d", answer.status);
	*ret = answer.body;
	return 0;
}

int
peer_ask(const void *arg, const struct validate_question *q, int timeout_ms, struct arena *a, struct validate_result *ret,
	int *ret_code, struct err *why, struct err *e)
{
	const struct peer *p = arg;
	struct blob key = secret_blob(p->key), question, answer;
	struct question_bond bond;
	int r = question_seal(key, q, clock_wall_ms(), a, &question, &bond, e);

	if (r == 0)
		r = post(p, question, timeout_ms, a, &answer, e);
	return r < 0 ? r : answer_open(key, &bond, answer, a, ret, ret_code, why, e);
}
