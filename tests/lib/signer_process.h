/* SPDX-License-Identifier: Apache-2.0 */
/* The real signet-signer, started as its supervisor starts it, for one core: this process. What fails here aborts. */
#pragma once

struct signer_process;
struct signer_client;

/* Runs the program exe on the directory; the client is ready at once. */
struct signer_process *signer_process_new(const char *exe, int dirfd, struct signer_client **ret);
/* Stops it and waits for its end; the client goes too. Takes NULL; returns NULL. */
struct signer_process *signer_process_free(struct signer_process *p);
