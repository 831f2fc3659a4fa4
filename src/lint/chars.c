/* SPDX-License-Identifier: Apache-2.0 */
#include "lint/chars.h"

#include "base/defs.h"

bool
lint_ascii(struct blob b)
{
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] > 0x7f)
			return false;
	return true;
}

bool
lint_has_octet(struct blob b, uint8_t octet)
{
	return b.n && memchr(b.p, octet, b.n);
}

static char
low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool
lint_contains(struct str s, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= s.n; i++) {
		size_t k = 0;

		while (k < n && low(s.p[i + k]) == low(text[k]))
			k++;
		if (k == n)
			return true;
	}
	return false;
}

bool
lint_is_ipv4(struct str s)
{
	unsigned parts = 0;

	if (!s.n)
		return false;
	while (s.p) {
		uint64_t v;

		if (!str_u64(str_cut(&s, '.'), 255, &v) || ++parts > 4)
			return false;
	}
	return parts == 4;
}

static int
hex_value(char c)
{
	c = low(c);
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Groups of one side of "::": writes two octets each; false when one is none or there are more than eight. */
static bool
take_groups(struct str s, uint8_t out[16], size_t *n)
{
	*n = 0;
	while (s.n) {
		struct str g = str_cut(&s, ':');
		unsigned v = 0;

		if (!g.n || g.n > 4 || *n == 16 || (s.p && !s.n))
			return false;
		for (size_t i = 0; i < g.n; i++) {
			if (hex_value(g.p[i]) < 0)
				return false;
			v = v << 4 | (unsigned)hex_value(g.p[i]);
		}
		out[(*n)++] = (uint8_t)(v >> 8);
		out[(*n)++] = (uint8_t)v;
	}
	return true;
}

static bool
read_v6(struct str s, uint8_t out[16])
{
	uint8_t left[16], right[16];
	size_t nl, nr, gap = s.n;

	for (size_t i = 0; i + 1 < s.n && gap == s.n; i++)
		if (s.p[i] == ':' && s.p[i + 1] == ':')
			gap = i;
	if (gap == s.n) {
		return take_groups(s, out, &nl) && nl == 16;
	}
	if (!take_groups((struct str){s.p, gap}, left, &nl) ||
		!take_groups((struct str){s.p + gap + 2, s.n - gap - 2}, right, &nr) || nl + nr > 14)
		return false;
	memset(out, 0, 16);
	memcpy(out, left, nl);
	memcpy(out + 16 - nr, right, nr);
	return true;
}

size_t
lint_ip_read(struct str s, uint8_t out[16])
{
	if (lint_is_ipv4(s)) {
		for (unsigned i = 0; i < 4; i++) {
			uint64_t octet = 0;

			if (!str_u64(str_cut(&s, '.'), 255, &octet))
				return 0;
			out[i] = (uint8_t)octet;
		}
		return 4;
	}
	return s.n && str_find(s, ':') >= 0 && read_v6(s, out) ? 16 : 0;
}

bool
lint_is_ip(struct str s)
{
	uint8_t ip[16];

	return lint_ip_read(s, ip);
}

bool
lint_tld_was(struct str tld)
{
	static const char *const was[] = {"active", "an", "bnl", "boots", "cartier", "cs", "dd", "doosan", "flsmidth",
		"guardianmedia", "htc", "iinet", "iwc", "mcd", "mcdonalds", "meo", "montblanc", "mtpc", "mutuelle",
		"orientexpress", "pamperedchef", "panerai", "piaget", "spiegel", "statoil", "telecity", "tp", "um",
		"vista",
		"vistaprint", "xperia", "yu", "zippo", "zr"};

	for (size_t i = 0; i < ARRAY_LEN(was); i++)
		if (str_eq_c(tld, was[i]))
			return true;
	return false;
}

/* -- labels */

unsigned
lint_labels(struct str name)
{
	unsigned n = 1;

	for (size_t i = 0; i < name.n; i++)
		n += name.p[i] == '.';
	return n;
}

struct str
lint_label(struct str name, unsigned n)
{
	size_t end = name.n;

	for (size_t i = name.n; i-- > 0;) {
		if (name.p[i] != '.')
			continue;
		if (n-- == 0)
			return (struct str){name.p + i + 1, end - i - 1};
		end = i;
	}
	return n == 0 ? (struct str){name.p, end} : (struct str){NULL, 0};
}

bool
lint_any_label(struct str name, bool (*test)(struct str label))
{
	while (name.p)
		if (test(str_cut(&name, '.')))
			return true;
	return false;
}

static bool
ldh(char c)
{
	c = low(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool
lint_ldh_label(struct str label)
{
	if (!label.n || label.p[0] == '-' || label.p[label.n - 1] == '-')
		return false;
	for (size_t i = 0; i < label.n; i++)
		if (!ldh(label.p[i]))
			return false;
	return true;
}

bool
lint_is_fqdn(struct str name)
{
	struct str rest = name;

	if (lint_labels(name) < 2 || name.n > 253)
		return false;
	while (rest.p) {
		struct str label = str_cut(&rest, '.');

		if (!label.n || label.n > 63)
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!ldh(label.p[i]) && label.p[i] != '_')
				return false;
	}
	return true;
}

struct str
lint_lower(struct str s, char *room, size_t size)
{
	size_t n = MIN(s.n, size);

	for (size_t i = 0; i < n; i++)
		room[i] = low(s.p[i]);
	return (struct str){room, n};
}

/* -- RFC 3492 6.2 */

static unsigned
adapt(uint32_t delta, uint32_t points, bool first)
{
	unsigned k = 0;

	delta = first ? delta / 700 : delta / 2;
	for (delta += delta / points; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0' + 26;
	c = low(c);
	return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

/* One generalised integer; false when it is cut short or runs over. */
static bool
take_delta(struct str *s, unsigned bias, uint32_t *i)
{
	uint32_t w = 1;

	for (unsigned k = 36;; k += 36) {
		unsigned t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
		int d;

		if (s->n == 0 || (d = digit(s->p[0])) < 0)
			return false;
		*s = (struct str){s->p + 1, s->n - 1};
		if ((uint32_t)d > (UINT32_MAX - *i) / w)
			return false;
		*i += (uint32_t)d * w;
		if ((unsigned)d < t)
			return true;
		if (w > UINT32_MAX / (36 - t))
			return false;
		w *= 36 - t;
	}
}

static size_t
take_basic(struct str *s, uint32_t *out)
{
	for (size_t k = s->n; k-- > 0;) {
		if (s->p[k] != '-')
			continue;
		for (size_t i = 0; i < k; i++)
			out[i] = (uint8_t)s->p[i];
		*s = (struct str){s->p + k + 1, s->n - k - 1};
		return k;
	}
	return 0;
}

size_t
lint_punycode(struct str s, uint32_t *out, size_t room)
{
	uint32_t n = 128, i = 0;
	unsigned bias = 72;
	size_t points;

	if (s.n > room)
		return 0;
	points = take_basic(&s, out);
	/* a label of ASCII alone is no A-label */
	if (s.n == 0)
		return 0;
	while (s.n) {
		uint32_t old = i;

		if (points == room || !take_delta(&s, bias, &i))
			return 0;
		points++;
		bias = adapt(i - old, (uint32_t)points, old == 0);
		if (i / points > 0x10ffff - n)
			return 0;
		n += i / (uint32_t)points;
		i %= (uint32_t)points;
		if (n >= 0xd800 && n <= 0xdfff)
			return 0;
		memmove(out + i + 1, out + i, (points - 1 - i) * sizeof(*out));
		out[i++] = n;
	}
	return points;
}

/* The letters with which a combining mark makes up one character, by mark; from the first one that composes. */
static bool
composes(uint32_t base, uint32_t mark)
{
	static const struct {
		uint32_t mark;
		const char *with;
	} pairs[] = {
		{0x300, "AEINOUWYaeinouwy"}, {0x301, "ACEGIKLMNOPRSUWYZacegiklmnoprsuwyz"},
		{0x302, "ACEGHIJOSUWYZaceghijosuwyz"}, {0x303, "AEINOUVYaeinouvy"}, {0x304, "AEGIOUYaegiouy"},
		{0x306, "AEGIOUaegiou"}, {0x307, "ABCDEFGHIMNOPRSTWXYZabcdefghmnoprstwxyz"},
		{0x308, "AEHIOUWXYaehiotuwxy"}, {0x309, "AEIOUYaeiouy"}, {0x30a, "AUauwy"}, {0x30b, "OUou"},
		{0x30c, "ACDEGHIKLNORSTUZacdeghijklnorstuz"}, {0x30f, "AEIORUaeioru"}, {0x311, "AEIORUaeioru"},
		{0x31b, "OUou"}, {0x323, "ABDEHIKLMNORSTUVWYZabdehiklmnorstuvwyz"}, {0x324, "Uu"}, {0x325, "Aa"},
		{0x326, "STst"}, {0x327, "CDEGHKLNRSTcdeghklnrst"}, {0x328, "AEIOUaeiou"},
		{0x32d, "DELNTUdelntu"}, {0x330, "EIUeiu"}, {0x331, "BDKLNRTZbdhklnrtz"},
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (pairs[i].mark == mark)
			return base < 0x80 && base && strchr(pairs[i].with, (int)base);
	/* marks that always compose or are taken apart, and characters that form C never holds */
	return mark == 0x340 || mark == 0x341 || mark == 0x343 || mark == 0x344;
}

/* The combining class of marks of Latin, Hebrew and Arabic; 0: none, or one that is not known here. */
static unsigned
class_of(uint32_t c)
{
	static const struct {
		uint16_t from, to;
		uint8_t class;
	} classes[] = {
		{0x300, 0x314, 230}, {0x315, 0x315, 232}, {0x316, 0x319, 220}, {0x31a, 0x31a, 232}, {0x31b, 0x31b, 216},
		{0x31c, 0x320, 220}, {0x321, 0x322, 202}, {0x323, 0x326, 220}, {0x327, 0x328, 202}, {0x329, 0x333, 220},
		{0x334, 0x338, 1}, {0x339, 0x33c, 220}, {0x33d, 0x344, 230}, {0x346, 0x346, 230}, {0x34a, 0x34c, 230},
		{0x591, 0x591, 220}, {0x592, 0x595, 230}, {0x5b0, 0x5b0, 10}, {0x5b1, 0x5b1, 11}, {0x5b4, 0x5b4, 14},
		{0x5b7, 0x5b7, 17}, {0x5b8, 0x5b8, 18}, {0x5bc, 0x5bc, 21}, {0x5c1, 0x5c1, 24}, {0x5c2, 0x5c2, 25},
		{0x610, 0x617, 230}, {0x618, 0x618, 30}, {0x619, 0x619, 31}, {0x61a, 0x61a, 32}, {0x64b, 0x64b, 27},
		{0x64c, 0x64c, 28}, {0x64d, 0x64d, 29}, {0x64e, 0x64e, 30}, {0x64f, 0x64f, 31}, {0x650, 0x650, 32},
		{0x651, 0x651, 33}, {0x652, 0x652, 34}, {0x653, 0x654, 230}, {0x655, 0x656, 220}, {0x670, 0x670, 35},
	};

	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (c >= classes[i].from && c <= classes[i].to)
			return classes[i].class;
	return 0;
}

bool
lint_not_nfc(const uint32_t *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		/* canonical order: classes do not fall */
		if (i && class_of(c[i]) && class_of(c[i - 1]) > class_of(c[i]))
			return true;
		if (i && composes(c[i - 1], c[i]))
			return true;
		/* ANGSTROM, KELVIN, OHM; the compatibility ideographs (but for twelve); Hangul in parts */
		if (c[i] == 0x212a || c[i] == 0x212b || c[i] == 0x2126 || (c[i] >= 0xf900 && c[i] <= 0xfa0d))
			return true;
		if (i && c[i - 1] >= 0x1100 && c[i - 1] <= 0x1112 && c[i] >= 0x1161 && c[i] <= 0x1175)
			return true;
	}
	return false;
}

/* -- addresses */

static bool
uri_characters(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c <= ' ' || c >= 0x7f || strchr("<>\"\\^`{|}", c))
			return false;
		/* RFC 3986 2.1 */
		if (c == '%' && !(i + 2 < s.n && strchr("0123456789abcdefABCDEF", s.p[i + 1]) && s.p[i + 1] &&
					strchr("0123456789abcdefABCDEF", s.p[i + 2]) && s.p[i + 2]))
			return false;
	}
	return true;
}

static size_t
scheme_length(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = low(s.p[i]);

		if (c == ':')
			return i;
		if (!(c >= 'a' && c <= 'z') && (i == 0 || (c != '+' && c != '-' && c != '.' && !(c >= '0' &&
		c <= '9'))))
			return 0;
	}
	return 0;
}

static void
read_host(struct str rest, struct lint_uri *ret)
{
	size_t end = 0;
	ptrdiff_t at, colon;

	while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#')
		end++;
	rest.n = end;
	at = str_find(rest, '@');
	if (at >= 0)
		rest = (struct str){rest.p + at + 1, rest.n - (size_t)at - 1};
	if (rest.n && rest.p[0] == '[') {
		ptrdiff_t close = str_find(rest, ']');

		ret->host = close > 0 ? (struct str){rest.p + 1, (size_t)close - 1} : rest;
		return;
	}
	colon = str_find(rest, ':');
	ret->port = colon >= 0;
	ret->host = colon >= 0 ? (struct str){rest.p, (size_t)colon} : rest;
}

bool
lint_uri_read(struct str s, struct lint_uri *ret)
{
	size_t n = scheme_length(s);

	*ret = (struct lint_uri){0};
	if (!n)
		return false;
	ret->scheme = (struct str){s.p, n};
	if (s.n >= n + 3 && s.p[n + 1] == '/' && s.p[n + 2] == '/')
		read_host((struct str){s.p + n + 3, s.n - n - 3}, ret);
	return uri_characters(s);
}

bool
lint_uri_scheme(struct str uri, const char *scheme)
{
	size_t n = scheme_length(uri);

	return n == strlen(scheme) && str_eq_nocase((struct str){uri.p, n}, str_c(scheme));
}

bool
lint_mailbox_ok(struct str s)
{
	ptrdiff_t at = -1;
	struct str domain;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '@')
			at = (ptrdiff_t)i;
		if ((uint8_t)s.p[i] <= ' ' || (uint8_t)s.p[i] >= 0x7f || strchr("<>()[],;:\\", s.p[i]))
			return false;
	}
	if (at <= 0 || at > 64 || s.p[0] == '.' || s.p[at - 1] == '.' || str_find((struct str){s.p, (size_t)at},
		'@') >= 0)
		return false;
	domain = (struct str){s.p + at + 1, s.n - (size_t)at - 1};
	if (!domain.n || domain.n > 253)
		return false;
	while (domain.p) {
		struct str label = str_cut(&domain, '.');

		if (!lint_ldh_label(label) || label.n > 63)
			return false;
	}
	return true;
}

bool
lint_country_known(struct str s)
{
	static const char codes[] =
		"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCN"
		"COCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHM"
		"HNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMK"
		"MLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW"
		"SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVI"
		"VNVUWFWSYEYTZAZMZW";

	if (s.n != 2)
		return false;
	for (size_t i = 0; i + 2 < sizeof(codes); i += 2)
		if (codes[i] == s.p[0] && codes[i + 1] == s.p[1])
			return true;
	return false;
}
