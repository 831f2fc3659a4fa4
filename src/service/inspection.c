/* SPDX-License-Identifier: Apache-2.0 */
#include "service/inspection.h"

#include "model/name.h"
#include "service/host.h"
#include "service/svc_priv.h"

#define AT_ONCE 4 /* of the lane's 8 threads */

struct act {
	struct svc *s;
	const struct caller *c;
	struct look_call call;
	int64_t now;
};

static int
begin_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct scan_place *at = &t->call.place;

	t->now = tx->now_ms;
	return audit_add(tx, t->s, t->c, "inspection.run", "inspections", 0,
		detail_kv(tx->arena, "server", host_text(tx->arena, at->host, at->port)), e);
}

/* The name that is asked for may be an address: then none is sent, and the certificate must have it. */
static void
read_name(struct act *t, struct str name, struct arena *a, struct err *e)
{
	struct name_rules rules = {.any_name = true, .allow_dns = true, .allow_ip = true};
	struct name read;
	ERR(why);

	if (!name.p)
		return;
	if (name_read(name, &rules, "name", a, &read, &why) < 0)
		err_note(e, why.code, "name", "%s", why.msg);
	else if (read.kind == NAME_WILDCARD)
		err_note(e, E_FIELD_FORM, "name", "a server is asked for one name, not for a wildcard");
	else
		t->call.name = read.ascii;
}

static int
read_call(struct act *t, const struct inspection_new *in, struct arena *a, struct err *e)
{
	struct scan_target target;
	struct scan_plan plan = {.targets = &target, .n_targets = 1, .ports = {443}, .n_ports = 1, .total = 1};
	struct look_call *call = &t->call;
	ERR(why);

	read_name(t, in->name, a, e);
	if (scan_target_read(in->target, false, "target", a, &target, &why) < 0) {
		err_note(e, why.code, "target", "%s", why.msg);
		return err_faults(e);
	}
	call->place = scan_plan_at(&plan, 0, a);
	call->starttls = in->starttls < 0 ? starttls_by_port(call->place.port) : (enum starttls)in->starttls;
	call->thorough = true;
	call->status = true;
	call->timeout_ms = INSPECTION_MS;
	return err_faults(e);
}

int
inspection_run(struct svc *s, const struct caller *c, const struct inspection_new *in, struct arena *a,
	struct inspection *ret, struct err *e)
{
	struct act t = {.s = s, .c = c};
	int r = read_call(&t, in, a, e);

	if (r < 0)
		return r;
	if (atomic_fetch_add(&s->inspections, 1) >= AT_ONCE)
		r = err_set(e, E_BUSY, "others have servers inspected");
	if (r == 0)
		r = svc_write(s, begin_body, &t, e);
	if (r == 0)
		r = look_at(s, &t.call, a, &ret->look, e);
	atomic_fetch_sub(&s->inspections, 1);
	if (r < 0)
		return r;
	ret->place = t.call.place;
	ret->starttls = t.call.starttls;
	ret->status = ret->look.shown ? host_status_at(ret->look.verdict, ret->look.leaf.not_after_ms, t.now) : HOST_UNSEEN;
	return 0;
}
