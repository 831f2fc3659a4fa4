/* SPDX-License-Identifier: Apache-2.0 */
/* A PostgreSQL cluster of the test's own, gone when the test's process is. What fails here aborts the test. */
#pragma once

#include <stdbool.h>

struct pg_server;

/* Makes a cluster in a fresh temporary directory and starts it. durable: with fsync. NULL: no server is installed. */
struct pg_server *pg_server_new(bool durable);
const char *pg_server_url(const struct pg_server *s);
/* The processor's time that its living processes have used so far. */
double pg_server_cpu_s(const struct pg_server *s);
/* Ends it at once without a checkpoint, as a crash does; connections die. */
void pg_server_crash(struct pg_server *s);
/* Starts the crashed one again, on the same port. */
void pg_server_start(struct pg_server *s);
/* Stops it and removes its directory. Takes NULL; returns NULL. */
struct pg_server *pg_server_free(struct pg_server *s);
