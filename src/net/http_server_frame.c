/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_server_priv.h"

/*
 * Before 1.0 the library takes what RFC 9112 forbids (a bare LF, a folded line, a NUL, blanks in the request line) and
 * does not tell. But it splits the head in its buffer by writing NULs over the separators, so that a head that was well
 * formed lies end to end: each piece begins where the one before it and its separator end. Anything else breaks the
 * chain. From 1.0 on the library is told to be strict itself.
 */
#define LAYOUT_TELLS (MHD_VERSION < 0x01000000)

/* RFC 9110 5.6.2 */
static bool
is_token(struct str s)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
			    memchr(marks, c, sizeof(marks) - 1)))
			return false;
	}
	return s.n > 0;
}

/* RFC 9110 5.5: visible characters, blanks, tabs, obs-text. */
static bool
is_field_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* Visible ASCII without '#': a fragment is never sent (RFC 9112 3.2). */
static bool
is_target(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= 0x20 || c >= 0x7f || c == '#')
			return false;
	}
	return s.n > 0;
}

static bool
has_escaped_nul(struct str s)
{
	for (size_t i = 0; i + 2 < s.n; i++) {
		if (s.p[i] == '%' && s.p[i + 1] == '0' && s.p[i + 2] == '0')
			return true;
	}
	return false;
}

/* RFC 3986 3.2.2, as far as it matters: nothing that could end or split the value elsewhere. */
static bool
is_host(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
			    memchr("-._~%:[]!$&'()*+,;=", c, 19)))
			return false;
	}
	return true;
}

/* The absolute form (RFC 9112 3.2.2) is cut to its path. */
static struct str
cut_authority(struct str target)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t n = strlen(schemes[i]);

		if (target.n < n || !str_eq_nocase((struct str){target.p, n}, str_c(schemes[i])))
			continue;
		target = (struct str){target.p + n, target.n - n};
		while (target.n && target.p[0] != '/' && target.p[0] != '?')
			target = (struct str){target.p + 1, target.n - 1};
		break;
	}
	return target;
}

static int
fault(struct exchange *ex, int code, const char *text)
{
	ex->fault = code;
	ex->fault_text = text;
	return code;
}

static int
split_target(struct exchange *ex)
{
	struct http_request *rq = &ex->rq;
	struct str rest = cut_authority(rq->target);

	if (rest.p != rq->target.p && (rest.n == 0 || rest.p[0] == '?'))
		rq->path = STR("/");
	else if (rest.n == 0 || rest.p[0] != '/')
		return fault(ex, E_BAD_REQUEST, "the request target is not a path that begins with \"/\"");
	if (str_find(rest, '?') < 0) {
		rq->query = (struct str){"", 0};
	} else {
		struct str query = rest;

		rest = str_cut(&query, '?');
		rq->query = query;
	}
	if (!rq->path.p)
		rq->path = rest;
	return 0;
}

void
frame_target(struct exchange *ex, const char *target, size_t max)
{
	size_t n = target ? strnlen(target, max + 1) : 0;

	ex->target_in_place = target;
	if (n > max) {
		fault(ex, E_TARGET_TOO_LONG, "the request target is longer than allowed here");
		return;
	}
	ex->rq.target = arena_str(&ex->arena, (struct str){target ? target : "", n});
	if (!is_target(ex->rq.target))
		fault(ex, E_BAD_REQUEST, "the request target holds a blank or a character that must be escaped");
	else if (has_escaped_nul(ex->rq.target))
		fault(ex, E_BAD_REQUEST, "the request target holds %00");
	else
		split_target(ex);
}

/* The head as it lies in the library's buffer; see LAYOUT_TELLS. */
struct head {
	struct exchange *ex;
	const char *at; /* the NUL behind the last piece */
	unsigned n_hosts, n_lengths, n_codings;
	struct str host, length, coding;
};

static bool
line_ends(const char *at)
{
	return at[0] == '\0' && at[1] == '\0';
}

static bool
request_line_lies_well(const struct exchange *ex, const char *method, const char *version)
{
	return !LAYOUT_TELLS ||
		(method + strlen(method) + 1 == ex->target_in_place &&
			ex->target_in_place + ex->rq.target.n + 1 == version);
}

static bool
field_lies_well(struct head *h, const struct http_header *f)
{
	const char *at = f->name.p + f->name.n;

	if (!LAYOUT_TELLS)
		return true;
	if (!line_ends(h->at) || h->at + 2 != f->name.p || *at++ != '\0')
		return false;
	while (at < f->value.p && (*at == ' ' || *at == '\t'))
		at++;
	h->at = f->value.p + f->value.n;
	return at == f->value.p;
}

static bool
head_ends_well(const struct head *h)
{
	return !LAYOUT_TELLS || (line_ends(h->at) && line_ends(h->at + 2));
}

