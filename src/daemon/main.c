/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inject.h"
#include "base/log.h"
#include "daemon/perspective.h"
#include "daemon/supervisor.h"
#include "os/sandbox.h"

static int
failed(const struct err *e)
{
	fprintf(stderr, "signetd: %s\n", e->msg);
	if (err_hint_text(e)[0])
		fprintf(stderr, "hint: %s\n", err_hint_text(e));
	return err_info(e->code)->exit;
}

int
main(int argc, char **argv)
{
	struct config c;
	enum config_wish wish;
	ARENA(a);
	ERR(e);
	int r;

	sandbox_prepare();
	clock_init();
	inject_init();
	log_init("supervisor", STDERR_FILENO, LOG_INFO);
	if (config_read(argc, argv, &a, &c, &wish, &e) < 0)
		return failed(&e);
	if (wish == CONFIG_HELP) {
		struct str text = config_help(&a);

		printf("%.*s", STRF(text));
		return 0;
	}
	if (wish == CONFIG_VERSION) {
		printf("signetd %s\n", SIGNET_VERSION);
		return 0;
	}
	log_least(c.log_level);
	r = c.role == CONFIG_PERSPECTIVE ? perspective_run(&c, &a, &e) : supervisor_run(&c, argc, argv, &a, &e);
	return r < 0 ? failed(&e) : r;
}
