/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/announce.h"

#include <stdio.h>

void
announce_step(void *arg, const char *step, const char *detail, int64_t took_ms)
{
	(void)arg;
	printf("  %-16s %-52s %6.2f s\n", step, detail, (double)took_ms / 1000);
	fflush(stdout);
}

void
announce_ready(const struct config *conf, const char *url)
{
	printf("\nSignet serves at %s/console/\n"
	       "The administrator's password and access key are in %s/admin.json.\n\n"
	       "Try this in another terminal (no DNS or network needed):\n\n"
	       "  export SIGNET_ADMIN_FILE=%s/admin.json PATH=\"$PWD/build:$PATH\"\n"
	       "  ID=$(signet apply --product internal --method internal --buy --wait --print certificate localhost)\n"
	       "  signet certificates show $ID\n"
	       "  signet certificates download $ID --format nginx --out .\n"
	       "  signet certificates revoke $ID --reason superseded && signet ocsp $ID\n\n",
		url, conf->data, conf->data);
	fflush(stdout);
}

void
announce_failure(const struct err *e)
{
	fprintf(stderr, "signetd: %s\n", e->msg);
	if (err_hint_text(e)[0])
		fprintf(stderr, "hint: %s\n", err_hint_text(e));
}
