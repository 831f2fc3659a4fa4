/* SPDX-License-Identifier: Apache-2.0 */
#include "net/smtp.h"

#include <curl/curl.h>

#include "base/quote.h"
#include "net/addr.h"

#define WORDS_MAX 200

struct sending {
	struct str left; /* of the message */
	char words[WORDS_MAX]; /* the server's last refusal */
	size_t n_words;
};

/* -- the server's address */

static bool
host_ok(struct str host)
{
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];

		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c && strchr("-._:", c))))
			return false;
	}
	return host.n > 0 && host.n <= 253;
}

/* HOST, HOST:PORT, [V6], [V6]:PORT */
static bool
read_place(struct str s, struct str *ret_host, struct str *ret_port)
{
	struct str rest = s;

	if (!str_starts(s, STR("["))) {
		*ret_host = str_cut(&rest, ':');
		*ret_port = rest;
		return str_find(rest, ':') < 0;
	}
	rest.p++, rest.n--;
	*ret_host = str_cut(&rest, ']');
	if (!rest.p || (rest.n && rest.p[0] != ':'))
		return false;
	*ret_port = rest.n ? (struct str){rest.p + 1, rest.n - 1} : (struct str){NULL, 0};
	return true;
}

bool
smtp_server_read(struct str url, struct arena *a, struct smtp_server *ret)
{
	bool tls = str_starts(url, STR("smtps://"));
	size_t scheme = tls ? strlen("smtps://") : strlen("smtp://");
	struct str host, port;
	uint64_t n = tls ? 465 : 25;

	if (!tls && !str_starts(url, STR("smtp://")))
		return false;
	if (!read_place((struct str){url.p + scheme, url.n - scheme}, &host, &port) || !host_ok(host))
		return false;
	if (port.p && (!str_u64(port, 65535, &n) || n == 0))
		return false;
	*ret = (struct smtp_server){.host = arena_cstr(a, host), .port = (uint16_t)n, .tls = tls};
	return true;
}

bool
smtp_is_local(const struct smtp_server *s)
{
	static const uint8_t one6[16] = {[15] = 1};
	struct addr ad;

	if (strcmp(s->host, "localhost") == 0)
		return true;
	if (!addr_parse_ip(str_c(s->host), &ad))
		return false;
	ad = addr_unmapped(&ad);
	return ad.family == AF_INET ? ad.ip[0] == 127 : memcmp(ad.ip, one6, sizeof(one6)) == 0;
}

/* -- the talk */

static size_t
give_message(char *p, size_t size, size_t n, void *arg)
{
	struct sending *t = arg;
	size_t take = MIN(size * n, t->left.n);

	if (take)
		memcpy(p, t->left.p, take);
	t->left.p += take;
	t->left.n -= take;
	return take;
}

/* The server's lines come one by one: the last refusal says why (after it comes the answer to QUIT). */
static size_t
hear(char *p, size_t size, size_t n, void *arg)
{
	struct sending *t = arg;
	struct str line = str_trim((struct str){p, size * n});

	if (line.n >= 3 && (line.p[0] == '4' || line.p[0] == '5')) {
		t->n_words = MIN(line.n, (size_t)WORDS_MAX);
		memcpy(t->words, line.p, t->n_words);
	}
	return size * n;
}

#define SET(option, value) BUG_ON(curl_easy_setopt(h, (option), (value)) != CURLE_OK)

static void
set_server(CURL *h, const struct smtp_server *s, struct str from, struct arena *a)
{
	bool lax = smtp_is_local(s);
	long tls = s->tls ? CURLUSESSL_ALL : lax ? CURLUSESSL_TRY : s->clear ? CURLUSESSL_NONE : CURLUSESSL_ALL;
	struct str domain = from;

	str_cut(&domain, '@');
	/* what stands behind the host is said in EHLO */
	SET(CURLOPT_URL, arena_printf(a, strchr(s->host, ':') ? "%s://[%s]:%u/%.*s" : "%s://%s:%u/%.*s",
		s->tls ? "smtps" : "smtp", s->host, s->port, STRF(domain)).p);
	SET(CURLOPT_PROTOCOLS_STR, s->tls ? "smtps" : "smtp");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOPROXY, "*");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_USE_SSL, tls);
	SET(CURLOPT_SSL_VERIFYPEER, lax ? 0L : 1L);
	SET(CURLOPT_SSL_VERIFYHOST, lax ? 0L : 2L);
	if (lax)
		SET(CURLOPT_CAINFO, NULL);
	else if (s->ca_file)
		SET(CURLOPT_CAINFO, s->ca_file);
	if (s->user) {
		SET(CURLOPT_USERNAME, s->user);
		SET(CURLOPT_PASSWORD, s->password);
	}
}

/* Replies that no repetition will change: the mailbox, its name, the message (RFC 5321 4.2.2). What the server says about
 * us (530 authenticate first, 535 wrong password) is the operator's to mend. */
static bool
is_final(struct str words)
{
	static const char *const codes[] = {"550", "551", "553", "554", "556"};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (str_starts(words, str_c(codes[i])))
			return true;
	}
	return false;
}

static int
failed(CURLcode code, const struct smtp_server *s, const struct mime *m, const struct sending *t, const char *more,
	struct err *e)
{
	ARENA(a);
	struct str words = quote_text((struct str){t->words, t->n_words}, WORDS_MAX, &a);

	if (is_final(words) && code != CURLE_LOGIN_DENIED && code != CURLE_OPERATION_TIMEDOUT)
		return err_set(e, E_MAIL_REFUSED, "the mail server refuses the mail to \"%.*s\": %.*s", STRF(m->to),
			STRF(words));
	err_set(e, E_MAIL_SERVER, "the mail server %s:%u did not take the mail: %s", s->host, s->port,
		curl_easy_strerror(code));
	err_detail(e, "%s; it said \"%.*s\"", more, STRF(words));
	return e->code;
}

static int
perform(CURL *h, const struct smtp_server *s, const struct mime *m, struct sending *t, int timeout_ms, struct err *e)
{
	ARENA(a);
	struct curl_slist *to = curl_slist_append(NULL, arena_printf(&a, "<%.*s>", STRF(m->to)).p);
	char more[CURL_ERROR_SIZE] = "";
	CURLcode code;
	int r = 0;

	if (!to)
		BUG("out of memory");
	set_server(h, s, m->from, &a);
	SET(CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
	SET(CURLOPT_MAIL_FROM, arena_printf(&a, "<%.*s>", STRF(m->from)).p);
	SET(CURLOPT_MAIL_RCPT, to);
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->left.n);
	SET(CURLOPT_READFUNCTION, give_message);
	SET(CURLOPT_READDATA, t);
	SET(CURLOPT_HEADERFUNCTION, hear);
	SET(CURLOPT_HEADERDATA, t);
	SET(CURLOPT_ERRORBUFFER, more);
	code = curl_easy_perform(h);
	if (code != CURLE_OK)
		r = failed(code, s, m, t, more, e);
	SET(CURLOPT_ERRORBUFFER, NULL);
	curl_slist_free_all(to);
	return r;
}

int
smtp_send(const struct smtp_server *s, const struct mime *m, int timeout_ms, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf message = {.max = MAIL_MESSAGE_MAX};
	struct sending t = {0};
	CURL *h;
	int r = mime_write(m, &message, e);

	if (r < 0)
		return r;
	t.left = buf_str(&message);
	h = curl_easy_init();
	if (!h)
		BUG("out of memory");
	r = perform(h, s, m, &t, timeout_ms, e);
	curl_easy_cleanup(h);
	return r;
}
