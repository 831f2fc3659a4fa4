/* SPDX-License-Identifier: Apache-2.0 */
#include "service/link.h"

#include "base/b64.h"
#include "base/rfc3339.h"
#include "service/mail.h"
#include "service/svc_priv.h"
#include "service/throttle.h"

#define TOKEN_LEN 43 /* 32 bytes in base64url */
#define FREE_FAILURES 20 /* wrong links from one address that cost nothing: a mail program may break lines */

/* -- making */

static int
queue_mail(struct db_tx *tx, const struct svc *s, const struct row_link *l, int64_t not_before, struct err *e)
{
	struct mail_new m = {.kind = MAIL_LINK, .account = l->account, .object_id = l->id, .to = l->recipient,
		.language = (enum language)l->language, .not_before_ms = not_before};
	int64_t id;

	return mail_add(tx, s, &m, &id, e);
}

int
link_open(struct db_tx *tx, const struct svc *s, const struct link_new *n, int64_t *ret_id, struct err *e)
{
	struct row_link l = {.account = n->account, .recipient = n->to, .language = n->language};
	int64_t last = 0;
	int r = q_link_last_mail(tx, n->account, n->purpose, n->object_id, n->to, &last, e);

	if (r >= 0)
		r = q_link_replace(tx, n->account, n->purpose, n->object_id, n->to, e);
	if (r >= 0)
		r = q_link_insert(tx,
			&(struct in_link_insert){.account = n->account, .purpose = n->purpose, .object_id = n->object_id,
				.recipient = n->to, .language = n->language, .now = tx->now_ms,
				.expires_ms = tx->now_ms + n->life_ms},
			&l.id, e);
	if (r < 0)
		return r;
	*ret_id = l.id;
	return queue_mail(tx, s, &l, last ? last + policy_value("mail-again", tx->now_ms) : 0, e);
}

int
link_may_mail(struct db_tx *tx, int64_t account, enum link_purpose purpose, int64_t object_id, struct str to,
	struct err *e)
{
	int64_t last = 0, wait;
	int r = q_link_last_mail(tx, account, purpose, object_id, to, &last, e);

	wait = last + policy_value("mail-again", tx->now_ms) - tx->now_ms;
	if (r < 0 || wait <= 0)
		return MIN(r, 0);
	err_set(e, E_MAIL_TOO_SOON, "the last mail about this to \"%.*s\" is too young for another one", STRF(to));
	e->retry_after_s = (int)(wait / MS_SECOND) + 1;
	return e->code;
}

static int
send_again(struct db_tx *tx, const struct svc *s, const struct row_link *l, struct err *e)
{
	int r = link_may_mail(tx, l->account, (enum link_purpose)l->purpose, l->object_id, l->recipient, e);

	return r < 0 ? r : queue_mail(tx, s, l, 0, e);
}

int
link_send_again(struct db_tx *tx, const struct svc *s, int64_t account, enum link_purpose purpose, int64_t object_id,
	struct err *e)
{
	struct row_link *rows;
	bool any = false;
	size_t n;
	int r = q_link_list(tx, account, purpose, object_id, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].state != LINK_PENDING || rows[i].expires_ms <= tx->now_ms)
			continue;
		any = true;
		r = send_again(tx, s, &rows[i], e);
	}
	if (r < 0)
		return r;
	return any ? 0 : err_set(e, E_LINK_DEAD, "nothing waits for a confirmation by mail here");
}

int
link_kill(struct db_tx *tx, int64_t account, enum link_purpose purpose, int64_t object_id, struct err *e)
{
	int r = q_link_kill(tx, account, purpose, object_id, e);

	return MIN(r, 0);
}

/* -- the mail */

static struct str
letter(const struct mail_writing *w, const struct row_link *l, const struct link_words *words, struct str token)
{
	const char *url = arena_printf(w->a, "%s/link/%.*s", settings_of(w->s)->public_url, STRF(token)).p;
	char until[RFC3339_MAX];

	rfc3339_put(l->expires_ms / MS_SECOND * MS_SECOND, until);
	if (l->language == LANGUAGE_ZH)
		return arena_printf(w->a,
			"%.*s\n\n如需确认,请打开以下链接,并点击页面上的按钮:\n\n%s\n\n"
			"此链接仅可使用一次,有效期至 %s。如果您不了解此事,请忽略本邮件:未经您确认,不会执行任何操作。",
			STRF(words->about), url, until);
	return arena_printf(w->a,
		"%.*s\n\nTo confirm, open this link and press the button there:\n\n%s\n\n"
		"The link works once, until %s. If you do not know what this is about, ignore this mail: nothing happens "
		"without you.",
		STRF(words->about), url, until);
}

