/* SPDX-License-Identifier: Apache-2.0 */
/* bench KIND [ARGUMENTS]: see README.md. */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "os/sandbox.h"

static const struct {
	const char *name;
	int (*fn)(int argc, char **argv);
	const char *arguments;
} kinds[] = {
	{"raw", raw_main, "DIR"},
	{"issue", issue_main, "sqlite|postgresql process|inside [CERTIFICATES]"},
	{"sign", sign_main, ""},
	{"http", http_main, "THREADS COUNT URL [CA KEY LINES]"},
	{"requests", requests_main, "COUNT NAME"},
	{"start", start_main, "sqlite|postgresql [CERTIFICATES]"},
	{"lists", lists_main, "sqlite|postgresql [ORDERS]"},
	{"stored", stored_main, "sqlite|postgresql [CERTIFICATES]"},
	{"path", path_main, ""},
	{"inspect", inspect_main, "TARGETS ROOT PEER"},
	{"validate", validate_main, "sqlite|postgresql APPLICATIONS RESOLVER ANCHOR RECORDS"},
};

int
main(int argc, char **argv)
{
	/* the allocator as the service has it */
	sandbox_prepare();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (argc > 1 && strcmp(argv[1], kinds[i].name) == 0)
			return kinds[i].fn(argc - 2, argv + 2);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		fprintf(stderr, "bench %s %s\n", kinds[i].name, kinds[i].arguments);
	return 2;
}
