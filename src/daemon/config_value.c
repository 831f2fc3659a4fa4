/* SPDX-License-Identifier: Apache-2.0 */
/* One value of each kind, from text into struct config. */
#include "daemon/config_priv.h"
#include "net/smtp.h"

#define NAME_MAX_LEN 253

static int
wrong(const char *where, const char *value, const char *what, struct err *e)
{
	return err_field(e, E_CONFIG, where, "%s: \"%.100s\" is %s", where, value, what);
}

/* Room for one more of the list, whose length stands at `count`. */
static bool
one_more(struct config *c, const struct param *p, unsigned max, unsigned *ret_i)
{
	unsigned *n = (unsigned *)((char *)c + p->count);

	if (*n >= max)
		return false;
	*ret_i = (*n)++;
	return true;
}

static int
set_listen(struct config *c, const struct param *p, const char *value, const char *where,
	struct err *e)
{
	struct addr *list = (struct addr *)((char *)c + p->field), a;
	unsigned i;

	if (!addr_parse(str_c(value), &a))
		return wrong(
			where, value, "no address and port, like 127.0.0.1:8443 or [::1]:8443", e);
	if (!one_more(c, p, CONFIG_LISTENERS_MAX, &i))
		return wrong(where, value, "one listener too many", e);
	list[i] = a;
	return 0;
}

static int
set_net(struct config *c, const struct param *p, const char *value, const char *where,
	struct err *e)
{
	struct addr_net *list = (struct addr_net *)((char *)c + p->field), net;
	unsigned i;

	if (!addr_net_parse(str_c(value), &net))
		return wrong(where, value, "no network, like 10.0.0.0/8", e);
	if (!one_more(c, p, CONFIG_NETS_MAX, &i))
		return wrong(where, value, "one network too many", e);
	list[i] = net;
	return 0;
}

static bool
is_domain(struct str s)
{
	if (s.n == 0 || s.n > NAME_MAX_LEN || s.p[0] == '.' || s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];

		if (!(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9') && ch != '-' &&
			ch != '.')
			return false;
	}
	return true;
}

static int
set_name(struct config *c, const struct param *p, const char *value, const char *where,
	struct err *e)
{
	struct str *list = (struct str *)((char *)c + p->field);
	unsigned i;

	if (!is_domain(str_c(value)))
		return wrong(where, value, "no domain name in lower case, like ca.example.com", e);
	if (!one_more(c, p, CONFIG_IDENTITIES_MAX, &i))
		return wrong(where, value, "one name too many", e);
	list[i] = str_c(value);
	return 0;
}

static int
set_port(struct config *c, const struct param *p, const char *value, const char *where,
	struct err *e)
{
	uint64_t port;

	if (!str_u64(str_c(value), 65535, &port) || port == 0)
		return wrong(where, value, "no port, a number from 1 to 65535", e);
	*(uint16_t *)((char *)c + p->field) = (uint16_t)port;
	return 0;
}

static int
set_flag(struct config *c, const struct param *p, const char *value, const char *where,
	struct err *e)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return wrong(where, value, "neither \"yes\" nor \"no\"", e);
	*(bool *)((char *)c + p->field) = yes;
	return 0;
}

static int
set_role(struct config *c, const struct param *p, const char *value, const char *where, struct err *e)
{
	static const char *const roles[] = {[CONFIG_SERVICE] = "service", [CONFIG_PERSPECTIVE] = "perspective"};

	(void)p;
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		if (strcmp(value, roles[i]) == 0) {
			c->role = (enum config_role)i;
			return 0;
		}
	}
	return wrong(where, value, "neither \"service\" nor \"perspective\"", e);
}

static int
set_level(struct config *c, const struct param *p, const char *value, const char *where, struct err *e)
{
	static const char *const levels[] = {
		[LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};

	(void)p;
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (strcmp(value, levels[i]) == 0) {
			c->log_level = (enum log_level)i;
			return 0;
		}
	}
	return wrong(where, value, "none of debug, info, warn and error", e);
}

/* A word that stands in records and messages. */
static bool
is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];

		if (!(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9') && ch != '-')
			return false;
	}
	return s.n > 0 && s.n <= 32;
}