int
link_write_mail(struct db_tx *tx, struct mail_writing *w, struct err *e)
{
	struct str token = b64url_encode(w->a, BLOB(w->random, 32));
	struct link_words words = {0};
	struct row_link l;
	uint8_t hash[32];
	int r = q_link_get(tx, w->mail->account, w->mail->object_id, w->a, &l, e);

	if (r <= 0)
		return r < 0 ? r : 1;
	r = link_kinds[l.purpose]->tell(tx, w->s, &l, w->a, &words, e);
	if (r != 0)
		return r;
	digest_sha256(blob_of(token), hash);
	/* stored first, sent then: who gets the mail finds the link */
	r = q_link_set_token(tx, l.account, l.id, BLOB(hash, 32), tx->now_ms, e);
	if (r <= 0)
		return r < 0 ? r : 1;
	w->subject = words.subject;
	w->text = letter(w, &l, &words, token);
	return 0;
}

/* -- the page */

struct opening {
	struct svc *s;
	struct caller c;
	uint8_t hash[32];
	bool well_formed, wrong;
	enum language language;
	struct arena *a;
	struct str throttle;
	struct row_link link;
	struct link_words words;
};

/* The link behind the token, when it may still be used. */
static int
find(struct db_tx *tx, struct opening *t, struct err *e)
{
	int64_t wait;
	int r = throttle_wait(tx, t->throttle, &wait, e);

	if (r < 0)
		return r;
	if (wait) {
		err_set(e, E_LINK_THROTTLED, "too many wrong links; the next is possible in %lld s",
			(long long)(wait / MS_SECOND + 1));
		e->retry_after_s = (int)(wait / MS_SECOND) + 1;
		return e->code;
	}
	r = t->well_formed ? q_link_by_token(tx, BLOB(t->hash, 32), t->a, &t->link, e) : 0;
	t->wrong = r == 0;
	if (r == 0)
		return err_set(e, E_LINK_UNKNOWN, "this link is not known here");
	t->link.language = t->language;
	if (r > 0 && t->link.state == LINK_USED)
		return err_set(e, E_LINK_USED, "this link was used already");
	if (r > 0 && t->link.state == LINK_DEAD)
		return err_set(e, E_LINK_DEAD, "what this link was for was withdrawn or changed");
	if (r > 0 && t->link.expires_ms <= tx->now_ms)
		return err_set(e, E_LINK_EXPIRED, "the time for this link is over");
	return MIN(r, 0);
}

static int
tell(struct db_tx *tx, struct opening *t, struct err *e)
{
	int r = link_kinds[t->link.purpose]->tell(tx, t->s, &t->link, t->a, &t->words, e);

	return r > 0 ? err_set(e, E_LINK_DEAD, "what this link was for was withdrawn or changed") : r;
}

static int
look_body(struct db_tx *tx, void *arg, struct err *e)
{
	int r = find(tx, arg, e);

	return r < 0 ? r : tell(tx, arg, e);
}

static int
use_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct opening *t = arg;
	struct row_link *l = &t->link;
	int r = look_body(tx, t, e);

	if (r < 0)
		return r;
	r = q_link_use(tx, l->account, l->id, BLOB(t->hash, 32), tx->now_ms, e);
	if (r == 0)
		return err_set(e, E_LINK_USED, "this link was used already");
	if (r < 0)
		return r;
	l->state = LINK_USED;
	l->used_ms = tx->now_ms;
	t->c.account = l->account;
	r = link_kinds[l->purpose]->used(tx, t->s, &t->c, l, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, &t->c, "link.use", "links", l->id,
			       detail_2kv(tx->arena, "purpose", str_c(words_link_purpose[l->purpose]), "peer", t->c.peer), e);
}

static int
fail_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct opening *t = arg;

	return throttle_fail(tx, t->throttle, FREE_FAILURES, e);
}

static int
open_with(struct svc *s, struct str peer, struct str token, enum language language, bool use, struct arena *a,
	struct link_view *ret, struct err *e)
{
	struct opening t = {.s = s, .c = {.peer = peer}, .language = language, .a = a,
		.well_formed = token.n == TOKEN_LEN, .throttle = arena_printf(a, "link %.*s", STRF(peer))};
	int r;

	digest_sha256(blob_of(token), t.hash);
	r = use ? svc_write(s, use_body, &t, e) : svc_read(s, look_body, &t, e);
	if (r == E_LINK_UNKNOWN && t.wrong) {
		ERR(fe);
		int fr = svc_write(s, fail_body, &t, &fe);

		if (fr < 0) {
			*e = fe;
			return fr;
		}
	}
	if (r == 0)
		*ret = (struct link_view){t.words, language};
	return r;
}

int
link_look(struct svc *s, struct str peer, struct str token, enum language language, struct arena *a,
	struct link_view *ret, struct err *e)
{
	return open_with(s, peer, token, language, false, a, ret, e);
}

int
link_use(struct svc *s, struct str peer, struct str token, enum language language, struct arena *a,
	struct link_view *ret, struct err *e)
{
	int r = open_with(s, peer, token, language, true, a, ret, e);

	if (r == 0)
		svc_kick(s);
	return r;
}
