# SPDX-License-Identifier: Apache-2.0
"""Bad input over the wire: each field of each request, ids, parameters, bodies as a whole. Every refusal names the field and
says what to do."""
import copy
import http.client
import json

import pytest
from apiwalk import ID_MAX, Api, dumps
from signet import Reply


@pytest.fixture(scope="module")
def api(service):
    return Api(service)


def sample(api, schema, need_all=True):
    """A value that fits a request schema in every field."""
    if "$ref" in schema:
        schema = api.schemas[schema["$ref"].rsplit("/", 1)[1]]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "date-time":
        return "2030-01-31T00:00:00Z"
    kind = schema["type"]
    if kind == "object":
        return {name: sample(api, s) for name, s in schema["properties"].items()}
    if kind == "array":
        return [sample(api, schema["items"])]
    if kind == "string":
        return "a" * max(schema.get("minLength", 1), 1)
    return {"integer": schema.get("minimum", 1), "boolean": False}[kind]


RAW = object()


def harms(api, schema):
    """(what is wrong, value or RAW bytes, codes that may be answered)."""
    if "$ref" in schema:
        schema = api.schemas[schema["$ref"].rsplit("/", 1)[1]]
    kind = schema["type"]
    type_ = {"FIELD_TYPE"}
    if kind == "string" and "enum" in schema:
        return [("not of the words", "nonsense", {"FIELD_FORM"}), ("a number", 7, type_), ("a NUL", "a\0", {"FIELD_UTF8"})]
    if schema.get("format") == "date-time":
        return [("a number", 7, type_), ("no time", "tomorrow", {"FIELD_FORM"}), ("no such day", "2030-02-30T00:00:00Z",
                                                                                  {"FIELD_FORM"})]
    if kind == "string":
        fill = "x" * max(schema["minLength"], 1)
        out = [("a number", 7, type_), ("an object", {}, type_), ("a NUL", fill[1:] + "\0", {"FIELD_UTF8"}),
               ("a control character", fill[1:] + "\x07", {"FIELD_UTF8"}),
               ("not UTF-8", (RAW, b'"' + fill[1:].encode() + b'\xff"'), {"FIELD_UTF8", "BAD_JSON"}),
               ("a lone surrogate", (RAW, b'"' + fill[1:].encode() + b'\\ud800"'), {"FIELD_UTF8", "BAD_JSON"})]
        if schema["maxLength"] < 60000:
            out.append(("too long", "x" * (schema["maxLength"] + 1), {"FIELD_LENGTH"}))
        if schema["minLength"]:
            out.append(("too short", "x" * (schema["minLength"] - 1), {"FIELD_LENGTH"}))
        return out
    if kind == "integer":
        return [("a text", "7", type_), ("a fraction", 1.5, type_), ("true", True, type_),
                ("2^53", 2**53, {"FIELD_RANGE"}), ("below", schema["minimum"] - 1, {"FIELD_RANGE"}),
                ("above", schema["maximum"] + 1, {"FIELD_RANGE"}),
                ("2^64", (RAW, b"18446744073709551616"), {"FIELD_RANGE", "BAD_JSON"}), ("1e3", (RAW, b"1e3"), type_)]
    if kind == "boolean":
        return [("a text", "true", type_), ("a number", 1, type_)]
    if kind == "array":
        if schema["items"]["type"] == "integer":
            return [("a text", "a", type_), ("empty", [], {"FIELD_LENGTH"}), ("a text in it", ["1"], type_),
                    ("too many", [1] * (schema["maxItems"] + 1), {"FIELD_LENGTH"}), ("zero in it", [0], {"FIELD_RANGE"})]
        return [("a text", "a", type_), ("empty", [], {"FIELD_LENGTH"}),
                ("too many", ["a"] * (schema["maxItems"] + 1), {"FIELD_LENGTH"}), ("a number in it", ["a", 7], type_),
                ("a NUL in it", ["a\0"], {"FIELD_UTF8"})]
    return [("a text", "{}", type_), ("an array", [], type_)]


def encoded(body, path, value):
    """The body with the value at the path (a list of members), as bytes."""
    mark = "@@here@@"
    body = copy.deepcopy(body)
    at = body
    for member in path[:-1]:
        at = at[member]
    if not (isinstance(value, tuple) and value[0] is RAW):
        at[path[-1]] = value
        return dumps(body)
    at[path[-1]] = mark
    return dumps(body).replace(json.dumps(mark).encode(), value[1])


