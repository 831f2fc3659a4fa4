/* SPDX-License-Identifier: Apache-2.0 */
#include "model/media.h"

#include "base/cursor.h"
#include "base/utf8.h"

#define TYPE4(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

const char *const words_media[] = {
	"image/png", "image/jpeg", "application/pdf", "text/plain", NULL};

static int
broken(struct err *e, const char *kind, const char *what)
{
	return err_set(e, E_ATTACHMENT_BROKEN, "the file begins as %s, but %s", kind, what);
}

static int
check_sides(struct err *e, const char *kind, uint32_t width, uint32_t height)
{
	if (width && height && width <= MEDIA_SIDE_MAX && height <= MEDIA_SIDE_MAX)
		return 0;
	return err_set(e, E_ATTACHMENT_BROKEN,
		"the %s has %u x %u points; 1 to %d are possible on each side", kind, width, height,
		MEDIA_SIDE_MAX);
}

/* -- PNG (W3C PNG, 5): chunks of length, type, data and CRC, from IHDR to IEND */

/* The CRC of IEEE 802.3 over type and data, four bits at a time. */
static uint32_t
crc32_of(struct blob b)
{
	static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8,
		0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < b.n; i++) {
		crc = table[(crc ^ b.p[i]) & 15] ^ crc >> 4;
		crc = table[(crc ^ (uint32_t)b.p[i] >> 4) & 15] ^ crc >> 4;
	}
	return ~crc;
}

struct chunk {
	uint32_t type;
	struct blob data;
};

static int
png_chunk(struct cursor *c, struct chunk *ret, struct err *e)
{
	uint32_t n = cursor_u32(c), crc;
	struct cursor head;
	struct blob all;

	all = cursor_take(c, n <= INT32_MAX ? (size_t)n + 4 : SIZE_MAX);
	crc = cursor_u32(c);
	if (!cursor_ok(c, false))
		return broken(e, "a PNG picture", "it is cut off");
	if (crc32_of(all) != crc)
		return broken(e, "a PNG picture", "a checksum in it is wrong");
	head = cursor_of(all);
	ret->type = cursor_u32(&head);
	ret->data = cursor_take(&head, n);
	return 0;
}

static int
png_walk(struct cursor c, struct err *e)
{
	struct chunk k = {0};
	struct cursor head;
	uint32_t width, height;
	bool picture = false;
	int r;

	cursor_take(&c, 8);
	r = png_chunk(&c, &k, e);
	if (r < 0)
		return r;
	if (k.type != TYPE4('I', 'H', 'D', 'R') || k.data.n != 13)
		return broken(e, "a PNG picture", "its header is missing");
	head = cursor_of(k.data);
	width = cursor_u32(&head);
	height = cursor_u32(&head);
	r = check_sides(e, "PNG picture", width, height);
	while (r == 0 && k.type != TYPE4('I', 'E', 'N', 'D')) {
		r = png_chunk(&c, &k, e);
		picture |= k.type == TYPE4('I', 'D', 'A', 'T');
	}
	if (r < 0)
		return r;
	if (!picture || k.data.n)
		return broken(e, "a PNG picture", "it holds no picture");
	return cursor_left(&c) ? broken(e, "a PNG picture", "something else stands behind its end")
			       : 0;
}

/* -- JPEG (ITU T.81, B): markers with segments, entropy-coded data behind each SOS, from SOI to EOI
 */

/* Behind FF: stuffing, a fill byte, or a restart marker; all of them belong to the entropy-coded
 * data. */
static bool
jpeg_goes_on(uint8_t m)
{
	return m == 0x00 || (m >= 0xd0 && m <= 0xd7);
}

/* The next marker; `coded`: behind a scan's data, else right here. 0: none. */
static uint8_t
jpeg_marker(struct cursor *c, bool coded)
{
	uint8_t b = cursor_u8(c);

	while (!c->bad) {
		while (coded && !c->bad && b != 0xff)
			b = cursor_u8(c);
		if (b != 0xff)
			return 0;
		while (!c->bad && b == 0xff)
			b = cursor_u8(c);
		if (!coded || !jpeg_goes_on(b))
			return c->bad ? 0 : b;
		b = cursor_u8(c);
	}
	return 0;
}

static bool
jpeg_is_frame(uint8_t m)
{
	return m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc;
}

static int
jpeg_frame(struct blob segment, struct err *e)
{
	struct cursor c = cursor_of(segment);
	uint32_t width, height;

	cursor_u8(&c);
	height = cursor_u16(&c);
	width = cursor_u16(&c);
	return check_sides(e, "JPEG picture", width, height);
}

static int
jpeg_walk(struct cursor c, struct err *e)
{
	bool frame = false, scan = false, coded = false;

	cursor_take(&c, 2);
	for (;;) {
		uint8_t m = jpeg_marker(&c, coded);
		struct blob segment;
		uint16_t n;

		coded = false;
		if (m == 0xd9)
			break;
		n = cursor_u16(&c);
		segment = cursor_take(&c, n >= 2 ? n - 2U : SIZE_MAX);
		if (m < 0xc0 || jpeg_goes_on(m) || m == 0xd8 || !cursor_ok(&c, false))
			return broken(e, "a JPEG picture", "it is cut off or damaged");
		if (jpeg_is_frame(m) && jpeg_frame(segment, e) < 0)
			return e->code;
		frame |= jpeg_is_frame(m);
		coded = m == 0xda;
		if (coded && !frame)
			return broken(e, "a JPEG picture", "it is cut off or damaged");
		scan |= coded;
	}
	if (!scan)
		return broken(e, "a JPEG picture", "it holds no picture");
	return cursor_left(&c) ? broken(e, "a JPEG picture", "something else stands behind its end")
			       : 0;
}

/* -- PDF (ISO 32000, 7.5): only its two ends; what stands between them is the reader's affair */

static int
pdf_walk(struct blob file, struct err *e)
{
	struct str end = str_trim(str_of(file));

	while (end.n && end.p[end.n - 1] == '\f')
		end.n--;
	return str_ends(end, STR("%%EOF")) ? 0
					   : broken(e, "a PDF document", "it does not end as one");
}

/* -- text */

static bool
is_text(struct str s)
{
	if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		s = (struct str){s.p + 3, s.n - 3};
	if (s.n == 0 || !utf8_ok(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];

		if ((ch < ' ' && ch != '\n' && ch != '\r' && ch != '\t') || ch == 0x7f)
			return false;
	}
	return true;
}

int
media_sniff(struct blob file, enum media *ret, struct err *e)
{
	struct str s = str_of(file);
	enum media m = MEDIA_TEXT;
	int r = 0;

	if (str_starts(s, STR("\x89PNG\r\n\x1a\n"))) {
		m = MEDIA_PNG;
		r = png_walk(cursor_of(file), e);
	} else if (str_starts(s, STR("\xff\xd8\xff"))) {
		m = MEDIA_JPEG;
		r = jpeg_walk(cursor_of(file), e);
	} else if (str_starts(s, STR("%PDF-1.")) || str_starts(s, STR("%PDF-2."))) {
		m = MEDIA_PDF;
		r = pdf_walk(file, e);
	} else if (!is_text(s)) {
		return err_set(e, E_ATTACHMENT_TYPE,
			"the file is neither a PNG nor a JPEG picture, nor PDF, nor plain text");
	}
	if (r == 0)
		*ret = m;
	return r;
}
