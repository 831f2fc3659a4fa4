/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the HTTP server share. Life of a connection (struct conn) and of a request (struct exchange):
 *
 *   loop thread   conn_started -> exchange_begin (request line) -> frame_check (headers) -> body -> whole -> fast
 *   lane          handle (the connection is suspended) -> resumed
 *   loop thread   answer -> exchange_end -> … -> conn_closed
 *
 * The server's mutex guards the lists, the counters, and the state of exchanges that a lane works on.
 */
#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/abstract.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "net/addr.h"
#include "net/http_server.h"

/*
 * Memory of the library per connection. It clears the whole of it after each request on a kept connection, so this is
 * what a kept connection holds. Only TLS listeners, where the API is served, take targets up to HTTP_TARGET_MAX.
 */
#define POOL_PLAIN ((size_t)32 * 1024)
#define POOL_TLS ((size_t)(HTTP_TARGET_MAX + 40 * 1024))
/* Of the memory a target may take all but this: the rest is for headers and the library's own records. */
#define POOL_FOR_HEADERS ((size_t)8 * 1024)
/* Over so much in all, keeping one more connection costs the oldest idle one. */
#define KEPT_BYTES_MAX ((size_t)32 * 1024 * 1024)
/* Bodies under way, of all connections together. */
#define BODIES_BYTES_MAX ((size_t)48 * 1024 * 1024)

enum conn_list {
	CONN_OFF, /* told to go, or not yet known */
	CONN_FRESH, /* accepted; has sent neither a TLS greeting nor a request line */
	CONN_IDLE, /* kept, between requests */
	CONN_RECEIVING, /* its handshake or request is not whole */
	CONN_WORKING, /* a lane has its request */
	CONN_ANSWERING,
	CONN_LISTS
};

struct conn {
	struct listener *listener;
	struct exchange *exchange; /* the request under way, or NULL */
	struct conn *next, *prev;
	enum conn_list list;
	int64_t since_ms; /* when it came into its list */
	int fd;
	bool gone; /* shut down; the library will close it */
	bool kept; /* counted in kept_bytes */
	char peer[INET6_ADDRSTRLEN];
};

struct conn_queue {
	struct conn *first, *last; /* oldest first */
	unsigned n;
};

enum exchange_state {
	EX_NEW, /* the request line is known */
	EX_BODY, /* headers are good */
	EX_LANE,
	EX_READY, /* the lane is done */
	EX_ABANDONED, /* the server stops; the lane has not finished */
	EX_ANSWERED
};

struct exchange {
	struct listener *listener;
	struct conn *conn;
	struct MHD_Connection *connection;
	enum exchange_state state; /* under the mutex from EX_LANE on */
	unsigned refs; /* the library's, the lane's; under the mutex */
	int fault; /* found at the request line: an error code, or 0 */
	const char *fault_text;
	const char *target_in_place; /* the library's copy, of which only the address and the length are used */
	const char *version;
	struct arena arena;
	struct http_request rq;
	struct http_response rs;
	uint64_t body_length;
	struct buf body;
};

struct tls_creds {
	gnutls_pcert_st certs[8];
	unsigned n;
	gnutls_privkey_t key;
	struct tls_creds *next; /* of those replaced */
	int64_t replaced_ms;
};

struct listener {
	struct http_server *server;
	unsigned index;
	bool tls;
	size_t pool;
	struct MHD_Daemon *daemon;
};

struct http_server {
	struct http_server_conf conf;
	struct listener *listeners;
	unsigned n_listeners;

	pthread_mutex_t mutex;
	pthread_cond_t changed; /* an exchange ended; the server stops */
	pthread_t sweeper;
	bool sweeping, stop_sweeper;
	unsigned refs; /* the owner's, and one per exchange on a lane */
	struct conn_queue lists[CONN_LISTS];
	unsigned n_conns; /* all that the library has open */
	unsigned n_gone; /* of those, told to go */
	unsigned n_exchanges;
	size_t kept_bytes;
	bool draining; /* no connection is kept */
	bool stopping; /* nothing goes to a lane any more */

	atomic_size_t bodies_bytes;
	_Atomic(struct tls_creds *) creds;
	struct tls_creds *replaced; /* under the mutex */
};

/* -- http_server_conn.c: connections, their number and their ages */

void conn_notify(void *cls, struct MHD_Connection *c, void **socket_context,
	enum MHD_ConnectionNotificationCode code);
/* Accept policy: false when the server is full. */
enum MHD_Result conn_accept(void *cls, const struct sockaddr *sa, socklen_t len);
struct conn *conn_of(struct MHD_Connection *c);
void conn_move(struct conn *c, enum conn_list to);
void conn_move_locked(struct conn *c, enum conn_list to);
/* It has sent the beginning of something. */
void conn_speaks(struct conn *c);
/* Whether the connection is to be kept after the answer under way. */
bool conn_keep(struct conn *c);
/* Tells every connection of the list to go that has no request under way. */
void conn_shut_all(struct http_server *s, enum conn_list list);
int conn_sweeper_start(struct http_server *s, struct err *e) CHECKED;
void conn_sweeper_stop(struct http_server *s);

/* -- http_server_frame.c: is this request one that every reader understands alike? */

/* At the request line: copies the target, which the library is about to take apart. */
void frame_target(struct exchange *ex, const char *target, size_t max);
/* Once the headers are there: fills in the request; 0 or the error (whose http is the status). */
int frame_check(struct exchange *ex, const char *method, const char *version, struct err *e) CHECKED;

/* -- http_server_exchange.c: from the request line to the end of the answer */

void *exchange_begin(void *cls, const char *target, struct MHD_Connection *c);
enum MHD_Result exchange_step(void *cls, struct MHD_Connection *c, const char *url, const char *method,
	const char *version, const char *body, size_t *body_size, void **context);
/* For a stop: gives up on all that a lane still works on. Under the mutex. */
void exchange_abandon_all(struct http_server *s);
void exchange_end(void *cls, struct MHD_Connection *c, void **context, enum MHD_RequestTerminationCode why);

/* -- http_server_tls.c */

extern const char tls_priorities[];
int tls_retrieve(gnutls_session_t session, const gnutls_datum_t *ca_names, int n_ca_names,
	const gnutls_pk_algorithm_t *algorithms, int n_algorithms, gnutls_pcert_st **ret_certs,
	unsigned int *ret_n, gnutls_privkey_t *ret_key);
/* Frees what was replaced long enough ago that no handshake can use it; all: whatever its age. */
void tls_forget(struct http_server *s, bool all);

/* -- http_server.c */

void server_unref_unlock(struct http_server *s);
