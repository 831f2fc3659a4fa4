/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that wait for seconds: for an RSA key, for what a passphrase opens, or for another thread that waits. They may take
 * half of a lane and half of the job threads, never all: those who bring a key of their own, or only have their proofs
 * looked at, go on. Who finds no place is told E_BUSY, and a job takes it up. Thread-safe.
 */
#pragma once

#include "service/svc_priv.h"

#define SLOW_CALLS_MAX 4 /* of the 8 threads of the lane that "verify now" runs on */
#define SLOW_JOBS_MAX 8 /* of 16 */

/* call: somebody waits for the answer; else a job. */
int slow_begin(struct svc *s, bool call, struct err *e) CHECKED;
void slow_end(struct svc *s, bool call);
