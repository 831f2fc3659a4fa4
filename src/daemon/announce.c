/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/announce.h"

#include <limits.h>
#include <stdio.h>

#include "base/buf.h"

#define TEXT_MAX (4 * PATH_MAX)

void
announce_step(void *arg, const char *step, const char *detail, int64_t took_ms)
{
	(void)arg;
	if (took_ms < 1000)
		printf("  %-16s %-52s %5lld ms\n", step, detail, (long long)took_ms);
	else
		printf("  %-16s %-52s %5.1f s\n", step, detail, (double)took_ms / 1000);
	fflush(stdout);
}

static bool
is_plain(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+")] == '\0';
}

/* As a word for the shell, whatever the folder is called. */
static void
put_path(struct buf *b, const char *s)
{
	if (is_plain(s)) {
		buf_put_c(b, s);
		return;
	}
	buf_put_c(b, "'");
	for (; *s; s++) {
		if (*s == '\'')
			buf_put_c(b, "'\\''");
		else
			buf_put(b, s, 1);
	}
	buf_put_c(b, "'");
}

void
announce_ready(const char *url, const char *data, const char *cli)
{
	BUF(admin, 2 * TEXT_MAX);
	BUF(path, 2 * TEXT_MAX);

	put_path(&admin, data);
	if (cli) {
		buf_put_c(&path, " PATH=");
		put_path(&path, cli);
		buf_put_c(&path, ":\"$PATH\"");
	}
	printf("\nSignet serves at %s/console/\n"
	       "The administrator's password and access key are in %s/admin.json.\n\n"
	       "Try this in another terminal (no DNS or network needed):\n\n"
	       "  export SIGNET_ADMIN_FILE=%.*s/admin.json%.*s\n"
	       "  ID=$(signet apply \"$(hostname)\" --product internal --method internal --buy --wait --print certificate)\n"
	       "  signet certificates show $ID\n"
	       "  signet certificates download $ID --format nginx\n"
	       "  signet certificates revoke $ID --reason superseded; signet ocsp $ID\n\n",
		url, data, STRF(buf_str(&admin)), STRF(buf_str(&path)));
	fflush(stdout);
}

void
announce_failure(const struct err *e)
{
	const char *hint = err_hint_text(e);

	if (!e->hint[0] && e->code == E_DB_DOWN)
		hint = "Start the database, or correct --db, and start again.";
	if (!e->hint[0] && e->code == E_DB_ERROR)
		hint = "Mend what the message says, or restore the database from its backup.";
	fprintf(stderr, "signetd: %s%s%s\n", e->msg, e->detail[0] ? ": " : "", e->detail);
	if (hint[0])
		fprintf(stderr, "hint: %s\n", hint);
}
