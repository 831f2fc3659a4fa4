/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the benchmarks share: rows of figures, percentiles, crowds of threads. A figure goes to standard output as one
 * line of columns parted by tabs, which tools/bench makes into a table. What fails aborts.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* peer: what the figure stands beside in the same run, or NULL. promised: "2000 / 3500" (least / aim), or NULL. */
void figure(const char *name, double value, const char *unit, const char *peer, double peer_value, const char *promised);
/* A fact about the machine, for the table's foot. */
void fact(const char *name, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

double now_s(void); /* monotonic */
double cpu_s(void); /* user and system time of this process so far */
/* Sorts v. percent: 0 … 100. */
double percentile(double *v, size_t n, double percent);

/* Runs fn(arg, i) for each i below n, on so many threads of that name; each takes the next i. */
void crowd(const char *name, unsigned threads, size_t n, void (*fn)(void *arg, size_t i), void *arg);

/* One for each kind of benchmark; argv: what stands behind the kind's name. The value is the exit code. */
int raw_main(int argc, char **argv);
int issue_main(int argc, char **argv);
int sign_main(int argc, char **argv);
int http_main(int argc, char **argv);
int requests_main(int argc, char **argv);
int start_main(int argc, char **argv);
int lists_main(int argc, char **argv);
int stored_main(int argc, char **argv);
int path_main(int argc, char **argv);
int inspect_main(int argc, char **argv);
int validate_main(int argc, char **argv);
