/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load over HTTP on connections that stay open. http THREADS COUNT URL: so many GETs.
 * http THREADS COUNT URL CA KEY LINES: orders. Each line of the file LINES is the body of one POST to the applications at
 * URL; then that application is verified, which issues its certificate.
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

/* Keeps the beginning of an answer. */
struct answer {
	char text[4096];
	size_t n;
};

static size_t
keep(char *p, size_t size, size_t n, void *arg)
{
	struct answer *a = arg;
	size_t room = sizeof(a->text) - 1 - a->n, take = MIN(size * n, room);

	memcpy(a->text + a->n, p, take);
	a->n += take;
	a->text[a->n] = '\0';
	return size * n;
}

static CURL *
handle_new(const struct load *l, struct answer *a)
{
	CURL *h = curl_easy_init();

	if (!h)
		abort();
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, a);
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	if (l->ca)
		curl_easy_setopt(h, CURLOPT_CAINFO, l->ca);
	if (l->head)
		curl_easy_setopt(h, CURLOPT_HTTPHEADER, l->head);
	return h;
}

static bool
ask(CURL *h, const char *url, const char *body, struct answer *a)
{
	long status = 0;

	a->n = 0;
	a->text[0] = '\0';
	curl_easy_setopt(h, CURLOPT_URL, url);
	if (body)
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, body);
	if (curl_easy_perform(h) == CURLE_OK)
		curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200 && status < 300;
}

/* The application's id is the first in its JSON. */
static bool
order(CURL *h, const struct load *l, const char *body, struct answer *a)
{
	char url[300];
	const char *id;

	if (!ask(h, l->url, body, a) || !(id = strstr(a->text, "\"id\":")))
		return false;
	snprintf(url, sizeof(url), "%s/%ld:verify", l->url, strtol(id + 5, NULL, 10));
	return ask(h, url, "", a) && strstr(a->text, "\"issued\"");
}

static void *
load_main(void *arg)
{
	struct load *l = arg;
	struct answer a;
	CURL *h = handle_new(l, &a);

	for (size_t i; (i = atomic_fetch_add(&l->next, 1)) < l->n;) {
		if (l->lines ? order(h, l, l->lines[i], &a) : ask(h, l->url, NULL, &a))
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
