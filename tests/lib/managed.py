# SPDX-License-Identifier: Apache-2.0
"""A customer whose domain is managed: the zone with its key, the domain with its verified holder."""
from customer import Customer

LATER = "2045-01-31T00:00:00Z"


class Managed(Customer):
    def __init__(self, s, dns, domain="example.com", servers=None, absent=False, **lacks):
        super().__init__(s)
        self.dns, self.domain_name = dns, domain
        self.zone = self.ok("POST", "/zones", {
            "name": domain, "servers": servers or [dns.address], "key_name": dns.key.name, "key_alg": dns.key.alg,
            "secret": dns.key.secret})["id"]
        self.domain = None
        if not absent:
            self.add_domain(**lacks)

    def add_domain(self, zone=True, holder=True, expires=LATER):
        made = self.ok("POST", "/domains", {"name": self.domain_name, "holder": "Holder Ltd", "expires": expires,
                                            **({"zone": self.zone} if zone else {})})
        self.domain = made["id"]
        if holder:
            self.verify_holder()

    def verify_holder(self):
        self.s.ok("POST", f"/api/v1/domains/{self.domain}:verify_holder", {"verified": True})

    def change(self, **kw):
        return self.ok("PATCH", f"/domains/{self.domain}", kw)

    def order(self, *names, product="digicert-dv-single", **kw):
        """A submitted application whose proofs are automatic."""
        self.buy(product, **({"n_common": max(len(names), 2)} if "multi" in product else {}))
        return self.apply(product, *names, method="dns_auto", **kw)

    def show(self, application):
        return self.ok("GET", f"/applications/{application['id']}")

    def notes(self, application):
        """{name: note} of what waits."""
        return {z["name"]: z["note"] for z in self.show(application)["authorizations"] if z["state"] == "pending"}
