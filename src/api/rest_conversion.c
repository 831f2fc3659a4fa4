/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and keys from one form into another. */
#include "service/conversion.h"

#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

int
api_conversion_make(struct call *c, struct err *e)
{
	const struct in_conversion *in = c->in;
	const struct conversion what = {.to = api_words_conversion_format[in->to],
		.certificate = in->certificate,
		.chain = in->chain,
		.key = in->key,
		.passphrase = in->passphrase,
		.new_password = in->new_password,
		.name = in->name};
	struct package pack = {0};
	int r = conversion_make(c->svc, &c->caller, &what, c->arena, &pack, e);

	if (r == 0)
		call_package(c, &pack);
	return r;
}
