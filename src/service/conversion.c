/* SPDX-License-Identifier: Apache-2.0 */
#include "service/conversion.h"

#include "inspect/convert.h"
#include "service/slow.h"
#include "service/svc_priv.h"

#define ZIP_MAX (8 * 1024 * 1024)

struct making {
	struct svc *s;
	const struct caller *c;
	const struct conversion *in;
	struct converted made;
};

/* Each field apart, so that a fault names its own. */
static int
read_all(const struct conversion *in, struct arena *a, struct bundle *ret, struct err *e)
{
	const struct {
		const char *field;
		struct str text;
	} fields[] = {{"certificate", in->certificate}, {"chain", in->chain}, {"key", in->key}};
	struct intake items;

	intake_init(&items, a);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (fields[i].text.n)
			intake_add(&items, fields[i].field, blob_of(fields[i].text), in->passphrase, e);
	}
	convert_find(in->to, &items, a, ret, e);
	return err_faults(e);
}

static int
make(struct making *m, struct arena *a, struct convert_in *ret, struct err *e)
{
	struct bundle b;
	int r = read_all(m->in, a, &b, e);

	if (r == 0)
		r = convert_of(&b, m->in->name, a, ret, e);
	if (r < 0)
		return r;
	ret->password = m->in->new_password;
	ret->now_ms = svc_now(m->s);
	return convert(m->in->to, ret, a, &m->made, e);
}

static int
record_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct making *m = arg;

	return audit_add(tx, m->s, m->c, "files.convert", "accounts", m->c->account,
		detail_kv(tx->arena, "to", str_c(m->in->to)), e);
}

int
conversion_make(struct svc *s, const struct caller *c, const struct conversion *in, struct arena *a,
	struct package *ret, struct err *e)
{
	struct making m = {.s = s, .c = c, .in = in};
	struct convert_in what;
	int r = slow_begin(s, true, e);

	if (r < 0)
		return r;
	r = make(&m, a, &what, e);
	slow_end(s, true);
	if (r == 0)
		r = svc_write(s, record_body, &m, e); /* before a key leaves */
	if (r < 0)
		return r;
	*ret = (struct package){.file_name = arena_printf(a, "%s_%s.zip", what.base, in->to)};
	buf_init(&ret->zip, ZIP_MAX);
	r = zip_build(m.made.v, m.made.n, what.now_ms, &ret->zip, e);
	if (r < 0)
		buf_done_secret(&ret->zip);
	for (unsigned i = 0; i < m.made.n; i++)
		ret->has_key |= m.made.v[i].secret;
	return r;
}
