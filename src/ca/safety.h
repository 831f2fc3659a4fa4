/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the safety review holds an application against (SPEC 3.5): labels that a person looks at (policy/high-risk.txt) and
 * keys that are never certified because their private half is known (policy/blocked-keys.txt, and the operator's file).
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* A whole label of an A-label name, lower case. */
bool high_risk_label(struct str label);

/* A key's id: the first octets of the SHA-256 of its SubjectPublicKeyInfo. */
#define BLOCKED_ID_LEN 16
#define BLOCKED_KEYS_MAX 4000000
#define BLOCKED_FILE_MAX (384 * 1024 * 1024)

/* The operator's list, read once and then only searched: any thread. */
struct blocked_keys;
/*
 * Lines of 32 hex digits (the id) or 64 (the whole SHA-256), anything after a blank or '|' is a remark, '#' begins a
 * comment, empty lines. E_CONFIG names the line; E_TOO_LARGE beyond BLOCKED_KEYS_MAX keys.
 */
int blocked_keys_new(struct blob text, struct blocked_keys **ret, struct err *e) CHECKED;
struct blocked_keys *blocked_keys_free(struct blocked_keys *l);
/* Of the compiled list and this one (NULL: none). */
size_t blocked_keys_count(const struct blocked_keys *l);
/* Where the key was found: a source of the compiled list, "the operator's list", or NULL. */
const char *blocked_keys_find(const struct blocked_keys *l, const uint8_t spki_sha256[32]);
