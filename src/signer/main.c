/* SPDX-License-Identifier: Apache-2.0 */
/* The process signet-signer. Started by signetd with its descriptors; nobody calls it by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inject.h"
#include "base/log.h"
#include "crypto/crypto.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/sandbox.h"
#include "os/signals.h"
#include "signer/server.h"
#include "signer/signer.h"

struct args {
	uint64_t control_fd, dir_fd, parent, uid, insecure;
};

/* "name=value" in any order, all of them: the supervisor writes them. */
static int
read_args(int argc, char **argv, struct args *ret, struct err *e)
{
	struct args a = {0};
	const struct {
		const char *name;
		uint64_t *to;
	} rows[] = {
		{"control", &a.control_fd},
		{"dir", &a.dir_fd},
		{"parent", &a.parent},
		{"uid", &a.uid},
		{"insecure", &a.insecure},
	};
	unsigned seen = 0;

	for (int i = 1; i < argc; i++) {
		struct str value = str_c(argv[i]), name = str_cut(&value, '=');

		for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
			if (str_eq_c(name, rows[k].name) && str_u64(value, UINT32_MAX, rows[k].to))
				seen |= 1U << k;
		}
	}
	if (seen != (1U << ARRAY_LEN(rows)) - 1) {
		err_set(e, E_USAGE, "signet-signer is a part of signetd, which starts it");
		err_hint(e, "Run signetd.");
		return e->code;
	}
	*ret = a;
	return 0;
}

static int
confine(const struct args *a, struct err *e)
{
	const struct sandbox_path paths[] = {{.fd = (int)a->dir_fd, .write = true}};
	const struct sandbox_conf c = {
		.role = SANDBOX_SIGNER,
		.paths = paths,
		.n_paths = ARRAY_LEN(paths),
		.uid = (uid_t)a->uid,
		.parent = (pid_t)a->parent,
		.off = a->insecure != 0,
	};
	struct sandbox_report rep = {0};
	int r = sandbox_confine(&c, &rep, e);

	if (r == 0)
		log_event(a->insecure ? LOG_WARN : LOG_DEBUG, "signer.sandbox",
			F_INT("landlock", rep.landlock), F_INT("own_uid", rep.own_uid));
	return r;
}

static int
open_all(const struct args *a, int signal_fd, struct server **ret, struct err *e)
{
	struct signer *signer;
	int r = crypto_init(e);

	if (r == 0)
		r = fd_cloexec((int)a->control_fd, true, e);
	if (r == 0)
		r = fd_cloexec((int)a->dir_fd, true, e);
	if (r == 0)
		r = confine(a, e);
	if (r == 0)
		r = signer_open_dir((int)a->dir_fd, &signer, e);
	if (r < 0)
		return r;
	r = server_new(signer, (int)a->control_fd, signal_fd, ret, e);
	if (r == 0 && !a->insecure)
		r = sandbox_seal(SANDBOX_SIGNER, e);
	return r < 0 ? r : control_ready((int)a->control_fd, STR(""), e);
}

static int
failed(const struct err *e)
{
	log_err(LOG_ERROR, "signer.start.failed", e);
	if (err_hint_text(e)[0])
		log_event(LOG_ERROR, "signer.start.hint", F_STR("hint", err_hint_text(e)));
	return err_info(e->code)->exit;
}

int
main(int argc, char **argv)
{
	struct server *server = NULL;
	struct args a = {0};
	FD(signal_fd);
	ERR(e);
	int code;

	sandbox_prepare();
	clock_init();
	inject_init();
	log_init("signer", STDERR_FILENO, LOG_INFO);
	if (read_args(argc, argv, &a, &e) < 0) {
		fprintf(stderr, "signet-signer: %s\n%s\n", e.msg, err_hint_text(&e));
		return err_info(e.code)->exit;
	}
	if (signals_open(&signal_fd, &e) < 0 || open_all(&a, signal_fd, &server, &e) < 0)
		return failed(&e);
	log_event(LOG_INFO, "signer.ready");
	code = server_run(server);
	server_free(server);
	log_event(LOG_INFO, "signer.stopped");
	return code;
}
