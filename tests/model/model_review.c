/* SPDX-License-Identifier: Apache-2.0 */
/* The contact's word and the reviewer's, in the reference model. */
#include "model.h"

#include <string.h>

static bool
on_its_way(const struct m_app *a)
{
	return a->state == MA_VALIDATING || a->state == MA_REVIEWING;
}

void
m_word_void(struct m_app *a)
{
	bool same = a->n == a->n_word_names;

	for (size_t i = 0; same && i < a->n; i++)
		same = strcmp(a->names[i].name, a->word_names[i]) == 0;
	if (!same)
		a->word = MW_NONE;
}

void
m_ask_word(struct m_app *a, int64_t now)
{
	if (!a->ov)
		return;
	m_word_void(a);
	if (a->word == MW_GIVEN)
		return;
	a->word = MW_ASKED;
	a->word_until = now + M_CONFIRM;
	a->n_word_names = a->n;
	for (size_t i = 0; i < a->n; i++)
		memcpy(a->word_names[i], a->names[i].name, M_NAME_LEN);
}

bool
m_confirm(struct model *m, int app)
{
	struct m_app *a = &m->apps[app];

	if (a->word != MW_ASKED || !on_its_way(a))
		return false;
	a->word = MW_GIVEN;
	return true;
}

unsigned
m_approve(struct model *m, int app, int64_t now)
{
	struct m_app *a = &m->apps[app];
	bool proven = true;

	/* what CAA says of names cannot be looked up here, and nobody approves what it may forbid */
	if (a->state == MA_REVIEWING && !a->addresses)
		return a->word == MW_GIVEN ? WANT_INPUT : WANT_INPUT | WANT_STATE;
	if (a->state != MA_REVIEWING || a->word != MW_GIVEN)
		return WANT_STATE;
	for (size_t i = 0; i < a->n; i++)
		proven = proven && a->names[i].valid && a->names[i].until > now;
	a->state = proven ? MA_ISSUING : MA_VALIDATING;
	if (proven)
		return WANT_OK;
	a->deadline = now + M_VALIDATING;
	m_ask_proofs(m, app, now);
	return WANT_OK;
}

unsigned
m_reject(struct model *m, int app)
{
	struct m_app *a = &m->apps[app];

	if (a->state != MA_REVIEWING)
		return WANT_STATE;
	a->state = MA_FAILED;
	return WANT_OK;
}

void
m_word_lapse(struct m_app *a, int64_t now)
{
	if (a->word != MW_ASKED || a->word_until > now)
		return;
	a->word = MW_NONE;
	if (on_its_way(a))
		a->state = MA_FAILED;
}
