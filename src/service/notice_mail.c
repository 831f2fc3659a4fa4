/* SPDX-License-Identifier: Apache-2.0 */
/* Notices as mails: one at once, or what a day has gathered. */
#include "net/mime.h"
#include "service/mail.h"
#include "service/notice_priv.h"

#define DIGEST_MAX 200 /* notices told one by one */
#define DIGEST_BYTES (48 * 1024) /* below MAIL_BODY_MAX with what follows */

/* What the recipient of the mail does not want by now; all bits when the address is nobody's any more. */
static int
find_off(struct db_tx *tx, const struct mail_writing *w, int64_t *ret, struct err *e)
{
	struct row_notice_recipient *all;
	size_t n;
	int r = notice_recipients(tx, w->mail->account, tx->arena, &all, &n, e);

	*ret = -1;
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (str_eq(all[i].email, w->mail->recipient))
			*ret = all[i].off;
	}
	return r;
}

int
notice_write_mail(struct db_tx *tx, struct mail_writing *w, struct err *e)
{
	enum language language = (enum language)w->mail->language;
	struct row_notice n;
	int64_t off;
	int r = q_notice_get(tx, w->mail->account, w->mail->object_id, w->a, &n, e);

	if (r <= 0)
		return r < 0 ? r : 1;
	r = find_off(tx, w, &off, e);
	if (r < 0 || off & NOTICE_BIT(n.kind))
		return r < 0 ? r : 1;
	w->subject = notice_title(&n, language, w->a);
	w->text = notice_text(&n, language, w->a);
	return 0;
}

/* -- the daily mail */

static struct str
rest(enum language language, size_t n, struct arena *a)
{
	if (!n)
		return STR("");
	return language == LANGUAGE_ZH ? arena_printf(a, "\n另有 %zu 条通知未在此列出。\n", n)
				       : arena_printf(a, "\n%zu further notices are not told here.\n", n);
}

int
notice_write_digest(struct db_tx *tx, struct mail_writing *w, struct err *e)
{
	enum language language = (enum language)w->mail->language;
	BUF(b, MAIL_BODY_MAX);
	struct row_notice *rows;
	size_t n, told = 0, wanted = 0;
	int64_t off;
	int r = find_off(tx, w, &off, e);

	if (r == 0)
		r = q_notice_list_digest(tx, w->mail->account, w->mail->object_id, 10 * DIGEST_MAX, w->a, &rows, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct str title;

		if (off & NOTICE_BIT(rows[i].kind))
			continue;
		if (++wanted > DIGEST_MAX || b.n > DIGEST_BYTES)
			continue;
		told++;
		title = notice_title(&rows[i], language, w->a);
		buf_printf(&b, "* %.*s\n%.*s\n\n", STRF(title), STRF(notice_text(&rows[i], language, w->a)));
	}
	if (r < 0 || !told)
		return r < 0 ? r : 1;
	w->subject = language == LANGUAGE_ZH ? arena_printf(w->a, "今日通知:%zu 条", wanted)
					     : arena_printf(w->a, "Notices of the day: %zu", wanted);
	w->text = arena_printf(w->a, "%.*s%.*s", STRF(buf_str(&b)), STRF(rest(language, wanted - told, w->a)));
	return 0;
}
