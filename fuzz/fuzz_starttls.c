/* SPDX-License-Identifier: Apache-2.0 */
/* What a server says before TLS begins. Input: a byte for the protocol, one for the size of the pieces that arrive, then the
 * server's bytes. */
#include "net/starttls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct end {
	enum starttls_next how;
	size_t seen;
	unsigned sent;
	struct starttls_talk talk;
};

/* All of what has come is shown to the talk, in pieces, until it ends or nothing is left. */
static struct end
talk(enum starttls kind, struct blob says, size_t piece)
{
	struct end end = {.talk = {.kind = kind}};
	uint8_t seen[STARTTLS_ANSWER_MAX];

	for (;;) {
		struct blob send = {NULL, 0};
		size_t more;

		end.how = starttls_step(&end.talk, BLOB(seen, end.seen), &send);
		BUG_ON(end.talk.used > end.seen || end.talk.n_words > sizeof(end.talk.words));
		BUG_ON((end.how == STARTTLS_SEND) != (send.n > 0));
		end.sent += end.how == STARTTLS_SEND;
		BUG_ON(end.sent > 2); /* no server makes us talk on */
		if (end.how == STARTTLS_SEND)
			continue;
		more = MIN(MIN(piece, says.n - end.seen), sizeof(seen) - end.seen);
		if (end.how != STARTTLS_WAIT || more == 0)
			return end;
		memcpy(seen + end.seen, says.p + end.seen, more);
		end.seen += more;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct end whole, drips;
	enum starttls kind;
	struct blob says;

	if (size < 2)
		return 0;
	kind = (enum starttls)(data[0] % STARTTLS_KINDS);
	says = BLOB(data + 2, size - 2);
	whole = talk(kind, says, STARTTLS_ANSWER_MAX);
	drips = talk(kind, says, 1);
	if (whole.how == STARTTLS_READY) {
		BUG_ON(whole.talk.used != whole.seen); /* nothing plain is left for TLS to read */
		BUG_ON(kind != STARTTLS_NONE && !whole.talk.offered);
	}
	/* How the bytes are cut changes nothing, but that a surplus may not have come yet. */
	BUG_ON(whole.how == STARTTLS_SURPLUS ? drips.how != STARTTLS_READY && drips.how != STARTTLS_SURPLUS
					     : drips.how != whole.how);
	talk(kind, says, 1u + data[1]);
	return 0;
}
