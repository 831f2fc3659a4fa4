/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/zip.h"

#include "base/rfc3339.h"

/* APPNOTE.TXT 4.3 and 4.4. Entries are stored, not deflated; see docs/decisions/0051. */
#define SIG_LOCAL 0x04034b50U
#define SIG_CENTRAL 0x02014b50U
#define SIG_END 0x06054b50U
#define VERSION_NEEDED 10
#define MADE_BY_UNIX (3 << 8 | 20)
#define EXTRA_TIME 0x5455
#define EXTRA_TIME_SIZE 9 /* id, length, flags, seconds */
#define FILES_MAX 1000
#define NAME_MAX_LEN 255

static void
put16(struct buf *b, uint32_t v)
{
	buf_put_u8(b, (uint8_t)v);
	buf_put_u8(b, (uint8_t)(v >> 8));
}

static void
put32(struct buf *b, uint32_t v)
{
	put16(b, v & 0xffff);
	put16(b, v >> 16);
}

/* The CRC of IEEE 802.3, four bits at a time. */
static uint32_t
crc32_of(struct blob b)
{
	static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4,
		0xa00ae278, 0xbdbdf21c};
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < b.n; i++) {
		crc = table[(crc ^ b.p[i]) & 15] ^ crc >> 4;
		crc = table[(crc ^ (uint32_t)b.p[i] >> 4) & 15] ^ crc >> 4;
	}
	return ~crc;
}

/* The two-second clock of MS-DOS, which begins in 1980. */
static void
put_dos_time(struct buf *b, int64_t ms)
{
	struct civil c;

	civil_of_ms(ms, &c);
	put16(b, (uint32_t)(c.hour << 11 | c.minute << 5 | c.second / 2));
	put16(b, (uint32_t)((c.year < 1980 ? 0 : MIN(c.year - 1980, 127)) << 9 | c.month << 5 | c.day));
}

/* MS-DOS knows no time zone: readers that can take this instead. */
static void
put_extra_time(struct buf *b, int64_t ms)
{
	put16(b, EXTRA_TIME);
	put16(b, EXTRA_TIME_SIZE - 4);
	buf_put_u8(b, 1);
	put32(b, (uint32_t)(ms / 1000));
}

/* What the local and the central header have in common. */
static void
put_common(struct buf *b, const struct zip_file *f, int64_t time_ms)
{
	put16(b, VERSION_NEEDED);
	put16(b, 0); /* flags */
	put16(b, 0); /* stored */
	put_dos_time(b, time_ms);
	put32(b, crc32_of(f->content));
	put32(b, (uint32_t)f->content.n);
	put32(b, (uint32_t)f->content.n);
	put16(b, (uint32_t)strlen(f->name));
	put16(b, EXTRA_TIME_SIZE);
}

static void
put_local(struct buf *b, const struct zip_file *f, int64_t time_ms)
{
	put32(b, SIG_LOCAL);
	put_common(b, f, time_ms);
	buf_put_c(b, f->name);
	put_extra_time(b, time_ms);
	buf_put_blob(b, f->content);
}

static void
put_central(struct buf *b, const struct zip_file *f, int64_t time_ms, size_t offset)
{
	uint32_t mode = 0100000 | (f->secret ? 0600 : 0644);

	put32(b, SIG_CENTRAL);
	put16(b, MADE_BY_UNIX);
	put_common(b, f, time_ms);
	put16(b, 0); /* comment */
	put16(b, 0); /* disk */
	put16(b, 0); /* internal attributes */
	put32(b, mode << 16);
	put32(b, (uint32_t)offset);
	buf_put_c(b, f->name);
	put_extra_time(b, time_ms);
}

static void
put_end(struct buf *b, size_t n, size_t size, size_t offset)
{
	put32(b, SIG_END);
	put16(b, 0);
	put16(b, 0);
	put16(b, (uint32_t)n);
	put16(b, (uint32_t)n);
	put32(b, (uint32_t)size);
	put32(b, (uint32_t)offset);
	put16(b, 0); /* comment */
}

/* Printable ASCII, and nothing that leads out of the folder in which it is unpacked, on any system. */
static bool
name_ok(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++) {
		if (name[i] <= ' ' || name[i] > '~' || strchr("\\:\"<>|?", name[i]))
			return false;
	}
	return n > 0 && n <= NAME_MAX_LEN && name[0] != '/' && name[n - 1] != '/' && !strstr(name, "..") &&
		!strstr(name, "//");
}

int
zip_build(const struct zip_file *files, size_t n, int64_t time_ms, struct buf *out, struct err *e)
{
	size_t offsets[FILES_MAX], start = out->n, central;

	BUG_ON(n > FILES_MAX || out->max > UINT32_MAX);
	for (size_t i = 0; i < n; i++) {
		if (!name_ok(files[i].name))
			return err_set(e, E_INTERNAL, "\"%s\" is no name for a file in an archive", files[i].name);
	}
	for (size_t i = 0; i < n; i++) {
		offsets[i] = out->n - start;
		put_local(out, &files[i], time_ms);
	}
	central = out->n - start;
	for (size_t i = 0; i < n; i++)
		put_central(out, &files[i], time_ms, offsets[i]);
	put_end(out, n, out->n - start - central, central);
	if (out->over)
		return err_set(e, E_TOO_LARGE, "the archive is larger than %zu bytes", out->max);
	return 0;
}
