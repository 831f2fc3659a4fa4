# SPDX-License-Identifier: Apache-2.0
"""A customer of a running service: an account with its owner, money and an access key."""
import secrets

from signet import wait_for


class Customer:
    def __init__(self, s, name=None, money=10_000_000):
        self.s = s
        self.name = name or "c" + secrets.token_hex(4)
        made = s.ok("POST", "/api/v1/accounts", {
            "name": self.name, "owner_name": self.name + " Ltd", "owner_number": secrets.token_hex(6),
            "user_name": "owner", "user_email": "owner@example.com"})
        self.account, self.password = made["account"]["id"], made["password"]
        if money:
            s.ok("POST", f"/api/v1/accounts/{self.account}:top_up", {"amount": money, "note": "test"})
        self.session = self.sign_in("owner", self.password)
        key = self.s.ok("POST", "/api/v1/access-keys", {}, key=None, session=self.session)
        self.key = key["access_key_id"] + "." + key["access_key_secret"]

    def sign_in(self, user, password):
        r = self.s.rest("POST", "/api/v1/sessions", {"account": self.name, "user": user, "password": password}, key=None)
        assert r.status == 201, r
        return r.headers["set-cookie"].split(";")[0]

    def rest(self, method, path, json=None, **kw):
        return self.s.rest(method, "/api/v1" + path, json, key=self.key, **kw)

    def ok(self, method, path, json=None, **kw):
        return self.s.ok(method, "/api/v1" + path, json, key=self.key, **kw)

    def told(self, kind, object_id):
        """What the account was told about the object in notices of this kind: their texts, the newest first."""
        return [n["text"] for n in self.ok("GET", "/notices?limit=200")["items"]
                if (n["kind"], n["object_id"]) == (kind, object_id)]

    def buy(self, product, **kw):
        return self.ok("POST", "/purchases", {"product": product, **kw})

    def apply(self, product, *names, method="dns", key_alg="EC_P256", **kw):
        """A submitted application from quota."""
        return self.ok("POST", "/applications", {
            **({"product": product} if product else {}), "names": list(names), "method": method, "submit": True,
            "contact": {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"},
            **({} if "csr" in kw else {"key_alg": key_alg}), **kw})

    def publish_dns(self, application, dns):
        """Puts the shown TXT records of all names into the zone; a name that was proven before shows none."""
        with dns.changes():
            for record in {(z["publish"]["where"], z["publish"]["value"]) for z in application["authorizations"]
                           if z["publish"]}:
                dns.add(record[0], "TXT", record[1])

    def verify(self, application):
        """"Verify now": it ends when the certificate is there; making an RSA key of 4096 bits may take long."""
        return self.ok("POST", f"/applications/{application['id']}:verify", {}, timeout=120)

    def issued(self, application, timeout=60):
        """Waits until it is issued; the application."""
        def look():
            now = self.ok("GET", f"/applications/{application['id']}")
            assert now["state"] != "failed", now
            return now if now["state"] == "issued" else None
        return wait_for("the certificate", look, timeout)

    def certificate(self, dns, product="digicert-dv-single", name="www.example.com", **kw):
        """From purchase to an issued certificate; its detail."""
        self.buy(product)
        app = self.apply(product, name, **kw)
        self.publish_dns(app, dns)
        self.verify(app)
        app = self.issued(app)
        return self.ok("GET", f"/certificates/{app['certificates'][0]['id']}")