def fields(api, schema, path=()):
    if "$ref" in schema:
        schema = api.schemas[schema["$ref"].rsplit("/", 1)[1]]
    for name, s in schema["properties"].items():
        yield [*path, name], s, name in schema.get("required", [])
        if "$ref" in s:
            yield from fields(api, s, (*path, name))


def told(r):
    """{field: codes} of a problem."""
    out = {}
    for one in [r.json, *r.json["causes"]]:
        out.setdefault(one["field"], set()).add(one["code"])
    return out


def check(r, route, what, field, codes):
    assert 400 <= r.status < 500, (route, field, what, r)
    seen = told(r)
    names = [f for f in seen if f and (f == field or f.startswith(field + "["))]
    if not names and "BAD_JSON" in codes and r.code == "BAD_JSON":
        names = [r.json["field"]]
    assert names and any(seen[n] & codes for n in names), (route, field, what, r)
    assert r.json["detail"] and r.json["hint"] and r.json["request_id"] and r.headers["request-id"] == r.json["request_id"]
    assert all(c["hint"] and c["detail"] for c in r.json["causes"])


def test_each_field_of_each_request_is_checked_and_named(api, service):
    asked = 0
    for route in api.routes:
        if not route.schema:
            continue
        good = sample(api, route.schema)
        for path, schema, required in fields(api, route.schema):
            field = ".".join(path)
            for what, value, codes in harms(api, schema):
                body = encoded(good, path, value)
                if len(body) > 64 * 1024:
                    continue
                r = api.send(route.method, route.at(ID_MAX), body=body, key=service.admin_key)
                check(r, route, what, field, codes)
                asked += 1
            if required:
                less = copy.deepcopy(good)
                at = less
                for member in path[:-1]:
                    at = at[member]
                del at[path[-1]]
                check(api.send(route.method, route.at(ID_MAX), body=dumps(less), key=service.admin_key), route, "left out",
                      field, {"FIELD_MISSING"})
                check(api.send(route.method, route.at(ID_MAX), body=encoded(good, path, None), key=service.admin_key), route,
                      "null", field, {"FIELD_MISSING"})
    assert asked > 300


def test_unknown_and_doubled_members_are_refused(api, service):
    for route in api.routes:
        if not route.schema:
            continue
        r = api.send(route.method, route.at(ID_MAX), body=b'{"colour":1}', key=service.admin_key)
        assert "FIELD_UNKNOWN" in told(r).get("colour", set()), (route, r)
        r = api.send(route.method, route.at(ID_MAX), body=b'{"a":1,"a":2}', key=service.admin_key)
        assert r.code in ("BAD_JSON", "FIELD_UNKNOWN", "SEVERAL_FAULTS") and r.status == 400, (route, r)


BODIES = [b"", b"{", b"[]", b"null", b"1", b'"a"', b"{}{}", b'{"a":}', b"{'a':1}", b"\xef\xbb\xbf{}x", b"\0", b"{" * 100,
          b'{"a":' * 40 + b"1" + b"}" * 40, b"\xff\xfe{\0}\0"]


@pytest.mark.parametrize("body", BODIES, ids=[repr(b)[:20] for b in BODIES])
def test_a_body_that_is_no_object_is_refused(api, service, body):
    r = api.send("POST", "/api/v1/users", body=body, key=service.admin_key)
    assert r.status == 400 and r.json["hint"], r


def test_only_json_is_taken_and_its_size_is_capped(api, service):
    for media in ("text/plain", "application/xml", "application/x-www-form-urlencoded", ""):
        r = api.send("POST", "/api/v1/users", body=b"{}", key=service.admin_key, headers={"Content-Type": media})
        assert (r.status, r.code) == (415, "MEDIA_TYPE"), media
    # The answer comes before the body, and the connection is closed with it: a client that goes on sending may miss it.
    conn = http.client.HTTPSConnection("localhost", service.https_port, timeout=30, context=service.tls())
    conn.putrequest("POST", "/api/v1/users")
    for name, value in (("Authorization", "Bearer " + service.admin_key), ("Content-Type", "application/json"),
                        ("Content-Length", str(64 * 1024 + 1))):
        conn.putheader(name, value)
    conn.endheaders()
    answer = conn.getresponse()
    r = Reply(answer.status, answer.getheaders(), answer.read())
    conn.close()
    assert r.status == 413 and r.code == "TOO_LARGE" and api.faults(api.schemas["problem"], r.json) == []
    r = api.send("GET", "/api/v1/users", body=b"{}", key=service.admin_key)
    assert r.status == 400


