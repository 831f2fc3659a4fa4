/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages in the forms of their receivers:
 *   generic   our own JSON; Signet-Signature: HMAC-SHA256 over "<Signet-Timestamp>.<body>" in hex, as payments are signed
 *   dingtalk  text; &timestamp=<ms>&sign=<base64 of HMAC-SHA256(secret, "<ms>\n<secret>")> behind the address
 *   wecom     text of at most 2048 bytes; not signed
 *   lark      text; timestamp (s) and sign, base64 of HMAC-SHA256("<s>\n<secret>", ""), in the body
 *   slack     text, with & < > escaped; not signed
 */
#include "base/b64.h"
#include "base/hex.h"
#include "base/jsonw.h"
#include "base/quote.h"
#include "service/svc_priv.h"
#include "service/webhook_priv.h"
#include "text/json.h"

#define BODY_MAX (32 * 1024)
#define WECOM_MAX 2000
#define REASON_MAX 200

/* -- what is said */

static struct str
title_of(const struct webhook_message *m, struct arena *a)
{
	if (m->notice)
		return notice_title(m->notice, m->language, a);
	return m->language == LANGUAGE_ZH ? STR("测试消息") : STR("Test message");
}

static struct str
text_of(const struct webhook_message *m, struct arena *a)
{
	if (m->notice)
		return notice_text(m->notice, m->language, a);
	return m->language == LANGUAGE_ZH ? STR("通知将发送到此处。") : STR("Notices will arrive here.");
}

static struct str
chat_text(const struct webhook_message *m, struct arena *a)
{
	return arena_printf(a, "%.*s\n%.*s\n%s", STRF(title_of(m, a)), STRF(text_of(m, a)), m->service);
}

/* Not in the middle of a character. */
static struct str
cut(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return (struct str){s.p, max};
}

/* What a receiver would take as its own marks. */
static struct str
escaped(struct str s, const char *amp, const char *lt, const char *gt, struct arena *a)
{
	BUF(b, BODY_MAX);

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '&')
			buf_put_c(&b, amp);
		else if (s.p[i] == '<')
			buf_put_c(&b, lt);
		else if (s.p[i] == '>')
			buf_put_c(&b, gt);
		else
			buf_put(&b, s.p + i, 1);
	}
	return arena_str(a, buf_str(&b));
}

/* -- forms */

static void
mac_base64(struct str key, struct str text, struct arena *a, struct str *ret)
{
	uint8_t mac[32];

	digest_hmac_sha256(blob_of(key), blob_of(text), mac);
	*ret = b64_encode(a, BLOB(mac, sizeof(mac)));
}

static void
put_generic(const struct webhook_message *m, struct jsonw *w, struct arena *a)
{
	const struct row_notice *n = m->notice;

	jsonw_object(w);
	jsonw_kv_int(w, "id", m->delivery);
	jsonw_kv_int(w, "account", m->account);
	jsonw_kv_c(w, "kind", n ? word_name(words_notice_kind, n->kind) : "test");
	jsonw_kv_str(w, "title", title_of(m, a));
	jsonw_kv_str(w, "text", text_of(m, a));
	if (n) {
		jsonw_kv_int(w, "notice", n->id);
		jsonw_kv_c(w, "object", notice_kinds[n->kind].object);
		jsonw_kv_int(w, "object_id", n->object_id);
		jsonw_kv_str(w, "name", n->name);
		jsonw_kv_str(w, "code", n->code.n ? n->code : (struct str){NULL, 0});
		jsonw_kv_time(w, "due", n->due_ms);
		jsonw_kv_time(w, "created", n->created_ms);
	}
	jsonw_kv_c(w, "service", m->service);
	jsonw_object_end(w);
}

static void
put_chat(const struct webhook_message *m, struct jsonw *w, const char *type, const char *box, const char *member,
	struct str text)
{
	jsonw_kv_c(w, type, "text");
	jsonw_key(w, box);
	jsonw_object(w);
	jsonw_kv_str(w, member, m->type == WEBHOOK_WECOM ? cut(text, WECOM_MAX) : text);
	jsonw_object_end(w);
}

static void
put_lark(const struct webhook_message *m, struct jsonw *w, struct arena *a)
{
	struct str stamp = arena_printf(a, "%lld", (long long)(m->now_ms / MS_SECOND)), sign;

	jsonw_object(w);
	if (m->secret.p) {
		mac_base64(arena_printf(a, "%.*s\n%.*s", STRF(stamp), STRF(m->secret)), STR(""), a, &sign);
		jsonw_kv_str(w, "timestamp", stamp);
		jsonw_kv_str(w, "sign", sign);
	}
	put_chat(m, w, "msg_type", "content", "text", escaped(chat_text(m, a), "&", "\xef\xbc\x9c", "\xef\xbc\x9e", a));
	jsonw_object_end(w);
}

