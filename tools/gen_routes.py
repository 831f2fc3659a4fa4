#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""routes.def and schemas.def -> decoders, router table, handler table, OpenAPI 3.1, docs/develop/api.md.

  gen_routes.py (--header|--routes|--handlers|--openapi|--docs) OUT routes.def schemas.def
  gen_routes.py --embed OUT SYMBOL FILE          a file's bytes as a C array
  gen_routes.py --check-docs FILE routes.def schemas.def
"""
import json
import re
import sys

RIGHTS = "public self read operate buy manage staff_read staff_review staff_support staff_admin".split()
LANES = "fast password status validate".split()
QUERY = {
    "limit": ("integer", "most rows in the answer (1 to 200; 50 when left out)"),
    "cursor": ("integer", "`next_cursor` of the answer before"),
    "state": ("string", "only those in this state"),
    "status": ("string", "only those with this status"),
    "source": ("string", "only those from there: official, test, uploaded or shared"),
    "name": ("string", "only those with this name"),
    "format": ("string", "nginx, apache, tomcat, iis, jks, other, root or tlcp; nginx when left out"),
    "confirmed": ("boolean", "the warning was read"),
    "account": ("integer", "another account, for staff"),
    "purpose": ("string", "what the certificate is for"),
    "product": ("string", "only those of this product, by its code"),
    "search": ("string", "only those that begin so"),
    "since": ("string", "only those made at this time (RFC 3339) or later"),
    "until": ("string", "only those made at this time (RFC 3339) or before"),
    "direction": ("string", "given or received; given when left out"),
    "key_alg": ("string", "only those with a key of this algorithm"),
    "key_held": ("boolean", "only those whose private key is here, or is not"),
    "unused": ("boolean", "only those that nothing has come of"),
    "scan": ("integer", "only those that this scan has found"),
    "file_name": ("string", "name under which the file is kept and given back: 1 to 100 characters, without path"),
}
ROUTE_KEYS = "right lane status query request body response key again match help example".split()
NEEDS = {"in": ("required", "optional"), "out": ("always", "nullable", "optional")}
ID_MAX = 2**53 - 1


def die(where, what):
    sys.exit(f"{where}: {what}")


class Field:
    def __init__(self, where, cells, side):
        if len(cells) != 4 or not all(cells):
            die(where, "a field has four cells: name | type | need | help")
        self.name, kind, self.need, self.help = cells
        if self.need not in NEEDS[side]:
            die(where, f"{self.need} is no need of an {side} schema")
        words = kind.split()
        self.kind, self.args = words[0], words[1:]
        want = {"str": 1, "text": 1, "int": 1, "word": 1, "strs": 2, "ids": 1, "object": 1, "list": 1}.get(self.kind, 0)
        if self.kind not in "str text int id bool time word strs ids object list hex json".split() or len(self.args) != want:
            die(where, f'"{kind}" is no type')
        if self.kind in ("str", "text", "int"):
            m = re.fullmatch(r"(-?\d+)\.\.(\d+)", self.args[0])
            if not m:
                die(where, f"{self.args[0]} is no range")
            self.min, self.max = int(m[1]), int(m[2])
        if self.kind == "id":
            self.min, self.max = 1, ID_MAX


class Schema:
    def __init__(self, side, name, text):
        self.side, self.name, self.help, self.fields = side, name, text, []


def read_schemas(path):
    words, schemas, now = {}, {}, None
    for n, line in enumerate(open(path, encoding="utf-8"), 1):
        where, line = f"{path}:{n}", line.strip()
        if not line or line.startswith("#"):
            continue
        if m := re.fullmatch(r"words (\w+)(?: (\w+))? = (.+)", line):
            words[m[1]] = (m[2], m[3].split())
        elif m := re.fullmatch(r"(in|out) (\w+) +\| (.+)", line):
            if m[2] in schemas:
                die(where, f"{m[2]} stands twice")
            now = schemas[m[2]] = Schema(m[1], m[2], m[3])
        else:
            if not now:
                die(where, "a field outside of a schema")
            now.fields.append(Field(where, [c.strip() for c in line.split(" | ")], now.side))
    for s in schemas.values():
        for f in s.fields:
            if f.kind == "word" and f.args[0] not in words:
                die(path, f"{s.name}.{f.name}: no words {f.args[0]}")
            if f.kind in ("object", "list") and f.args[0] not in schemas:
                die(path, f"{s.name}.{f.name}: no schema {f.args[0]}")
    return words, schemas


class Route:
    def __init__(self, where, section, method, path, name):
        self.where, self.section, self.method, self.path, self.name = where, section, method, path, name
        self.v = {}

    def finish(self, words, schemas):
        for k in ("right", "lane", "status", "response", "help"):
            if not self.v.get(k):
                die(self.where, f"{self.name} has no {k}")
        if self.v["right"] not in RIGHTS or self.v["lane"] not in LANES:
            die(self.where, f"{self.name}: unknown right or lane")
        self.write = self.method not in ("GET", "HEAD")
        if self.write and "key" not in self.v:
            die(self.where, f"{self.name} writes: say key yes or key no")
        self.key = self.v.get("key") == "yes"
        self.match = self.v.get("match") == "yes"
        self.again = self.v.get("again")
        if self.key and not self.again and self.v["status"] != "204":
            die(self.where, f"{self.name} takes a key: say with `again` how a repetition is answered")
        self.request = self.v.get("request", "empty" if self.write else None)
        self.raw = None
        self.body_max = int(self.v.get("body", 0))
        if (self.request or "").startswith("media "):
            _, size, *kinds = self.request.split()
            self.raw, self.request = (int(size), kinds), None
        if self.request and (self.request not in schemas or schemas[self.request].side != "in"):
            die(self.where, f"{self.name}: no request schema {self.request}")
        kind, _, what = self.v["response"].partition(" ")
        self.media = self.items = self.response = None
        if kind == "media":
            self.media = what
        elif kind == "list":
            self.items = what
        elif kind != "none":
            self.response = kind
        for s in (self.items, self.response):
            if s and (s not in schemas or schemas[s].side != "out"):
                die(self.where, f"{self.name}: no response schema {s}")
        self.query = []
        for q in self.v.get("query", "").split():
            q, _, w = q.partition("=")
            if q not in QUERY or (w and w not in words and w != "format"):
                die(self.where, f"{self.name}: unknown query parameter {q}={w}")
            self.query.append((q, w if w in words else ""))
        if self.v.get("example"):
            json.loads(self.v["example"])


def read_routes(path, words, schemas):
    section, now, out = "", None, []
    for n, line in enumerate(open(path, encoding="utf-8"), 1):
        where, line = f"{path}:{n}", line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("-- "):
            section = line[3:]
            continue
        key, _, rest = line.partition(" ")
        if key == "route":
            now = Route(where, section, *rest.split())
            out.append(now)
        elif key not in ROUTE_KEYS or key in now.v:
            die(where, f"unknown or repeated: {key}")
        else:
            now.v[key] = rest.strip()
    for r in out:
        r.finish(words, schemas)
    if len({(r.method, r.path) for r in out}) != len(out) or len({r.name for r in out}) != len(out):
        die(path, "a route stands twice")
    return out


# -- C

def c_str(s):
    return json.dumps(s, ensure_ascii=True)


def words_symbol(words, name):
    return words[name][0] or f"api_words_{name}"


def c_member(f):
    has = [f"\tbool has_{f.name};"] if f.need == "optional" else []
    t = {"str": "struct str ", "text": "struct str ", "int": "int64_t ", "id": "int64_t ", "bool": "bool ",
         "time": "int64_t ", "word": "int ", "strs": "struct str *", "ids": "int64_t *"}
    if f.kind == "object":
        return has + [f"\tstruct in_{f.args[0]} {f.name};"]
    if f.kind not in t:
        sys.exit(f"{f.name}: {f.kind} is no type of a request")
    more = [f"\tsize_t n_{f.name};"] if f.kind in ("strs", "ids") else []
    return has + [f"\t{t[f.kind]}{f.name};"] + more


def used_ins(schemas):
    """Request schemas, nested ones first."""
    out = []

    def add(s):
        for f in s.fields:
            if f.kind == "object":
                add(schemas[f.args[0]])
        if s not in out:
            out.append(s)
    for s in schemas.values():
        if s.side == "in":
            add(s)
    return out


def header(routes, words, schemas):
    out = ["/* Generated from routes.def and schemas.def. */", "#pragma once", '#include "text/json.h"', "struct call;"]
    for name, (symbol, _) in words.items():
        if not symbol:
            out.append(f"extern const char *const api_words_{name}[];")
    for s in used_ins(schemas):
        members = sum((c_member(f) for f in s.fields), []) or ["\tchar nothing;"]
        out += [f"struct in_{s.name} {{", *members, "};",
                f"void in_{s.name}_read(struct json_in *in, void *ret);"]
    names = {r.name for r in routes} | {r.again for r in routes if r.again}
    out += [f"int api_{name}(struct call *c, struct err *e);" for name in sorted(names)]
    out += [f"#define API_ROUTES {len(routes)}", ""]
    return "\n".join(out)


def c_read(words, f):
    need = "JSON_REQUIRED" if f.need == "required" else "JSON_OPTIONAL"
    has = f"v->has_{f.name} = " if f.need == "optional" else ""
    pre = f'{has}json_get_{{}}(in, "{f.name}", {need}'
    if f.kind in ("str", "text"):
        return [pre.format(f.kind) + f", {f.min}, {f.max}, &v->{f.name});"]
    if f.kind in ("int", "id"):
        return [pre.format("int") + f", INT64_C({f.min}), INT64_C({f.max}), &v->{f.name});"]
    if f.kind in ("bool", "time"):
        return [pre.format(f.kind) + f", &v->{f.name});"]
    if f.kind == "word":
        return [pre.format("word") + f", {words_symbol(words, f.args[0])}, &v->{f.name});"]
    if f.kind in ("strs", "ids"):
        what = f"strs(in, \"{f.name}\", {need}, {f.args[0]}, {f.args[1]}" if f.kind == "strs" else (
            f"ints(in, \"{f.name}\", {need}, {f.args[0]}, 1, INT64_C({ID_MAX})")
        line = f"json_get_{what}, &v->{f.name}, &v->n_{f.name})"
        return [f"if ({line}) {{"] + ([f"\tv->has_{f.name} = true;"] if has else []) + [
            f"\tif (v->n_{f.name} == 0)",
            f'\t\terr_note(in->e, E_FIELD_LENGTH, in_path(in, "{f.name}"), "the list is empty; it must have '
            f'1 to {f.args[0]} items");', "}"]
    return [f'if (json_get_object(in, "{f.name}", {need}, &sub)) {{'] + (
        [f"\tv->has_{f.name} = true;"] if has else []) + [
        f"\tin_{f.args[0]}_read(&sub, &v->{f.name});", "}"]


def c_schema(s):
    rows = []
    for f in s.fields:
        lo, hi = getattr(f, "min", 0), getattr(f, "max", 0)
        sub = c_str(f.args[0]) if f.kind in ("object", "list", "word") else "NULL"
        rows.append(f'\t{{{c_str(f.name)}, {c_str(f.kind)}, {sub}, {c_str(f.need)}, INT64_C({lo}), INT64_C({hi})}},')
    return [f"static const struct schema_field fields_{s.name}[] = {{", *rows, "\t{0},", "};"]


def c_query(r):
    return " | ".join(f"QUERY_{q.upper()}" for q, _ in r.query) or "0"


def routes_c(routes, words, schemas):
    out = ["/* Generated from routes.def and schemas.def. */", '#include "api/route.h"', '#include "model/company.h"', '#include "model/media.h"', '#include "model/words.h"',
           '#include "api/routes_gen.h"', ""]
    for name, (symbol, list_) in words.items():
        if not symbol:
            out += [f"const char *const api_words_{name}[] = {{" + ", ".join(map(c_str, list_)) + ", NULL};"]
        out += [f"static const char *const list_{name}[] = {{" + ", ".join(map(c_str, list_)) + ", NULL};"]
    out += ["const struct api_words api_words_all[] = {"]
    out += [f"\t{{{c_str(n)}, list_{n}, {words_symbol(words, n)}}}," for n in words] + ["\t{0},", "};", ""]
    out += ["static const char *", "in_path(const struct json_in *in, const char *key)", "{",
            '\treturn arena_printf(in->arena, "%s%s", in->path, key).p;', "}", ""]
    for s in used_ins(schemas):
        out += ["void", f"in_{s.name}_read(struct json_in *in, void *ret)", "{"]
        out += [f"\tstruct in_{s.name} *v = ret;"]
        out += ["\tstruct json_in sub;"] if any(f.kind == "object" for f in s.fields) else []
        out += ["", "\t(void)v;"]
        for f in s.fields:
            out += ["\t" + line for line in c_read(words, f)]
        out += ["\tjson_in_done(in);", "}", ""]
    for s in schemas.values():
        out += c_schema(s)
    out += ["const struct schema api_schemas[] = {"]
    for s in schemas.values():
        if s.side == "in":
            out.append(f"\t{{{c_str(s.name)}, true, fields_{s.name}, sizeof(struct in_{s.name}), in_{s.name}_read}},")
        else:
            out.append(f"\t{{{c_str(s.name)}, false, fields_{s.name}, 0, NULL}},")
    out += ["\t{0},", "};", "const struct route api_routes[] = {"]
    for r in routes:
        w = [words_symbol(words, q[1]) for q in r.query if q[1]]
        out += ["\t{", f"\t\t.method = HTTP_{r.method},", f"\t\t.path = {c_str(r.path)},", f"\t\t.name = {c_str(r.name)},",
                f"\t\t.right = RIGHT_{r.v['right'].upper()},", f"\t\t.lane = API_LANE_{r.v['lane'].upper()},",
                f"\t\t.status = {r.v['status']},", f"\t\t.query = {c_query(r)},",
                f"\t\t.query_words = {w[0] if w else 'NULL'},", f"\t\t.key = {str(r.key).lower()},",
                f"\t\t.match = {str(r.match).lower()},",
                f"\t\t.media = {c_str(r.media) if r.media else 'NULL'},",
                f"\t\t.in_size = {'sizeof(struct in_' + r.request + ')' if r.request else '0'},",
                f"\t\t.raw_max = {r.raw[0] if r.raw else 0},", f"\t\t.body_max = {r.body_max},",
                f"\t\t.read = {'in_' + r.request + '_read' if r.request else 'NULL'},",
                f"\t\t.request = {c_str(r.request) if r.request else 'NULL'},",
                f"\t\t.response = {c_str(r.response or r.items) if r.response or r.items else 'NULL'},", "\t},"]
    out += ["};", "const unsigned api_n_routes = API_ROUTES;", ""]
    return "\n".join(out)


def handlers_c(routes, *_):
    out = ["/* Generated from routes.def. */", '#include "api/call.h"', '#include "api/routes_gen.h"',
           "int (*const api_handlers[API_ROUTES])(struct call *c, struct err *e) = {"]
    out += [f"\tapi_{r.name}," for r in routes]
    out += ["};", "int (*const api_again[API_ROUTES])(struct call *c, struct err *e) = {"]
    return "\n".join(out + [f"\tapi_{r.again}," if r.again else "\tNULL," for r in routes] + ["};", ""])


# -- OpenAPI

def json_type(words, f):
    if f.kind in ("str", "text"):
        t = {"type": "string", "minLength": f.min, "maxLength": f.max}
    elif f.kind in ("int", "id"):
        t = {"type": "integer", "minimum": f.min, "maximum": f.max}
    elif f.kind == "bool":
        t = {"type": "boolean"}
    elif f.kind == "time":
        t = {"type": "string", "format": "date-time"}
    elif f.kind == "word":
        t = {"type": "string", "enum": words[f.args[0]][1]}
    elif f.kind == "strs":
        t = {"type": "array", "minItems": 1, "maxItems": int(f.args[0]),
             "items": {"type": "string", "minLength": 1, "maxLength": int(f.args[1])}}
    elif f.kind == "ids":
        t = {"type": "array", "minItems": 1, "maxItems": int(f.args[0]),
             "items": {"type": "integer", "minimum": 1, "maximum": ID_MAX}}
    elif f.kind == "object":
        t = {"$ref": f"#/components/schemas/{f.args[0]}"}
    elif f.kind == "list":
        t = {"type": "array", "items": {"$ref": f"#/components/schemas/{f.args[0]}"}}
    elif f.kind == "hex":
        t = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
    else:
        t = {}
    if f.need == "nullable":
        if "enum" in t:
            t = {"type": ["string", "null"], "enum": t["enum"] + [None]}
        elif "type" in t:
            t["type"] = [t["type"], "null"]
        else:
            t = {"anyOf": [t, {"type": "null"}]}
    return {**t, "description": f.help}


def json_schema(words, s):
    required = [f.name for f in s.fields if f.need in ("required", "always", "nullable")]
    out = {"type": "object", "description": s.help,
           "properties": {f.name: json_type(words, f) for f in s.fields}}
    if required:
        out["required"] = required
    if s.side == "in":
        out["additionalProperties"] = False
    return out


def list_schema(name):
    return {"type": "object", "required": ["items", "more", "next_cursor", "total"], "properties": {
        "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
        "more": {"type": "boolean", "description": "there are further rows"},
        "next_cursor": {"type": ["integer", "null"], "description": "`cursor` of the next question"},
        "total": {"type": ["integer", "null"], "description": "all rows, where they are counted"}}}


def parameters(r, words):
    out = []
    if "{id}" in r.path:
        out.append({"name": "id", "in": "path", "required": True,
                    "schema": {"type": "integer", "minimum": 1, "maximum": ID_MAX}})
    for q, w in r.query:
        kind, text = QUERY[q]
        schema = {"type": kind}
        if w:
            schema["enum"] = words[w][1]
        if q == "limit":
            schema.update(minimum=1, maximum=200, default=50)
        out.append({"name": q, "in": "query", "description": text, "schema": schema})
    if r.key:
        out.append({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 128},
                    "description": "a repeated request with the same key gets the first one's answer, for 24 hours"})
    if r.match and r.write:
        out.append({"name": "If-Match", "in": "header", "schema": {"type": "string"},
                    "description": "the ETag of what was read: refused with 412 when it was changed meanwhile"})
    return out


def answer(r):
    if r.media:
        return {"content": {r.media: {"schema": {} if "json" in r.media else {"type": "string", "format": "binary"}}}}
    if r.items:
        return {"content": {"application/json": {"schema": list_schema(r.items)}}}
    if r.response:
        return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{r.response}"}}}}
    return {}


def operation(r, words):
    op = {"operationId": r.name, "tags": [r.section], "summary": r.v["help"].split(". ")[0].rstrip("."),
          "description": r.v["help"], "x-signet-right": r.v["right"], "x-signet-lane": r.v["lane"],
          "responses": {r.v["status"]: {"description": "done", **answer(r)},
                        "default": {"$ref": "#/components/responses/problem"}}}
    if params := parameters(r, words):
        op["parameters"] = params
    if r.request:
        media = {"schema": {"$ref": f"#/components/schemas/{r.request}"}}
        if r.v.get("example"):
            media["example"] = json.loads(r.v["example"])
        op["requestBody"] = {"required": r.request != "empty", "content": {"application/json": media}}
    if r.raw:
        binary = {"schema": {"type": "string", "format": "binary", "maxLength": r.raw[0]}}
        op["requestBody"] = {"required": True, "content": {kind: binary for kind in r.raw[1]}}
    if r.v["right"] == "public":
        op["security"] = []
    return op


def openapi(routes, words, schemas):
    paths = {}
    for r in routes:
        paths.setdefault(r.path, {})[r.method.lower()] = operation(r, words)
    doc = {
        "openapi": "3.1.0",
        "info": {"title": "Signet", "version": "1", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                 "description": "Certificate management. Errors are RFC 9457 problems: programs decide by `code`."},
        "servers": [{"url": "/"}],
        "security": [{"key": []}, {"session": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "<AccessKeyId>.<AccessKeySecret>"},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-session"}},
            "responses": {"problem": {"description": "refused or failed", "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}}},
            "schemas": {s.name: json_schema(words, s) for s in schemas.values()}}}
    return json.dumps(doc, ensure_ascii=False, separators=(",", ":")) + "\n"


# -- documentation

def doc_type(words, f):
    if f.kind == "word":
        return "one of " + ", ".join(f"`{w}`" for w in words[f.args[0]][1])
    if f.kind in ("str", "text"):
        return f"text of {f.min} to {f.max}"
    if f.kind == "int":
        return f"number from {f.min} to {f.max}" if f.max < 10**9 else "number"
    if f.kind == "strs":
        return f"list of at most {f.args[0]} texts of at most {f.args[1]}"
    if f.kind == "ids":
        return f"list of at most {f.args[0]} ids"
    if f.kind in ("object", "list"):
        return ("list of " if f.kind == "list" else "") + f"[{f.args[0]}](#{f.args[0].replace('_', '-')})"
    return {"id": "id", "bool": "true or false", "time": "time (RFC 3339)", "hex": "hex", "json": "JSON"}[f.kind]


INTRO = """# REST API