static int
set_perspective(struct config *c, const struct param *p, const char *value, const char *where, struct arena *a, struct err *e)
{
	struct config_perspective *list = (struct config_perspective *)((char *)c + p->field), one = {0};
	struct str rest = str_c(value), name = str_cut(&rest, ','), region = str_cut(&rest, ','), at = str_cut(&rest, ',');
	unsigned i;

	if (!is_word(name) || !is_word(region) || !addr_parse(at, &one.address) || rest.n == 0)
		return wrong(where, value, "not of the form NAME,REGION,ADDRESS:PORT,FILE; the first two are words of a-z, "
			"0-9 and '-'", e);
	one.name = arena_cstr(a, name);
	one.region = arena_cstr(a, region);
	one.key_file = arena_cstr(a, rest);
	for (unsigned k = 0; k < c->n_perspectives; k++) {
		if (strcmp(list[k].name, one.name) == 0)
			return wrong(where, value, "a second perspective of this name", e);
	}
	if (strcmp(one.name, "local") == 0)
		return wrong(where, value, "named like this server's own view", e);
	if (!one_more(c, p, CONFIG_PERSPECTIVES_MAX, &i))
		return wrong(where, value, "one perspective too many", e);
	list[i] = one;
	return 0;
}

static bool
is_url(struct str s, struct str scheme)
{
	struct str host = s;

	if (!str_starts(s, scheme) || s.n > 200)
		return false;
	host.p += scheme.n;
	host.n -= scheme.n;
	if (host.n == 0 || host.p[0] == '/' || s.p[s.n - 1] == '/')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("\"<>\\^`{|}?#@", s.p[i]))
			return false;
	}
	return true;
}

static int
check_mail(enum param_kind kind, const char *value, const char *where, struct err *e)
{
	ARENA(a);
	struct smtp_server server;
	int r;

	if (kind == PARAM_MAIL && !smtp_server_read(str_c(value), &a, &server))
		return wrong(where, value, "no address like smtp://mail.example.com:587 or smtps://mail.example.com", e);
	if (kind != PARAM_ADDRESS)
		return 0;
	r = mail_address(str_c(value), e);
	if (r == 0)
		return 0;
	err_wrap(e, "%s", where);
	e->code = E_CONFIG;
	return e->code;
}

static int
check_text(enum param_kind kind, const char *value, const char *where, struct err *e)
{
	struct str s = str_c(value);
	struct addr a;

	if (s.n == 0)
		return wrong(where, value, "empty", e);
	if (kind == PARAM_BASE && !is_url(s, STR("https://")))
		return wrong(where, value, "no address like https://signet.example.com, without a final slash", e);
	/* certificates' addresses are fetched without TLS (RFC 5280 8) */
	if (kind == PARAM_URL && !is_url(s, STR("http://")))
		return wrong(where, value,
			"no address like http://ca.example.com, without a final slash", e);
	if (kind == PARAM_SERVER && !addr_parse(s, &a))
		return wrong(where, value, "no address and port, like 127.0.0.1:53", e);
	/* the value is not shown: it may hold a password */
	if (kind == PARAM_DB && !str_eq_c(s, "sqlite") && !str_starts(s, STR("postgresql://")))
		return err_field(e, E_CONFIG, where,
			"%s: the database is \"sqlite\" or an address postgresql://USER@HOST/NAME",
			where);
	return check_mail(kind, value, where, e);
}

int
config_set(struct config *c, const struct param *p, const char *value, const char *where,
	struct arena *a, struct err *e)
{
	int r;

	switch (p->kind) {
	case PARAM_LISTEN:
		return set_listen(c, p, value, where, e);
	case PARAM_NETS:
		return set_net(c, p, value, where, e);
	case PARAM_NAMES:
		return set_name(c, p, value, where, e);
	case PARAM_PORT:
		return set_port(c, p, value, where, e);
	case PARAM_FLAG:
		return set_flag(c, p, value, where, e);
	case PARAM_ROLE:
		return set_role(c, p, value, where, e);
	case PARAM_PERSPECTIVES:
		return set_perspective(c, p, value, where, a, e);
	case PARAM_LEVEL:
		return set_level(c, p, value, where, e);
	case PARAM_TEXT:
	case PARAM_PATH:
	case PARAM_URL:
	case PARAM_DB:
	case PARAM_SERVER:
	case PARAM_FILE:
	case PARAM_MAIL:
	case PARAM_ADDRESS:
	case PARAM_BASE:
		break;
	}
	r = check_text(p->kind, value, where, e);
	if (r == 0)
		*(const char **)((char *)c + p->field) = value;
	return r;
}
