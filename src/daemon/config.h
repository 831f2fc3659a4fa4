/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator said, from the command line and the configuration file (rows of params.def). */
#pragma once

#include "base/err.h"
#include "base/log.h"
#include "net/addr.h"

#define CONFIG_LISTENERS_MAX 16
#define CONFIG_IDENTITIES_MAX 16
#define CONFIG_NETS_MAX 32
#define CONFIG_PERSPECTIVES_MAX 16
#define CONFIG_KEY_LEN 32

enum config_role { CONFIG_SERVICE, CONFIG_PERSPECTIVE };

struct config_perspective {
	const char *name, *region, *key_file;
	struct addr address;
	uint8_t key[CONFIG_KEY_LEN]; /* read by the supervisor, for the core that it forks */
};

struct config {
	const char *data; /* the data directory */
	const char *db;	  /* "sqlite", or a postgresql:// address */
	struct addr listen_https[CONFIG_LISTENERS_MAX], listen_http[CONFIG_LISTENERS_MAX];
	unsigned n_https, n_http;
	const char *status_url;		     /* without a final slash; never NULL once checked */
	const char *resolver, *trust_anchor; /* NULL: none */
	struct str caa_identities[CONFIG_IDENTITIES_MAX]; /* default: the host of status_url */
	unsigned n_caa_identities;
	const char *blocked_keys; /* file; NULL: none */
	uint16_t validation_http_port, validation_https_port;
	struct addr_net validation_allow[CONFIG_NETS_MAX];
	unsigned n_validation_allow;
	bool four_eyes; /* two reviewers must approve */
	enum config_role role;
	struct config_perspective perspectives[CONFIG_PERSPECTIVES_MAX];
	unsigned n_perspectives;
	const char *public_url; /* without a final slash; NULL: the first HTTPS listener */
	const char *mail_server, *mail_from, *mail_user, *mail_password, *mail_ca; /* NULL: none */
	bool mail_clear;
	struct addr_net webhook_allow[CONFIG_NETS_MAX];
	unsigned n_webhook_allow;
	struct addr_net fetch_allow[CONFIG_NETS_MAX];
	unsigned n_fetch_allow;
	struct addr_net scan_allow[CONFIG_NETS_MAX];
	unsigned n_scan_allow;
	const char *webhook_ca;
	enum log_level log_level;
	bool insecure_no_sandbox;
	struct str text; /* of the file of --config; {NULL, 0}: there is none */
};

/* The files that the core reads. It may be let through to none of them: the supervisor opens them. */
enum config_file { CONFIG_TRUST_ANCHOR, CONFIG_BLOCKED_KEYS, CONFIG_MAIL_CA, CONFIG_WEBHOOK_CA, CONFIG_FILES };

enum config_wish { CONFIG_RUN, CONFIG_HELP, CONFIG_VERSION };

/*
 * Reads the command line and the file that --config names, and checks the whole (all but the data
 * directory itself). What *ret points at lives in the arena or in argv. status_url is NULL where
 * the first plain listener's address is to be taken, whose port may be known only when it is bound:
 * config_bound(). E_CONFIG, E_USAGE.
 */
int config_read(int argc, char **argv, struct arena *a, struct config *ret,
	enum config_wish *ret_wish, struct err *e) CHECKED;
/* Fills what depends on the bound addresses: status_url and caa_identities where nothing was said.
 */
void config_bound(struct config *c, const struct addr *first_http, struct arena *a);
/* -- reading again (SIGHUP) */

/* As config_read(), with the file's text given. */
int config_read_text(int argc, char **argv, struct str text, struct arena *a, struct config *ret,
	struct err *e) CHECKED;
/* What n says of parameters that want a restart becomes what stands, and *ret gets their names;
 * then config_bound(). first_http: as there. Returns how many. */
#define CONFIG_PARAMS_MAX 64
unsigned config_settle(struct config *n, const struct config *old, const struct addr *first_http,
	struct arena *a, const char *ret[CONFIG_PARAMS_MAX]);
const char *config_file_path(const struct config *c, enum config_file file); /* NULL: none */
/* -1 for those that are not wanted. On failure none is open. E_CONFIG names the parameter. */
int config_files_open(const struct config *c, int ret_fds[CONFIG_FILES], struct err *e) CHECKED;
void config_files_close(int fds[CONFIG_FILES]);

/* What --help prints. */
struct str config_help(struct arena *a);