IDS = [("0", "FIELD_RANGE"), (str(2**53), "FIELD_RANGE"), (str(2**63), "FIELD_RANGE"), (str(2**64 + 1), "FIELD_RANGE"),
       ("9" * 40, "FIELD_RANGE"), ("-1", "FIELD_FORM"), ("+1", "FIELD_FORM"), ("01", "FIELD_FORM"), ("1.0", "FIELD_FORM"),
       ("0x1", "FIELD_FORM"), ("x", "FIELD_FORM"), ("%20", "FIELD_FORM"), ("1%2F2", "FIELD_FORM"), ("%ef%bc%91", "FIELD_FORM")]


def test_an_id_is_a_number_within_bounds(api, service):
    for route in api.routes:
        if not route.has_id:
            continue
        for id_, code in IDS:
            r = api.send(route.method, route.at(id_), body=b"{}" if route.schema else None, key=service.admin_key)
            assert (r.status, r.code, r.json["field"]) == (400, code, "id"), (route, id_, r)
            assert r.json["hint"]
        r = api.send(route.method, route.at(f"{ID_MAX}%00"), key=service.admin_key)
        assert r.status in (400, 404), (route, r)


def test_parameters_are_checked_and_unknown_ones_refused(api, service):
    bad = {"limit": ["0", "201", "-1", "x", "", "1e3", str(2**64)], "cursor": [str(2**53), "-1", "x", ""],
           "state": ["nonsense", "", "DRAFT"], "status": ["nonsense", ""], "account": ["0", str(2**53), "x"],
           "confirmed": ["yes", "1", ""], "name": ["", "x" * 255, "%00", "%ff", "a%0a"], "format": ["x" * 33, ""],
           "purpose": ["nonsense", ""], "product": ["", "x" * 65, "%00", "%ff", "a%0a"],
           "source": ["", "somewhere", "OFFICIAL", "x" * 300, "%00"], "search": ["", "x" * 255, "%00", "%ff", "a%0a"],
           "since": ["", "yesterday"], "until": ["", "2026-13-01T00:00:00Z"],
           "direction": ["", "both"],
           "key_alg": ["nonsense", "", "rsa_2048"], "key_held": ["yes", ""], "unused": ["1", ""],
           "file_name": ["", "x" * 401, "%00", "%ff", "a%0a"], "scan": ["0", str(2**53), "x", ""]}
    for route in api.routes:
        for name in route.query:
            for value in bad[name]:
                r = api.send(route.method, f"{route.at(ID_MAX)}?{name}={value}", key=service.admin_key)
                # a NUL is refused before anybody looks for parameters
                assert r.status == 400 and r.json["field"] == (None if value == "%00" else name), (route, name, value, r)
            r = api.send(route.method, f"{route.at(ID_MAX)}?{name}={bad[name][0]}&{name}=1", key=service.admin_key)
            assert r.status == 400, (route, name, r)
        if route.right != "public":
            r = api.send(route.method, f"{route.at(ID_MAX)}?colour=1", body=b"{}" if route.schema else None,
                         key=service.admin_key)
            assert (r.status, r.code, r.json["field"]) == (400, "FIELD_UNKNOWN", "colour"), (route, r)


def test_an_unknown_path_and_a_wrong_method_say_what_there_is(api, service):
    known = {}
    for route in api.routes:
        known.setdefault(route.path, set()).add(route.method)
    for path, methods in known.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - methods:
            r = api.send(method, path.replace("{id}", "1"), key=service.admin_key)
            assert (r.status, r.code) == (405, "METHOD_NOT_ALLOWED"), (method, path, r)
            assert methods <= set(r.headers["allow"].split(", ")), (path, r.headers["allow"])
        r = api.send("GET", path.replace("{id}", "1") + "/", key=service.admin_key)
        assert (r.status, r.code) == (404, "NOT_FOUND") and r.json["hint"], path
    for path in ("/api", "/api/", "/api/v1", "/api/v2/users", "/api/v1/nothing", "/api/v1/users/1:fly", "/api/v1/../users"):
        r = api.send("GET", path, key=service.admin_key)
        assert r.status == 404 and r.json["hint"], path


def test_all_faults_of_an_application_are_told_at_once(service):
    r = service.rest("POST", "/api/v1/applications", {
        "product": "digicert-dv-multi", "names": ["a..b", "*.*.c.com", "10.0.0.1", "co.uk"], "method": "dns"})
    fields_ = {c["field"] for c in r.json["causes"]}
    assert {"names[0]", "names[1]", "names[2]", "names[3]"} <= fields_ and any(f.startswith("contact") for f in fields_)