static void
put_body(const struct webhook_message *m, struct jsonw *w, struct arena *a)
{
	switch (m->type) {
	case WEBHOOK_GENERIC:
		put_generic(m, w, a);
		break;
	case WEBHOOK_DINGTALK:
	case WEBHOOK_WECOM:
		jsonw_object(w);
		put_chat(m, w, "msgtype", "text", "content", chat_text(m, a));
		jsonw_object_end(w);
		break;
	case WEBHOOK_LARK:
		put_lark(m, w, a);
		break;
	case WEBHOOK_SLACK:
		jsonw_object(w);
		jsonw_kv_str(w, "text", escaped(chat_text(m, a), "&amp;", "&lt;", "&gt;", a));
		jsonw_object_end(w);
		break;
	}
}

/* Base64 has three characters that mean something in a query. */
static struct str
in_query(struct str b64, struct arena *a)
{
	BUF(b, 256);

	for (size_t i = 0; i < b64.n; i++) {
		const char *as = b64.p[i] == '+' ? "%2B" : b64.p[i] == '/' ? "%2F" : b64.p[i] == '=' ? "%3D" : NULL;

		if (as)
			buf_put_c(&b, as);
		else
			buf_put(&b, b64.p + i, 1);
	}
	return arena_str(a, buf_str(&b));
}

static void
sign_dingtalk(const struct webhook_message *m, struct arena *a, struct webhook_form *f)
{
	struct str stamp = arena_printf(a, "%lld", (long long)m->now_ms), sign;

	mac_base64(m->secret, arena_printf(a, "%.*s\n%.*s", STRF(stamp), STRF(m->secret)), a, &sign);
	f->target = arena_printf(a, "%.*s%ctimestamp=%.*s&sign=%.*s", STRF(m->target),
		str_find(m->target, '?') < 0 ? '?' : '&', STRF(stamp), STRF(in_query(sign, a)));
}

static void
sign_generic(const struct webhook_message *m, struct arena *a, struct webhook_form *f)
{
	struct str stamp = arena_printf(a, "%lld", (long long)(m->now_ms / MS_SECOND));
	struct str text = arena_printf(a, "%.*s.%.*s", STRF(stamp), STRF(str_of(f->body)));
	uint8_t mac[32];

	digest_hmac_sha256(blob_of(m->secret), blob_of(text), mac);
	f->headers[0] = arena_printf(a, "Signet-Delivery: %lld", (long long)m->delivery).p;
	f->headers[1] = arena_printf(a, "Signet-Timestamp: %.*s", STRF(stamp)).p;
	f->headers[2] = arena_printf(a, "Signet-Signature: %.*s", STRF(hex_encode(a, BLOB(mac, sizeof(mac))))).p;
}

void
webhook_form(const struct webhook_message *m, struct arena *a, struct webhook_form *ret)
{
	BUF(b, 2 * BODY_MAX);
	struct jsonw w;

	*ret = (struct webhook_form){.target = m->target};
	jsonw_init(&w, &b);
	put_body(m, &w, a);
	ret->body = arena_blob(a, buf_blob(&b));
	if (m->type == WEBHOOK_GENERIC)
		sign_generic(m, a, ret);
	if (m->type == WEBHOOK_DINGTALK && m->secret.p)
		sign_dingtalk(m, a, ret);
}

/* -- answers */

/* {"errcode":0,"errmsg":"ok"}, {"code":0,"msg":"success"} */
static int
check_said(const struct http_answer *answer, const char *code, const char *why, struct arena *a, struct err *e)
{
	const struct json *v;
	int64_t n = -1;
	struct str said;
	ERR(bad);

	if (json_parse(str_of(answer->body), a, &v, &bad) < 0 || !json_int(json_at(v, code), &n))
		return err_set(e, E_WEBHOOK_FAILED, "the server's answer has no \"%s\"", code);
	if (n == 0)
		return 0;
	said = quote_text(json_str(json_at(v, why)), REASON_MAX, a);
	return err_set(e, E_WEBHOOK_FAILED, "the server refuses the message with %s %lld: %.*s", code, (long long)n,
		STRF(said));
}

int
webhook_answer(enum webhook_type type, const struct http_answer *answer, struct arena *a, struct err *e)
{
	if (answer->status >= 300 && answer->status < 400)
		return err_set(e, E_WEBHOOK_FAILED, "the server answered %d; redirects are not followed", answer->status);
	if (answer->status < 200 || answer->status >= 300)
		return err_set(e, E_WEBHOOK_FAILED, "the server answered %d", answer->status);
	if (type == WEBHOOK_DINGTALK || type == WEBHOOK_WECOM)
		return check_said(answer, "errcode", "errmsg", a, e);
	return type == WEBHOOK_LARK ? check_said(answer, "code", "msg", a, e) : 0;
}
