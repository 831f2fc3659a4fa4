/* SPDX-License-Identifier: Apache-2.0 */
/* The play: random acts on the service and on the reference model, compared after each. */
#pragma once

#include "model.h"
#include "model/words.h"
#include "world.h"

struct proofs;

struct play {
	struct world w;
	struct model m;
	struct caller callers[M_ACCOUNTS];
	struct proofs *proofs; /* the applicants' web server */
	struct arena arena; /* of one act */
	uint64_t rand, seed;
	unsigned step, compare_every;
	int names; /* how many were thought of */
	char told[512]; /* the act as it is shown */
	bool refused_act; /* the last one was */
	int touched; /* the application that the act was about, -1: none */
	char log[24][600]; /* the latest acts */
};

/* -- chance */
uint64_t play_below(struct play *p, uint64_t n);
bool play_chance(struct play *p, unsigned percent);
int64_t play_now(const struct play *p);

/* What the act is, for the log. */
void play_tell(struct play *p, const char *fmt, ...) PRINTF(2, 3);
/* Ends the run, telling seed, step and the latest acts. */
void play_fail(const struct play *p, const char *fmt, ...) PRINTF(2, 3) __attribute__((noreturn));
/* The result's class must be one of `want`. true: the act was accepted. */
bool play_result(struct play *p, unsigned want, int r, const struct err *e);
/* PostgreSQL's clock is asked once a second. */
#define PLAY_SLACK_MS 2000
/* The value lies between what the rule gives for the instants before and after the call. */
void play_between(const struct play *p, const char *what, int64_t value, int64_t from, int64_t to);

struct act {
	const char *name;
	unsigned weight;
	void (*run)(struct play *p);
	unsigned done, refused; /* counted */
};
/* Tables, each ends with a row without name. A new act of the service is a row here and a rule in the model. */
extern struct act acts_money[], acts_apply[], acts_order[], acts_ticket[], acts_review[], acts_certificate[];

/* Takes over when values to publish, proofs and the waiting end, each within what its rule gives for an act that began at
 * `from`. */
struct application_view;
void play_adopt_times(struct play *p, int app, const struct application_view *v, int64_t from);

/* The draft that a successor has when it can be used. */
void play_adopt_draft(struct play *p, int sub);
/* What time does by itself, on both. */
void play_sweep(struct play *p);

/* All names are proven, and nobody waits: what the service made of it must be what the right and the names allow. */
void play_after_proofs(struct play *p, int app, const struct application_view *v, int64_t from);

/* The person behind the mail presses the button: E_LINK_DEAD where no link waits. */
int play_use_link(struct play *p, int account, enum link_purpose purpose, int64_t object, struct err *e) CHECKED;

/* Everything that both know. touched: the application whose authorizations are compared too, -1: none. */
void compare_all(struct play *p);
void compare_application(struct play *p, int app);

/* -- the applicants' web server: one file per host */
struct proofs *proofs_start(uint16_t *ret_port);
void proofs_put(struct proofs *f, const char *host, struct str value);
void proofs_stop(struct proofs *f);
