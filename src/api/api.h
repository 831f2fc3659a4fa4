/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The doors: REST, OCSP, CRL and AIA, the console's page, health and metrics. The functions fit struct
 * http_server_conf with `struct api *` as their arg.
 */
#pragma once

#include "net/http_server.h"
#include "service/svc.h"

struct api_conf {
	struct svc *svc;
	struct lane *fast, *password, *status, *validate; /* the caller's */
	const char *url; /* https address of the service, without a final slash: where plain HTTP is sent */
	/* First start has finished and the service serves; before, REST answers 503. Any thread. */
	bool (*ready)(void *arg);
	void *arg;
};

struct api;
/* Texts of conf must outlive the api. */
int api_new(const struct api_conf *conf, struct api **ret, struct err *e) CHECKED;
struct api *api_free(struct api *a);

/* http_server_conf's fast, handle, body_max, pick_lane. */
bool api_fast(void *arg, struct http_request *rq, struct http_response *rs);
void api_handle(void *arg, struct http_request *rq, struct http_response *rs);
size_t api_body_max(void *arg, enum http_method m, struct str path);
struct lane *api_pick_lane(void *arg, enum http_method m, struct str path);
