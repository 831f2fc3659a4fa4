/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over every file of the folders given, without libFuzzer: corpora as plain tests in any build. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX (1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
run_file(const char *path)
{
	static uint8_t room[INPUT_MAX];
	FILE *f = fopen(path, "rb");
	uint8_t *exact;
	size_t n;

	if (!f) {
		perror(path);
		return 1;
	}
	n = fread(room, 1, sizeof(room), f);
	fclose(f);
	/* A block of exactly this size, so that the address sanitizer sees the first byte beyond. */
	exact = malloc(n ? n : 1);
	if (!exact)
		return 1;
	memcpy(exact, room, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

static int
run_folder(const char *folder, unsigned *n)
{
	char path[4096];
	struct dirent *d;
	int bad = 0;
	DIR *dir = opendir(folder);

	if (!dir) {
		perror(folder);
		return 1;
	}
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, d->d_name);
		bad |= run_file(path);
		++*n;
	}
	closedir(dir);
	return bad;
}

int
main(int argc, char **argv)
{
	unsigned n = 0;
	int bad = 0;

	for (int i = 1; i < argc; i++)
		bad |= run_folder(argv[i], &n);
	printf("%u inputs\n", n);
	return bad || n == 0;
}
