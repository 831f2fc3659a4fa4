/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and keys from one form into another. Needs no service. */
#include <fcntl.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/offline.h"
#include "inspect/convert.h"
#include "os/file.h"

static int
fill(struct cli *c, const struct bundle *b, struct convert_in *ret, struct err *e)
{
	const char *name = opt_value(c, "name");
	int r = convert_of(b, name ? str_c(name) : (struct str){NULL, 0}, c->arena, ret, e);

	ret->now_ms = clock_wall_ms();
	return r < 0 ? r : offline_password(c, "new-password", &ret->password, e);
}

static int
out_make(const char *dir, struct err *e)
{
	ERR(why);

	if (file_mkdir(AT_FDCWD, dir, 0755, &why) == 0)
		return 0;
	(void)err_set(e, E_USAGE, "nothing can be written to --out \"%s\": %s", dir, why.msg);
	err_hint(e, "Name a directory that you may write to; the one above it must be there.");
	return e->code;
}

static int
write_all(struct cli *c, const struct converted *made, const char **ret_paths, struct err *e)
{
	const char *dir = opt_value(c, "out") ? opt_value(c, "out") : ".";
	int r = out_make(dir, e);

	for (unsigned i = 0; r == 0 && i < made->n; i++) {
		const struct zip_file *f = &made->v[i];
		unsigned mode = f->secret ? 0600 : 0644;

		ret_paths[i] = arena_printf(c->arena, "%s/%s", dir, f->name).p;
		r = opt_given(c, "force")
			    ? file_write_atomic(AT_FDCWD, ret_paths[i], f->content, mode, e)
			    : file_create_atomic(AT_FDCWD, ret_paths[i], f->content, mode, e);
		if (r == E_CONFLICT)
			err_hint(e, "Give another --out or --name, or --force to write over it.");
	}
	return r;
}

static void
tell(struct cli *c, const struct bundle *b, const struct converted *made, const char *const *paths)
{
	BUF(out, CLI_BODY_MAX);
	struct jsonw w;

	if (!c->json) {
		for (unsigned i = 0; i < made->n; i++)
			printf("%s%s\n", paths[i],
				made->v[i].secret ? "  (secret: mode 0600)" : "");
		if (b->n_left_out)
			fprintf(stderr,
				"left out: %u certificates that are on no path from this one\n",
				b->n_left_out);
		return;
	}
	body_begin(&w, &out);
	jsonw_key(&w, "files");
	jsonw_array(&w);
	for (unsigned i = 0; i < made->n; i++)
		jsonw_str(&w, str_c(paths[i]));
	jsonw_array_end(&w);
	jsonw_kv_int(&w, "left_out", b->n_left_out);
	body_end(&w);
	printf("%.*s\n", STRF(buf_str(&out)));
}

static int
convert_files(struct cli *c, struct err *e)
{
	struct converted *made = arena_new(c->arena, struct converted);
	const char *to = opt_value(c, "to"), *paths[CONVERT_FILES_MAX];
	struct convert_in in = {0};
	struct bundle b = {0};
	struct str password;
	struct intake items;
	int r;

	if (!to || !convert_knows(str_c(to)))
		return err_set(e, E_USAGE, "--to is one of %s", CONVERT_FORMATS);
	r = offline_password(c, "password", &password, e);
	if (r == 0)
		r = offline_take(c, &items, password, e);
	if (r == 0) {
		convert_find(to, &items, c->arena, &b, e);
		r = err_faults(e);
	}
	if (r == 0)
		r = fill(c, &b, &in, e);
	if (r == 0)
		r = convert(to, &in, c->arena, made, e);
	if (r == 0)
		r = write_all(c, made, paths, e);
	if (r < 0)
		return r;
	tell(c, &b, made, paths);
	return 0;
}

static int
run_convert(struct cli *c, struct err *e)
{
	return convert_files(c, e) < 0 ? offline_no(c, e) : 0;
}

const struct cmd cmds_convert[] = {
	{"convert", NULL, "FILE...", 1, CMD_ARGS_MAX,
		"change the form of a certificate, its chain and key",
		"The files may be of any form and in any order: PEM, DER, PKCS#7, PKCS#12 (PFX), "
		"Java keystores, keys under a\n"
		"passphrase. The certificate is the one of the key, or the one that issued no "
		"other; its chain is put in order.\n"
		"PFX and Java keystores get a fresh password, in a file beside them, unless one is "
		"given. Nothing is sent anywhere.",
		"  signet convert --to nginx --out /etc/nginx/tls www.pfx\n"
		"  signet convert --to jks --new-password - www.crt chain.pem www.key",
		{{"to", "FORMAT", CONVERT_FORMATS}, {"out", "DIR", "where the files go (here)"},
			{"name", "NAME", "what they are called (the certificate's name)"},
			{"password", "P", "opens what is protected; - asks for it"},
			{"new-password", "P", "protects the PFX or Java keystore; - asks for it"},
			{"force", NULL, "write over files that are there"}},
		run_convert, NULL, NULL},
	{0},
};