Generated from `src/api/routes.def` and `src/api/schemas.def` (`tools/gen_routes.py`). The same as OpenAPI 3.1:
`/api/v1/openapi.json`.

- Only over HTTPS. Sign in with `Authorization: Bearer <AccessKeyId>.<AccessKeySecret>`, or by `POST /api/v1/sessions`, which sets
  the cookie `__Host-session`; with the cookie, writes need the `Origin` of the service itself.
- Bodies are JSON objects in UTF-8 (`Content-Type: application/json`, at most 64 kB; files are sent as their bytes); ids are numbers up to 2^53 - 1, times RFC 3339
  in UTC, money whole numbers of the currency's smallest unit. Unknown members are refused.
- Lists answer `{items, more, next_cursor, total}` and take `limit` (1 to 200) and `cursor`.
- Errors are `application/problem+json` (RFC 9457) with `code`, `detail`, `hint`, `field`, `causes[]` and `request_id`. All faults of
  an input are told at once. The codes: [errors](../errors.md).
- Every write takes `Idempotency-Key` (1 to 128 printable ASCII characters): repeated within 24 hours nothing is done
  again and the object is shown as it is now, without secrets (`Idempotency-Replayed: true`). What people edit carries an `ETag`; send it back as `If-Match`.
"""


def docs(routes, words, schemas):
    out, section = [INTRO], None
    for r in routes:
        if r.section != section:
            section = r.section
            out += [f"## {section}", ""]
        out += [f"### {r.method} {r.path}", "", r.v["help"], ""]
        facts = [f"right `{r.v['right']}`", f"answers {r.v['status']}"]
        if r.request and r.request != "empty":
            facts.append(f"takes [{r.request}](#{r.request.replace('_', '-')})")
        if r.raw:
            facts.append(f"takes the file's bytes ({', '.join(r.raw[1])}; at most {r.raw[0]})")
        if r.query:
            facts.append("parameters " + ", ".join(f"`{q}`" for q, _ in r.query))
        what = r.response or r.items
        if what:
            facts.append(("a list of " if r.items else "") + f"[{what}](#{what.replace('_', '-')})")
        if r.media:
            facts.append(f"`{r.media}`")
        out += ["- " + "; ".join(facts)]
        if r.v.get("example"):
            out += [f"- example: `{r.v['example']}`"]
        out.append("")
    out += ["## Schemas", ""]
    for s in schemas.values():
        out += [f"### {s.name.replace('_', '-')}", "", s.help, ""]
        if s.fields:
            out += ["| field | type | | |", "| --- | --- | --- | --- |"]
            out += [f"| `{f.name}` | {doc_type(words, f)} | {f.need} | {f.help} |" for f in s.fields] + [""]
    return "\n".join(out)


def embed(out, symbol, path):
    data = open(path, "rb").read()
    rows = [", ".join(str(b) for b in data[i:i + 24]) + "," for i in range(0, len(data), 24)]
    with open(out, "w", encoding="utf-8") as f:
        f.write(f'/* Generated. */\n#include "base/str.h"\nextern const struct blob {symbol};\n'
                f"static const uint8_t bytes[] = {{\n" + "\n".join(rows) +
                f"\n}};\nconst struct blob {symbol} = {{bytes, sizeof(bytes)}};\n")


def main():
    what, out, *rest = sys.argv[1:]
    if what == "--embed":
        return embed(out, *rest)
    words, schemas = read_schemas(rest[1])
    routes = read_routes(rest[0], words, schemas)
    if what == "--check-docs":
        if open(out, encoding="utf-8").read() != docs(routes, words, schemas):
            die(out, "is not what routes.def says; write it with tools/gen_routes.py --docs " + out)
        return None
    make = {"--header": header, "--routes": routes_c, "--handlers": handlers_c, "--openapi": openapi, "--docs": docs}[what]
    text = make(routes, words, schemas)
    with open(out, "w", encoding="utf-8") as f:
        f.write(text)
    return None


main()
