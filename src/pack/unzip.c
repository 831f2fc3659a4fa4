/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/unzip.h"

#include "base/cursor.h"

/* APPNOTE.TXT 4.3; all numbers are little endian. */
#define SIG_LOCAL 0x04034b50U
#define SIG_CENTRAL 0x02014b50U
#define SIG_END 0x06054b50U
#define END_SIZE 22

static uint16_t
get16(struct cursor *c)
{
	uint16_t lo = cursor_u8(c);

	return (uint16_t)(lo | cursor_u8(c) << 8);
}

static uint32_t
get32(struct cursor *c)
{
	uint32_t lo = get16(c);

	return lo | (uint32_t)get16(c) << 16;
}

static int
broken(struct err *e, const char *what)
{
	return err_set(e, E_FIELD_FORM, "the archive cannot be read: %s", what);
}

/* A name that stays inside of the folder it is written to. */
static bool
name_ok(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
			    c == '_' || (c == '.' && i > 0)))
			return false;
	}
	return name.n > 0;
}

static struct cursor
at(struct blob zip, uint32_t offset)
{
	if (offset > zip.n)
		return (struct cursor){NULL, NULL, true};
	return cursor_of(BLOB(zip.p + offset, zip.n - offset));
}

static int
content(struct blob zip, uint32_t offset, uint32_t size, struct blob *ret, struct err *e)
{
	struct cursor c = at(zip, offset);
	uint16_t name, extra;

	if (get32(&c) != SIG_LOCAL)
		return broken(e, "an entry is not where it should be");
	cursor_take(&c, 22);
	name = get16(&c);
	extra = get16(&c);
	cursor_take(&c, (size_t)name + extra);
	*ret = cursor_take(&c, size);
	return cursor_ok(&c, false) ? 0 : broken(e, "it is cut off");
}

/* One row of the central directory, and what it points at. */
static int
entry(struct blob zip, struct cursor *c, struct arena *a, struct zip_file *ret, struct err *e)
{
	uint32_t size, attributes, offset;
	uint16_t method, name_n, more;
	struct str name;

	if (get32(c) != SIG_CENTRAL)
		return broken(e, "its directory is damaged");
	cursor_take(c, 6);
	method = get16(c);
	cursor_take(c, 12);
	size = get32(c);
	name_n = get16(c);
	more = get16(c);
	more = (uint16_t)(more + get16(c));
	cursor_take(c, 4);
	attributes = get32(c);
	offset = get32(c);
	name = str_of(cursor_take(c, name_n));
	cursor_take(c, more);
	if (!cursor_ok(c, false))
		return broken(e, "its directory is cut off");
	if (method != 0)
		return err_set(e, E_UNSUPPORTED, "the archive holds compressed files");
	if (!name_ok(name))
		return broken(e, "a file has a name that is no plain file name");
	ret->name = arena_cstr(a, name);
	ret->secret = (attributes >> 16 & 077) == 0;
	return content(zip, offset, size, &ret->content, e);
}

int
unzip_read(struct blob zip, struct arena *a, struct zip_file **ret, size_t *ret_n, struct err *e)
{
	struct cursor c = at(zip, zip.n < END_SIZE ? UINT32_MAX : (uint32_t)(zip.n - END_SIZE));
	struct zip_file *all;
	uint32_t directory;
	uint16_t n;
	int r;

	if (get32(&c) != SIG_END)
		return broken(e, "it does not end as an archive does");
	cursor_take(&c, 6);
	n = get16(&c);
	cursor_take(&c, 4);
	directory = get32(&c);
	if (n > UNZIP_FILES_MAX)
		return broken(e, "it holds too many files");
	c = at(zip, directory);
	all = arena_new_n(a, n, struct zip_file);
	for (uint16_t i = 0; i < n; i++) {
		r = entry(zip, &c, a, &all[i], e);
		if (r < 0)
			return r;
	}
	*ret = all;
	*ret_n = n;
	return 0;
}
