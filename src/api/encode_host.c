/* SPDX-License-Identifier: Apache-2.0 */
/* Scans, the inventory of servers, monitors, inspections. */
#include "api/encode.h"
#include "base/clock.h"
#include "crypto/pem.h"

/* -- scans */

static void
put_lines(struct jsonw *w, const char *key, struct str lines)
{
	jsonw_key(w, key);
	jsonw_array(w);
	while (lines.n)
		jsonw_str(w, str_cut(&lines, '\n'));
	jsonw_array_end(w);
}

static void
put_scan_facts(struct jsonw *w, const struct row_scan *r)
{
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	put_lines(w, "targets", r->targets);
	put_numbers(w, "ports", r->ports);
	jsonw_kv_c(w, "starttls", r->starttls < 0 ? NULL : word_name(words_starttls, r->starttls));
	jsonw_kv_int(w, "rate", r->rate);
	jsonw_kv_c(w, "state", word_name(words_scan_state, r->state));
	jsonw_kv_int(w, "total", r->total);
	jsonw_kv_int(w, "done", r->done);
	jsonw_kv_int(w, "found", r->found);
	jsonw_kv_int(w, "failed", r->failed);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "started", r->started_ms);
	jsonw_kv_time(w, "finished", r->finished_ms);
}

void
put_scan_line(struct jsonw *w, const struct row_scan *r)
{
	jsonw_object(w);
	put_scan_facts(w, r);
	jsonw_object_end(w);
}

void
put_scan(struct jsonw *w, const struct scan_view *v)
{
	jsonw_object(w);
	put_scan_facts(w, &v->row);
	jsonw_key(w, "faults");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_faults; i++) {
		jsonw_object(w);
		put_text(w, "target", v->faults[i].target);
		put_text(w, "code", v->faults[i].code);
		put_text(w, "message", v->faults[i].message);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	jsonw_object_end(w);
}

/* -- the inventory */

static void
put_hex_or_null(struct jsonw *w, const char *key, struct blob b)
{
	if (b.n)
		jsonw_kv_hex(w, key, b);
	else
		jsonw_kv_c(w, key, NULL);
}

static void
put_host_facts(struct jsonw *w, const struct row_host *r, int64_t now_ms)
{
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	jsonw_kv_int(w, "port", r->port);
	jsonw_kv_c(w, "starttls", word_name(words_starttls, r->starttls));
	put_text_or_null(w, "address", r->address);
	jsonw_kv_c(w, "status", word_name(words_host_status, host_status_at(r->verdict, r->not_after_ms, now_ms)));
	jsonw_kv_bool(w, "trusted", r->trusted != 0);
	jsonw_kv_int(w, "errors", r->errors);
	jsonw_kv_int(w, "warnings", r->warnings);
	jsonw_kv_int(w, "notes", r->notes);
	put_text_or_null(w, "protocol", r->protocol);
	put_text_or_null(w, "suite", r->suite);
	put_text_or_null(w, "subject", r->subject);
	put_text_or_null(w, "issuer", r->issuer);
	put_hex_or_null(w, "serial", r->serial);
	put_words(w, "names", r->names);
	put_text_or_null(w, "key_alg", r->key_alg);
	put_hex_or_null(w, "sha256", r->sha256);
	jsonw_kv_time(w, "not_before", r->not_before_ms);
	jsonw_kv_time(w, "not_after", r->not_after_ms);
	put_id_or_null(w, "certificate", r->certificate);
	put_id_or_null(w, "monitor", r->monitor);
	jsonw_kv_time(w, "first_seen", r->first_seen_ms);
	jsonw_kv_time(w, "last_seen", r->last_seen_ms);
}

void
put_host_line(struct jsonw *w, const struct row_host *r, int64_t now_ms)
{
	jsonw_object(w);
	put_host_facts(w, r, now_ms);
	jsonw_object_end(w);
}

void
put_host(struct jsonw *w, const struct host_view *v, struct arena *a)
{
	jsonw_object(w);
	put_host_facts(w, &v->row, v->now_ms);
	put_json(w, "findings", v->findings);
	jsonw_kv_str(w, "pem", v->der.n ? pem_encode(a, "CERTIFICATE", v->der) : (struct str){NULL, 0});
	jsonw_object_end(w);
}

/* -- monitors */

static void
put_monitor_facts(struct jsonw *w, const struct row_monitor *r)
{
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_int(w, "host", r->host);
	put_text(w, "name", r->name);
	jsonw_kv_int(w, "port", r->port);
	jsonw_kv_c(w, "starttls", word_name(words_starttls, r->starttls));
	jsonw_kv_int(w, "interval", r->interval_ms / MS_SECOND);
	jsonw_kv_c(w, "status", word_name(words_host_status, r->status));
	jsonw_kv_int(w, "failures", r->failures);
	put_text_or_null(w, "code", r->code);
	put_text_or_null(w, "message", r->message);
	jsonw_kv_time(w, "looked", r->looked_ms);
	jsonw_kv_time(w, "next", r->next_ms);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_int(w, "version", r->version);
}

