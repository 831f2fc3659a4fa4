/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load over HTTP on connections that stay open. http THREADS COUNT URL: so many GETs.
 * http THREADS COUNT URL CA KEY LINES: each line of the file LINES is the body of one POST.
 */
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "bench.h"

struct load {
	const char *url, *ca;
	struct curl_slist *head;
	char **lines; /* bodies, or NULL */
	size_t n;
	_Atomic size_t next, good;
};

static size_t
drop(UNUSED char *p, size_t size, size_t n, UNUSED void *arg)
{
	return size * n;
}

static CURL *
handle_new(const struct load *l)
{
	CURL *h = curl_easy_init();

	if (!h)
		abort();
	curl_easy_setopt(h, CURLOPT_URL, l->url);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	if (l->ca)
		curl_easy_setopt(h, CURLOPT_CAINFO, l->ca);
	if (l->head)
		curl_easy_setopt(h, CURLOPT_HTTPHEADER, l->head);
	return h;
}

static void *
load_main(void *arg)
{
	struct load *l = arg;
	CURL *h = handle_new(l);

	for (size_t i; (i = atomic_fetch_add(&l->next, 1)) < l->n;) {
		long status = 0;

		if (l->lines)
			curl_easy_setopt(h, CURLOPT_POSTFIELDS, l->lines[i]);
		if (curl_easy_perform(h) == CURLE_OK)
			curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
		if (status >= 200 && status < 300)
			atomic_fetch_add(&l->good, 1);
	}
	curl_easy_cleanup(h);
	return NULL;
}

static void
read_lines(struct load *l, const char *path)
{
	FILE *f = fopen(path, "re");
	size_t room = 0;

	l->lines = calloc(l->n, sizeof(*l->lines));
	for (size_t i = 0; f && l->lines && i < l->n; i++) {
		ssize_t n = getline(&l->lines[i], &(size_t){0}, f);

		room += n > 0;
	}
	if (!f || room != l->n)
		abort();
	fclose(f);
}

static void
set_head(struct load *l, const char *key)
{
	char line[300];

	snprintf(line, sizeof(line), "Authorization: Bearer %s", key);
	l->head = curl_slist_append(NULL, line);
	l->head = curl_slist_append(l->head, "Content-Type: application/json");
	l->head = curl_slist_append(l->head, "Expect:");
}

int
http_main(int argc, char **argv)
{
	struct load l = {0};
	uint64_t threads, n;
	pthread_t ids[256];
	double start;

	if (argc < 3 || !str_u64(str_c(argv[0]), ARRAY_LEN(ids), &threads) || !str_u64(str_c(argv[1]), 10000000, &n))
		return 2;
	l.url = argv[2];
	l.n = n;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (argc > 5) {
		l.ca = argv[3];
		set_head(&l, argv[4]);
		read_lines(&l, argv[5]);
	}
	start = now_s();
	for (unsigned i = 0; i < threads; i++) {
		if (pthread_create(&ids[i], NULL, load_main, &l) != 0)
			abort();
	}
	for (unsigned i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	printf("%zu %.6f\n", (size_t)l.good, now_s() - start);
	return 0;
}
