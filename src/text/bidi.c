/* SPDX-License-Identifier: Apache-2.0 */
#include "text/bidi.h"

#include <unictype.h>

#include "base/utf8.h"

#define CLASS(c) (UINT32_C(1) << (c))
#define RTL_MARKS (CLASS(UC_BIDI_R) | CLASS(UC_BIDI_AL) | CLASS(UC_BIDI_AN))
#define NEUTRAL                                                                                    \
	(CLASS(UC_BIDI_EN) | CLASS(UC_BIDI_ES) | CLASS(UC_BIDI_CS) | CLASS(UC_BIDI_ET) | CLASS(UC_BIDI_ON) | \
		CLASS(UC_BIDI_BN) | CLASS(UC_BIDI_NSM))

/* The classes of a label's characters as bits. */
struct classes {
	uint32_t first, last, all; /* last: before trailing non-spacing marks */
};

static struct classes
label_classes(struct str label)
{
	struct classes k = {0, 0, 0};

	while (label.n) {
		uint32_t bit = CLASS(uc_bidi_class(utf8_next(&label)));

		if (k.all == 0)
			k.first = bit;
		if (bit != CLASS(UC_BIDI_NSM))
			k.last = bit;
		k.all |= bit;
	}
	return k;
}

static const char *
rtl_fault(const struct classes *k)
{
	if (k->all & ~(RTL_MARKS | NEUTRAL))
		return "a right-to-left label holds left-to-right characters (B2)";
	if (!(k->last & (RTL_MARKS | CLASS(UC_BIDI_EN))))
		return "a right-to-left label ends with neither letter nor digit (B3)";
	if ((k->all & CLASS(UC_BIDI_EN)) && (k->all & CLASS(UC_BIDI_AN)))
		return "a right-to-left label mixes European and Arabic digits (B4)";
	return NULL;
}

static const char *
ltr_fault(const struct classes *k)
{
	if (k->all & ~(CLASS(UC_BIDI_L) | NEUTRAL))
		return "a left-to-right label holds right-to-left characters (B5)";
	if (!(k->last & (CLASS(UC_BIDI_L) | CLASS(UC_BIDI_EN))))
		return "a left-to-right label ends with neither letter nor digit (B6)";
	return NULL;
}

const char *
bidi_fault(struct str name)
{
	const char *fault = NULL;

	if (!(label_classes(name).all & RTL_MARKS))
		return NULL;
	while (name.n && !fault) {
		struct classes k = label_classes(str_cut(&name, '.'));

		if (k.first & CLASS(UC_BIDI_L))
			fault = ltr_fault(&k);
		else if (k.first & (CLASS(UC_BIDI_R) | CLASS(UC_BIDI_AL)))
			fault = rtl_fault(&k);
		else
			fault = "a label beside right-to-left ones begins with no letter (B1)";
	}
	return fault;
}
