# SPDX-License-Identifier: Apache-2.0
"""A member of the operator's staff with the role of a reviewer, and an access key of his own."""
import secrets


class Reviewer:
    def __init__(self, s, role="reviewer"):
        self.s, self.name = s, "r" + secrets.token_hex(4)
        made = s.ok("POST", "/api/v1/users", {"name": self.name, "email": "r@example.com", "role": role})
        key = s.ok("POST", "/api/v1/access-keys", {"user": made["user"]["id"]})
        self.key = key["access_key_id"] + "." + key["access_key_secret"]

    def rest(self, method, path, json=None, **kw):
        return self.s.rest(method, "/api/v1" + path, json, key=self.key, **kw)

    def ok(self, method, path, json=None, **kw):
        return self.s.ok(method, "/api/v1" + path, json, key=self.key, **kw)

    def told(self, kind, object_id):
        """What the account was told about the object in notices of this kind: their texts, the newest first."""
        return [n["text"] for n in self.ok("GET", "/notices?limit=200")["items"]
                if (n["kind"], n["object_id"]) == (kind, object_id)]

    def line_of(self, application):
        """The application's row in the queue, or None."""
        for line in self.ok("GET", "/reviews?limit=200")["items"]:
            if line["application"] == application["id"]:
                return line
        return None
