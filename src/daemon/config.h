/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator said, from the command line and the configuration file (rows of params.def). */
#pragma once

#include "base/err.h"
#include "net/addr.h"

#define CONFIG_LISTENERS_MAX 16
#define CONFIG_IDENTITIES_MAX 16
#define CONFIG_NETS_MAX 32

struct config {
	const char *data; /* the data directory */
	const char *db; /* "sqlite", or a postgresql:// address */
	struct addr listen_https[CONFIG_LISTENERS_MAX], listen_http[CONFIG_LISTENERS_MAX];
	unsigned n_https, n_http;
	const char *status_url; /* without a final slash; never NULL once checked */
	const char *resolver, *trust_anchor; /* NULL: none */
	struct str caa_identities[CONFIG_IDENTITIES_MAX]; /* default: the host of status_url */
	unsigned n_caa_identities;
	uint16_t validation_http_port, validation_https_port;
	struct addr_net validation_allow[CONFIG_NETS_MAX];
	unsigned n_validation_allow;
	bool insecure_no_sandbox;
};
