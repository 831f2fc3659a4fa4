/* SPDX-License-Identifier: Apache-2.0 */
#include "text/psl.h"

#include <libpsl.h>
#include <string.h>

#define NAME_ROOM 256

/* Read-only after psl_init(), so shared by all threads without a lock. */
static const psl_ctx_t *list;

int
psl_init(struct err *e)
{
	const char *file = psl_dist_filename();

	if (list)
		return 0;
	/* the package's list is renewed within a stable release, the one inside the library is not */
	if (file && *file)
		list = psl_load_file(file);
	if (!list)
		list = psl_builtin();
	if (!list)
		return err_set(e, E_CONFIG, "the public suffix list \"%s\" cannot be loaded and the library has none inside",
			file ? file : "");
	return 0;
}

static const char *
terminated(struct str name, char room[NAME_ROOM])
{
	BUG_ON(!list);
	if (name.n == 0 || name.n >= NAME_ROOM || name.p[0] == '.' || memchr(name.p, 0, name.n))
		return NULL;
	memcpy(room, name.p, name.n);
	room[name.n] = '\0';
	return room;
}

static bool
is_listed(struct str name, int sections)
{
	char room[NAME_ROOM];
	const char *c = terminated(name, room);

	return c && psl_is_public_suffix2(list, c, sections | PSL_TYPE_NO_STAR_RULE);
}

bool
psl_is_suffix(struct str name)
{
	return is_listed(name, PSL_TYPE_ANY);
}

bool
psl_tld_known(struct str name)
{
	struct str tld = name;

	while (str_find(tld, '.') >= 0)
		str_cut(&tld, '.');
	return is_listed(tld, PSL_TYPE_ICANN);
}

struct str
psl_registered(struct str name, bool known)
{
	char room[NAME_ROOM];
	const char *c = terminated(name, room), *r;

	if (!c || (known && !psl_tld_known(name)))
		return (struct str){NULL, 0};
	r = psl_registrable_domain(list, c);
	if (!r)
		return (struct str){NULL, 0};
	return (struct str){name.p + (r - c), name.n - (size_t)(r - c)};
}