static void
count_field(struct head *h, const struct http_header *f)
{
	if (str_eq_nocase(f->name, STR("Host"))) {
		h->n_hosts++;
		h->host = str_trim(f->value);
	} else if (str_eq_nocase(f->name, STR("Content-Length"))) {
		h->n_lengths++;
		h->length = str_trim(f->value);
	} else if (str_eq_nocase(f->name, STR("Transfer-Encoding"))) {
		h->n_codings++;
		h->coding = str_trim(f->value);
	}
}

static enum MHD_Result
take_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n, const char *value, size_t value_n)
{
	struct head *h = cls;
	struct http_request *rq = &h->ex->rq;
	struct http_header f = {{name, name_n}, {value ? value : "", value_n}};

	(void)kind;
	if (rq->n_headers == HTTP_HEADERS_MAX)
		fault(h->ex, E_HEADERS_TOO_LARGE, "the request has too many header fields");
	else if (!is_token(f.name))
		fault(h->ex, E_BAD_REQUEST, "a header field's name holds a blank or another forbidden character");
	else if (!field_lies_well(h, &f))
		fault(h->ex, E_BAD_REQUEST, "the request's head is malformed: a line is folded, or ends in LF alone");
	else if (!is_field_value(f.value))
		fault(h->ex, E_BAD_REQUEST, "a header field's value holds a control character");
	if (h->ex->fault)
		return MHD_NO;
	count_field(h, &f);
	f.value = str_trim(f.value);
	rq->headers[rq->n_headers++] = f;
	return MHD_YES;
}

static int
check_length(struct exchange *ex, struct str s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned char)s.p[i] - '0';

		if (d > 9 || __builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, d, &n))
			return fault(ex, E_BAD_REQUEST, "Content-Length is not a number");
	}
	if (s.n == 0)
		return fault(ex, E_BAD_REQUEST, "Content-Length is empty");
	ex->body_length = n;
	return 0;
}

/* RFC 9112 6.1 and 6.3: whatever two readers could measure differently. */
static int
check_framing(const struct head *h, const char *version)
{
	struct exchange *ex = h->ex;

	if (h->n_hosts > 1)
		return fault(ex, E_BAD_REQUEST, "the request has more than one Host");
	if (h->n_hosts == 0 && strcmp(version, "HTTP/1.0") != 0)
		return fault(ex, E_BAD_REQUEST, "the request has no Host");
	if (h->n_hosts && !is_host(h->host))
		return fault(ex, E_BAD_REQUEST, "Host is not a host name with an optional port");
	if (h->n_lengths > 1)
		return fault(ex, E_BAD_REQUEST, "the request has more than one Content-Length");
	if (h->n_codings > 1)
		return fault(ex, E_BAD_REQUEST, "the request has more than one Transfer-Encoding");
	if (h->n_codings && h->n_lengths)
		return fault(ex, E_BAD_REQUEST, "the request has both Content-Length and Transfer-Encoding");
	if (h->n_codings && !str_eq_nocase(h->coding, STR("chunked")))
		return fault(ex, E_BAD_REQUEST, "the request's Transfer-Encoding is not known");
	if (h->n_codings)
		return fault(ex, E_LENGTH_REQUIRED, "a chunked body is not accepted");
	return h->n_lengths ? check_length(ex, h->length) : 0;
}

static enum http_method
method_of(const char *name)
{
	static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

	for (int i = 0; i < (int)ARRAY_LEN(names); i++) {
		if (strcmp(name, names[i]) == 0)
			return (enum http_method)i;
	}
	return HTTP_OTHER;
}

static void
check_head(struct exchange *ex, const char *method, const char *version)
{
	struct head h = {.ex = ex, .at = version + strlen(version)};

	if (ex->fault)
		return;
	ex->rq.method = method_of(method);
	if (!request_line_lies_well(ex, method, version)) {
		fault(ex, E_BAD_REQUEST, "the request line is malformed");
		return;
	}
	MHD_get_connection_values_n(ex->connection, MHD_HEADER_KIND, take_field, &h);
	if (!ex->fault && !head_ends_well(&h))
		fault(ex, E_BAD_REQUEST, "the request's head is malformed: a line holds a NUL, or ends in LF alone");
	if (!ex->fault)
		check_framing(&h, version);
}

int
frame_check(struct exchange *ex, const char *method, const char *version, struct err *e)
{
	const struct http_server_conf *conf = &ex->listener->server->conf;
	size_t max;

	check_head(ex, method, version);
	if (ex->fault)
		return err_set(e, ex->fault, "%s", ex->fault_text);
	max = ex->body_length ? conf->body_max(conf->arg, ex->rq.method, ex->rq.path) : 0;
	if (ex->body_length > max)
		return err_set(e, E_TOO_LARGE, "the body has %llu bytes; allowed here are at most %zu",
			(unsigned long long)ex->body_length, max);
	return 0;
}
