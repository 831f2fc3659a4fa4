/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a request to the API: every kind of field, and what was accepted keeps its bounds. */
#include "base/utf8.h"
#include "text/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_contact(struct json_in *in)
{
	struct json_in contact;
	struct str s = {NULL, 0};

	if (!json_get_object(in, "contact", JSON_OPTIONAL, &contact))
		return;
	if (json_get_str(&contact, "email", JSON_REQUIRED, 3, 254, &s))
		BUG_ON(utf8_len(s) < 3 || utf8_len(s) > 254 || !utf8_printable(s, false));
	json_get_str(&contact, "phone", JSON_OPTIONAL, 1, 32, &s);
	json_in_done(&contact);
}

static void
read_items(struct json_in *in)
{
	struct json_in *items;
	int64_t n = 0;
	size_t count;

	if (!json_get_objects(in, "items", JSON_OPTIONAL, 8, &items, &count))
		return;
	BUG_ON(count > 8);
	for (size_t i = 0; i < count; i++) {
		if (json_get_int(&items[i], "months", JSON_REQUIRED, 1, 36, &n))
			BUG_ON(n < 1 || n > 36);
		json_in_done(&items[i]);
	}
}

static int
read_request(const struct json *v, struct arena *a, struct err *e)
{
	static const char *const kinds[] = {"dv", "ov", "ev", NULL};
	struct str s = {NULL, 0}, *names;
	struct json_in in;
	int64_t id = 0;
	size_t n;
	int word = 0;
	bool b;

	json_in_init(&in, v, a, e);
	if (json_get_int(&in, "id", JSON_REQUIRED, 1, ID_MAX, &id))
		BUG_ON(id < 1 || id > ID_MAX);
	if (json_get_strs(&in, "names", JSON_REQUIRED, 100, 253, &names, &n)) {
		for (size_t i = 0; i < n; i++)
			BUG_ON(names[i].n == 0 || utf8_len(names[i]) > 253 || !utf8_ok(names[i]));
	}
	if (json_get_text(&in, "csr", JSON_OPTIONAL, 0, 16384, &s))
		BUG_ON(memchr(s.p, '\0', s.n));
	if (json_get_word(&in, "kind", JSON_OPTIONAL, kinds, &word))
		BUG_ON(word < 0 || word > 2);
	json_get_bool(&in, "test", JSON_OPTIONAL, &b);
	json_get_time(&in, "until", JSON_OPTIONAL, &id);
	read_contact(&in);
	read_items(&in);
	json_in_done(&in);
	return err_faults(e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size}, dump;
	const struct json *v, *again;
	ARENA(a);
	ERR(e);

	if (json_parse(text, &a, &v, &e) < 0) {
		BUG_ON(!e.code || !e.msg[0]);
		return 0;
	}
	if (read_request(v, &a, &e) < 0)
		BUG_ON(!e.msg[0]);
	/* What was read can be written and read again. */
	dump = json_dump(v, &a);
	BUG_ON(json_parse(dump, &a, &again, &e) < 0 || json_count(again) != json_count(v));
	return 0;
}
