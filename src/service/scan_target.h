/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is to be looked at, as people write it: "www.example.com", "192.0.2.7", "192.0.2.0/24", "2001:db8::/112", and of the
 * first two kinds with a port: "www.example.com:8443", "[2001:db8::7]:443". A plan is a row of places, numbered, so that
 * work can go on anywhere in it.
 */
#pragma once

#include "net/addr.h"

#define SCAN_TARGETS_MAX 256
#define SCAN_TARGET_MAX 280
#define SCAN_PORTS_MAX 32
#define SCAN_BITS4_MIN 16 /* the widest networks */
#define SCAN_BITS6_MIN 112

struct scan_target {
	struct str text; /* in the one form */
	struct str host; /* A-labels; {NULL, 0}: an address or a network */
	struct addr_net net; /* of an address all bits */
	uint32_t size; /* how many addresses; of a name 1 */
	uint16_t port; /* 0: the plan's ports */
};

struct scan_plan {
	const struct scan_target *targets;
	size_t n_targets;
	uint16_t ports[SCAN_PORTS_MAX];
	size_t n_ports;
	int64_t total;
};

struct scan_place {
	struct str host; /* the name, or the address as text */
	bool is_ip;
	struct addr ip; /* without its port */
	uint16_t port;
	bool alone; /* somebody has named this one, and wants to know why nobody answers */
};

/* One target; networks are E_SCAN_TARGET where they are not wanted. E_SCAN_TARGET, E_SCAN_WIDE, E_NAME_*. */
int scan_target_read(struct str text, bool networks, const char *field, struct arena *a, struct scan_target *ret,
	struct err *e) CHECKED;
/* All faults at once, at targets[…] and ports[…]. */
int scan_plan_read(const struct str *texts, size_t n, const int64_t *ports, size_t n_ports, struct arena *a,
	struct scan_plan *ret, struct err *e) CHECKED;
/* The place of this number, 0 … total - 1: of a network first one port of all addresses, then the next. */
struct scan_place scan_plan_at(const struct scan_plan *p, int64_t i, struct arena *a);
