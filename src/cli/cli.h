/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `signet`. */
#pragma once

#include "base/buf.h"
#include "base/jsonw.h"
#include "cli/cmd.h"
#include "net/rest_client.h"
#include "text/json.h"

#define CLI_OPTIONS_MAX 64
#define CLI_BODY_MAX (64 * 1024)
#define CLI_ANSWER_MAX (64 * 1024 * 1024)

struct cli_option {
	const struct cmd_opt *opt;
	const char *value;
};

struct cli {
	struct arena *arena;
	const struct cmd *cmd;
	const char *args[CMD_ARGS_MAX];
	unsigned n_args;
	struct cli_option options[CLI_OPTIONS_MAX];
	unsigned n_options;
	bool json;
	/* the server; url {NULL, 0} until config_server() */
	struct str url, key;
	const char *ca_file;
	struct str problem; /* the last problem's JSON, for --json */
};

/* -- opts.c */
int opts_read(struct cli *c, int argc, char **argv, struct err *e) CHECKED;
const char *opt_value(const struct cli *c, const char *name); /* NULL: not given; the last one counts */
bool opt_given(const struct cli *c, const char *name);
/* A whole number. E_USAGE. */
int opt_int(const struct cli *c, const char *name, int64_t *ret, struct err *e) CHECKED;
/* The first argument as an id. */
int arg_id(const struct cli *c, unsigned i, int64_t *ret, struct err *e) CHECKED;

/* -- help.c */
void help_all(void);
void help_noun(const char *noun);
void help_cmd(const struct cmd *m);

/* -- rest.c */
/* One call; *ret is NULL for an empty answer. The service's problem becomes *e. */
int rest_call(struct cli *c, const char *method, struct str path, const struct buf *body, const struct json **ret,
	struct err *e) CHECKED;
/* The same, and the answer is shown. */
int rest_show(struct cli *c, const char *method, struct str path, const struct buf *body, const struct col *cols,
	struct err *e) CHECKED;
/* Calls the command's path and has the answer, where there is one, put. */
int rest_act(struct cli *c, const char *method, const struct buf *body, void (*put)(struct cli *c, const struct json *v),
	struct err *e) CHECKED;
/* The same with the plain answer. */
int rest_raw(struct cli *c, const char *method, struct str path, const struct buf *body, const char *const *more_headers,
	struct http_rest_answer *ret, struct err *e) CHECKED;
/* POST of a file's bytes. */
int rest_upload(struct cli *c, struct str path, struct blob file, const struct json **ret, struct err *e) CHECKED;
/* What TLS clients ask: without credentials. */
int rest_public(struct cli *c, const char *method, struct str url, const char *type, struct blob body,
	struct http_rest_answer *ret, struct err *e) CHECKED;
/* A body: {"name": …} begun; options that were given are put by name. */
void body_begin(struct jsonw *w, struct buf *b);
void body_end(struct jsonw *w);
void body_opt(const struct cli *c, struct jsonw *w, const char *option, const char *member);
int body_int(const struct cli *c, struct jsonw *w, const char *option, const char *member, struct err *e) CHECKED;
void body_flag(const struct cli *c, struct jsonw *w, const char *option, const char *member);
/* "A,B" as an array, named as the option. */
void body_words(const struct cli *c, struct jsonw *w, const char *option);
/* "yes" or "no". E_USAGE. */
int body_yes(const struct cli *c, struct jsonw *w, const char *option, const char *member, struct err *e) CHECKED;
/* The cmd's path with {id} filled in by the first argument, and query parameters from options of these names. */
int path_of(const struct cli *c, struct str *ret, struct err *e) CHECKED;
/* Percent-encodes what a query's value may not hold. */
struct str url_encode(struct arena *a, struct str s);

/* -- ask.c: from the terminal without echo, or the first line of standard input. E_USAGE when there is none. */
int ask_password(struct arena *a, const char *prompt, struct str *ret, struct err *e) CHECKED;

/* -- run.c: commands that are only rows. */
int run_list(struct cli *c, struct err *e);
int run_show(struct cli *c, struct err *e);
int run_post(struct cli *c, struct err *e); /* POST without a body; shows the answer */
int run_delete(struct cli *c, struct err *e);

/* -- cmd_subscription.c */
extern const struct col cols_subscriptions[];

/* -- cmd_attachment.c: uploads a file; *ret is what the service says about it. */
int attachment_send(struct cli *c, const char *path, const struct json **ret, struct err *e) CHECKED;

/* -- out.c */
void out_json(const struct json *v, struct arena *a);
void out_table(const struct json *items, const struct col *cols, struct arena *a);
void out_details(const struct json *v, const struct col *cols, struct arena *a);
/* The same with the values at a column of one's own, so that several blocks below each other line up. */
void out_details_at(const struct json *v, const struct col *cols, size_t width, struct arena *a);
/* A list within an object's details, below its title (NULL: none); nothing when it is empty. */
void out_part(const char *title, const struct json *items, const struct col *cols, struct arena *a);
/* With --json the answer itself, else details. */
void out_answer(const struct cli *c, const struct json *v, const struct col *cols);
void out_err(const struct cli *c, const struct err *e);
struct str out_cell(const struct json *row, const struct col *col, struct arena *a);
/* What comes from the network goes to a terminal: nothing that it would obey. */
struct str out_harmless(struct str s, struct arena *a);
/* -- step.c: what to do next: the calls of the API that the text names become commands. */
struct str out_step(struct str s, struct arena *a);
/* Places on a terminal: wide characters take two. */
size_t out_width(struct str s);

/* -- config.c */
struct server {
	struct str name, url, key, ca;
};
int config_read(struct arena *a, struct server **ret, size_t *ret_n, struct str *ret_default, struct err *e) CHECKED;
/* Adds or replaces by name; makes it the default when it is the first or `make_default`. */
int config_put(const struct server *server, bool make_default, struct arena *a, struct err *e) CHECKED;
int config_remove(struct str name, struct arena *a, struct err *e) CHECKED;
/* The folder, made when missing. */
int config_dir(struct arena *a, const char **ret, struct err *e) CHECKED;
/* Finds out which server is meant: fills c->url, key, ca_file. */
int config_server(struct cli *c, struct err *e) CHECKED;
/* The certificates of a PEM text that a TLS library can use; roots_only: only self-signed ones. */
void roots_for_tls(struct str pem, bool roots_only, struct arena *a, struct buf *out);
/* What admin.json says; ca: a bundle of DIR/ca's roots as PEM text. */
int admin_file_read(const char *path, struct arena *a, struct server *ret, struct str *ret_bundle, struct err *e) CHECKED;