void
put_monitor_line(struct jsonw *w, const struct row_monitor *r)
{
	jsonw_object(w);
	put_monitor_facts(w, r);
	jsonw_object_end(w);
}

void
put_monitor(struct jsonw *w, const struct monitor_view *v)
{
	jsonw_object(w);
	put_monitor_facts(w, &v->row);
	jsonw_key(w, "history");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_events; i++) {
		const struct row_monitor_event *ev = &v->events[i];

		jsonw_object(w);
		jsonw_kv_int(w, "id", ev->id);
		jsonw_kv_c(w, "kind", word_name(words_monitor_event, ev->kind));
		jsonw_kv_time(w, "at", ev->at_ms);
		put_hex_or_null(w, "sha256", ev->sha256);
		jsonw_kv_time(w, "not_after", ev->not_after_ms);
		jsonw_kv_c(w, "status", word_name(words_host_status, ev->status));
		put_text_or_null(w, "detail", ev->detail);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	jsonw_object_end(w);
}

/* -- inspections */

static void
put_shown(struct jsonw *w, struct blob der, struct arena *a)
{
	struct cert_info c = {0};
	ERR(unreadable);
	bool read = cert_read(der, a, &c, &unreadable) == 0;

	jsonw_object(w);
	put_text_or_null(w, "subject", c.subject_text);
	put_text_or_null(w, "issuer", c.issuer_text);
	put_hex_or_null(w, "serial", c.serial);
	put_words(w, "names", read ? look_names(&c, a) : STR(""));
	jsonw_kv_c(w, "key_alg", !read ? NULL : c.alg == KEY_OTHER ? "other" : key_alg_name(c.alg));
	put_hex_or_null(w, "sha256", BLOB(c.sha256, read ? 32U : 0U));
	jsonw_kv_time(w, "not_before", c.not_before_ms);
	jsonw_kv_time(w, "not_after", c.not_after_ms);
	jsonw_kv_str(w, "pem", pem_encode(a, "CERTIFICATE", der));
	jsonw_object_end(w);
}

static void
put_taken(struct jsonw *w, const struct probe *p)
{
	jsonw_key(w, "versions");
	jsonw_array(w);
	for (int i = 0; i < PROBE_VERSIONS; i++) {
		if (p->versions[i] == PROBE_TAKEN)
			jsonw_str(w, str_c(probe_version_word((enum probe_version)i)));
	}
	jsonw_array_end(w);
	jsonw_key(w, "weak");
	jsonw_array(w);
	for (int i = 0; i < PROBE_WEAKS; i++) {
		if (p->weak[i] == PROBE_TAKEN)
			jsonw_str(w, str_c(probe_weak_word((enum probe_weak)i)));
	}
	jsonw_array_end(w);
}

void
put_inspection(struct jsonw *w, const struct inspection *v, struct arena *a)
{
	const struct look *l = &v->look;
	const struct probe *p = &l->probe;
	bool seen = p->outcome == PROBE_SEEN;

	jsonw_object(w);
	put_text(w, "name", v->place.host);
	jsonw_kv_int(w, "port", v->place.port);
	jsonw_kv_c(w, "starttls", word_name(words_starttls, v->starttls));
	put_text(w, "address", addr_text(a, &l->address, true));
	jsonw_kv_c(w, "outcome", probe_outcome_word(p->outcome));
	jsonw_kv_c(w, "step", probe_step_word(p->step));
	put_text_or_null(w, "message", str_c(p->why));
	jsonw_kv_c(w, "status", words_host_status[v->status]);
	jsonw_kv_bool(w, "trusted", l->trusted);
	jsonw_kv_c(w, "protocol", seen ? probe_version_word(p->version) : NULL);
	put_text_or_null(w, "suite", str_c(p->suite));
	put_text_or_null(w, "group", str_c(p->group));
	put_taken(w, p);
	jsonw_kv_c(w, "staple", live_staple_word(l->staple));
	jsonw_kv_bool(w, "must_staple", l->must_staple);
	jsonw_kv_time(w, "ends", l->ends_ms);
	jsonw_key(w, "browsers");
	jsonw_object(w);
	jsonw_kv_c(w, "chrome", l->browser.chrome);
	jsonw_kv_c(w, "firefox", l->browser.firefox);
	jsonw_object_end(w);
	jsonw_kv_bool(w, "client_certificate", p->asks_client);
	jsonw_kv_int(w, "connect_us", p->connect_us);
	jsonw_kv_int(w, "handshake_us", p->handshake_us);
	jsonw_kv_int(w, "errors", l->errors);
	jsonw_kv_int(w, "warnings", l->warnings);
	jsonw_kv_int(w, "notes", l->notes);
	put_json(w, "findings", l->findings.n ? l->findings : STR("[]"));
	jsonw_key(w, "chain");
	jsonw_array(w);
	for (unsigned i = 0; i < p->n_chain; i++)
		put_shown(w, p->chain[i], a);
	jsonw_array_end(w);
	jsonw_object_end(w);
}
