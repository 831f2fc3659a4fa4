/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of three RSA certificates made and verified by the OpenSSL library alone: what src/inspect stands beside. */
#pragma once

#include "base/arena.h"

#define CHAIN_HOST "www.example.com"

struct bare_chain;

/* Leaf, intermediate, root: RSA-2048, SHA-256, made anew. */
struct bare_chain *bare_chain_new(void);
void bare_chain_free(struct bare_chain *b);
/* DER of certificate i (0: the leaf). */
struct blob bare_chain_der(const struct bare_chain *b, unsigned i, struct arena *a);
/* X509_verify_cert() for a TLS server and CHAIN_HOST, on certificates that are read already. Aborts when it fails. */
void bare_chain_verify(const struct bare_chain *b);
/* The same on DER. */
void bare_chain_read_and_verify(const struct blob ders[3]);
/* PEM of certificate i, written to path. */
void bare_chain_write(const struct bare_chain *b, unsigned i, const char *path);
