/* SPDX-License-Identifier: Apache-2.0 */
/* OV: the contact's link, and the reviewer's decision. */
#include "play.h"

#include "base/b64.h"
#include "crypto/digest.h"
#include "service/link.h"
#include "service/review.h"
#include "service/svc_priv.h"

/* An application of OV, rather one that waits; -1: there is none. */
static int
pick(struct play *p, enum m_app_state state)
{
	int app = -1;

	for (int i = 0; i < 60 && p->m.n_apps; i++) {
		int k = (int)play_below(p, p->m.n_apps);

		if (!p->m.apps[k].ov || p->m.apps[k].state == MA_DELETED)
			continue;
		app = k;
		if (p->m.apps[k].state == state)
			break;
	}
	p->touched = app;
	return app;
}

/* The mail's writer puts a token into the link that still waits. */
struct mailed {
	enum link_purpose purpose;
	int64_t account, object;
	uint8_t hash[32];
	bool any;
};

static int
mail_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct mailed *t = arg;
	struct row_link *rows;
	size_t n;
	int r = q_link_list(tx, t->account, t->purpose, t->object, tx->arena, &rows, &n, e);

	t->any = false;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].state != LINK_PENDING)
			continue;
		r = q_link_set_token(tx, t->account, rows[i].id, BLOB(t->hash, 32), tx->now_ms, e);
		t->any = t->any || r > 0;
	}
	return MIN(r, 0);
}

int
play_use_link(struct play *p, int account, enum link_purpose purpose, int64_t object, struct err *e)
{
	struct mailed t = {.purpose = purpose, .account = p->callers[account].account, .object = object};
	struct link_view v;
	uint8_t random[32];
	struct str token;

	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (uint8_t)play_below(p, 256);
	token = b64url_encode(&p->arena, BLOB(random, 32));
	digest_sha256(blob_of(token), t.hash);
	world_need(db_write(p->w.db, mail_body, &t, e), e, "mail");
	return t.any ? link_use(p->w.svc, STR("192.0.2.1"), token, LANGUAGE_EN, &p->arena, &v, e) : E_LINK_DEAD;
}

static void
confirm(struct play *p)
{
	int app = pick(p, play_chance(p, 50) ? MA_REVIEWING : MA_VALIDATING), r;
	ERR(e);

	if (app < 0)
		return;
	play_tell(p, "the contact of application %lld confirms", (long long)p->m.apps[app].id);
	r = play_use_link(p, p->m.apps[app].account, LINK_APPLICATION, p->m.apps[app].id, &e);
	p->refused_act = r < 0;
	if (m_confirm(&p->m, app) != (r == 0))
		play_fail(p, "the service says %s %s; the model otherwise", r < 0 ? err_info(r)->name : "ok", e.msg);
}

/* The review that waits for the application; 0: none. */
static int64_t
review_of(struct play *p, int64_t application)
{
	struct page page = {0, M_ROWS};
	struct review_queue q;
	ERR(e);

	world_need(review_list(p->w.svc, &p->w.staff, REVIEW_WAITING, &page, &p->arena, &q, &e), &e, "queue");
	for (size_t i = 0; i < q.n; i++) {
		if (q.rows[i].application == application)
			return q.rows[i].id;
	}
	return 0;
}

static void
decide(struct play *p, bool yes)
{
	int app = pick(p, MA_REVIEWING);
	struct m_app *a = app < 0 ? NULL : &p->m.apps[app];
	int64_t from = play_now(p), id = a ? review_of(p, a->id) : 0;
	struct application_view v;
	ERR(e);

	if (!a)
		return;
	play_tell(p, "a reviewer %s application %lld", yes ? "approves" : "rejects", (long long)a->id);
	if (!id != (a->state != MA_REVIEWING))
		play_fail(p, "review %lld waits", (long long)id);
	if (!id)
		return;
	if (!yes) {
		(void)play_result(p, m_reject(&p->m, app),
			review_reject(p->w.svc, &p->w.staff, id, REJECT_OTHER, STR("play"), &e), &e);
		return;
	}
	if (!play_result(p, m_approve(&p->m, app, from), review_approve(p->w.svc, &p->w.staff, id, STR(""), &e), &e))
		return;
	if (a->state == MA_ISSUING) {
		/* what the job does; its failure is the application's */
		(void)!issue_application(p->w.svc, p->callers[a->account].account, a->id, &e);
	}
	world_need(apply_show(p->w.svc, &p->callers[a->account], a->id, &p->arena, &v, &e), &e, "application");
	if (a->state == MA_ISSUING)
		play_after_proofs(p, app, &v, from);
	play_adopt_times(p, app, &v, from);
}

static void
approve(struct play *p)
{
	decide(p, true);
}

static void
reject(struct play *p)
{
	decide(p, false);
}

struct act acts_review[] = {
	{"confirm", 8, confirm, 0, 0},
	{"approve", 8, approve, 0, 0},
	{"reject", 2, reject, 0, 0},
	{NULL, 0, NULL, 0, 0},
};
