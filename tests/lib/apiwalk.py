# SPDX-License-Identifier: Apache-2.0
"""Reads the served OpenAPI document: its routes for tests that walk all of them, its schemas to hold answers against."""
import http.client
import json

from signet import Reply

ID_MAX = 2**53 - 1


class Api:
    def __init__(self, s):
        self.s = s
        self.doc = s.ok("GET", "/api/v1/openapi.json", key=None)
        self.schemas = self.doc["components"]["schemas"]
        self.routes = [Route(self, path, method.upper(), op) for path, ops in self.doc["paths"].items()
                       for method, op in ops.items()]
        self._conn = None

    def send(self, method, path, body=None, key=None, headers=None):
        """One request on a connection that stays open: walks ask thousands of times."""
        head = dict(headers or {})
        if key:
            head["Authorization"] = "Bearer " + key
        if body is not None:
            head.setdefault("Content-Type", "application/json")
        for attempt in (1, 2):
            if not self._conn:
                self._conn = http.client.HTTPSConnection("localhost", self.s.https_port, timeout=60, context=self.s.tls())
            try:
                self._conn.request(method, path, body=body, headers=head)
                r = self._conn.getresponse()
                return Reply(r.status, r.getheaders(), r.read())
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self._conn = None  # closed while idle
                if attempt == 2:
                    raise

    def faults(self, schema, value, where="answer"):
        """What of the value does not fit the schema; members that the schema does not name are faults, too."""
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        if "anyOf" in schema:
            return min((self.faults(s, value, where) for s in schema["anyOf"]), key=len)
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not kinds:
            return []
        if not any(_is(kind, value) for kind in kinds):
            return [f"{where}: {value!r} is not {kinds}"]
        return self._inside(schema, value, where) if value is not None else []

    def _inside(self, schema, value, where):
        out = []
        if "enum" in schema and value not in schema["enum"]:
            out.append(f"{where}: {value!r} is none of {schema['enum']}")
        if isinstance(value, str) and not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1 << 30):
            out.append(f"{where}: {len(value)} characters")
        if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            out.append(f"{where}: {value} is out of bounds")
        if isinstance(value, list):
            for i, item in enumerate(value):
                out += self.faults(schema["items"], item, f"{where}[{i}]")
        if isinstance(value, dict):
            known = schema["properties"]
            out += [f"{where}.{m} is missing" for m in schema.get("required", []) if m not in value]
            out += [f"{where}.{m} is not in the schema" for m in value if m not in known]
            for m in value:
                out += self.faults(known[m], value[m], f"{where}.{m}") if m in known else []
        return out


def _is(kind, value):
    if kind == "null":
        return value is None
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "array": list, "object": dict}[kind])


class Route:
    def __init__(self, api, path, method, op):
        self.api, self.path, self.method, self.name, self.right = api, path, method, op["operationId"], op["x-signet-right"]
        self.op = op
        media = op.get("requestBody", {}).get("content", {}).get("application/json", {})
        self.example = media.get("example")
        self.schema = api.schemas[media["schema"]["$ref"].rsplit("/", 1)[1]] if media else None
        self.query = {p["name"]: p["schema"] for p in op.get("parameters", []) if p["in"] == "query"}
        self.takes_key = any(p["name"] == "Idempotency-Key" for p in op.get("parameters", []))
        self.status = int(next(k for k in op["responses"] if k != "default"))
        content = op["responses"][str(self.status)].get("content", {})
        self.answer = content.get("application/json", {}).get("schema")

    @property
    def has_id(self):
        return "{id}" in self.path

    def at(self, id_):
        return self.path.replace("{id}", str(id_))

    def __repr__(self):
        return f"{self.method} {self.path}"


def dumps(value):
    return json.dumps(value, ensure_ascii=False).encode()
