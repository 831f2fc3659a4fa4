# SPDX-License-Identifier: Apache-2.0
"""Domains and the zones that are managed here: what staff verify, what a check finds, what is refused."""
import base64
import secrets

import pytest
from customer import Customer
from dnsserver import DnsServer, KnotServer
from staff import Reviewer

SECRET = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
LATER = "2040-01-31T00:00:00Z"


@pytest.fixture(scope="module")
def dns(database):
    """bind9 and Knot, each with one of the databases."""
    program = DnsServer if database == "sqlite" else KnotServer
    with program({"example.com": "dynamic", "other.com": "unsigned"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor,
                     args=["--validation-allow", "127.0.0.0/8"])


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca)


def zone_body(dns, **kw):
    return {"name": "example.com", "servers": [dns.address], "key_name": dns.key.name, "key_alg": dns.key.alg,
            "secret": dns.key.secret, **kw}


@pytest.fixture
def account(ca):
    """An account of the test's own: domains and zones are unique in theirs."""
    return Customer(ca)


def test_a_zone_is_added_checked_changed_and_removed(ca, account, dns):
    r = account.rest("POST", "/zones", zone_body(dns))
    assert r.status == 201 and r.headers["location"] == f"/api/v1/zones/{r.json['id']}", r
    zone = r.json
    assert zone["servers"] == [dns.address] and zone["checked"] is None
    checked = account.ok("POST", f"/zones/{zone['id']}:check")
    assert checked["ok"] and all(look["ok"] for look in checked["looks"]), checked
    assert any("update" in look["what"] for look in checked["looks"])
    assert checked["zone"]["checked"] and checked["zone"]["check_code"] is None
    assert dns.shown("_dnsauth.example.com") == []
    etag = account.rest("GET", f"/zones/{zone['id']}").headers["etag"]
    new = account.ok("PATCH", f"/zones/{zone['id']}", {"secret": SECRET}, headers={"If-Match": etag})
    assert new["version"] == zone["version"] + 1 and new["checked"] is None
    r = account.rest("PATCH", f"/zones/{zone['id']}", {"key_name": "x"}, headers={"If-Match": etag})
    assert (r.status, r.code) == (412, "PRECONDITION")
    checked = account.ok("POST", f"/zones/{zone['id']}:check")
    bad = [look for look in checked["looks"] if not look["ok"]]
    assert not checked["ok"] and [b["code"] for b in bad] == ["DNS_KEY_REFUSED"] and bad[0]["hint"], checked
    assert checked["zone"]["check_code"] == "DNS_KEY_REFUSED"
    assert account.rest("DELETE", f"/zones/{zone['id']}").status == 204
    assert account.rest("GET", f"/zones/{zone['id']}").code == "NOT_FOUND"


def test_the_secret_is_shown_nowhere(ca, account, dns):
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    made = account.rest("POST", "/zones", zone_body(dns, secret=secret))
    again = account.rest("GET", f"/zones/{made.json['id']}")
    audit = account.rest("GET", "/audit")
    for r in (made, again, account.rest("GET", "/zones"), audit):
        assert secret.encode() not in r.body
    assert secret not in ca.log()


@pytest.mark.parametrize("what, code", [
    ({"key": "weak"}, ("DNS_UPDATE_REFUSED", "DNS_KEY_REFUSED")), ({"name": "nowhere.net"}, ("DNS_ZONE",)),
    ({"name": "www.example.com"}, ("DNS_ZONE",)), ({"port": "closed"}, ("NET",))])
def test_a_check_names_what_is_wrong_and_the_cure(account, dns, what, code):
    body = zone_body(dns, **({"name": what["name"]} if "name" in what else {}))
    if "key" in what:
        body |= {"key_name": dns.weak_key.name, "secret": dns.weak_key.secret}
    if "port" in what:
        body["servers"] = ["127.0.0.1:1"]
    zone = account.ok("POST", "/zones", body)
    checked = account.ok("POST", f"/zones/{zone['id']}:check")
    bad = [look for look in checked["looks"] if not look["ok"]]
    assert bad and bad[0]["code"] in code and bad[0]["message"] and bad[0]["hint"], checked
    assert checked["zone"]["check_code"] == bad[0]["code"]


@pytest.mark.parametrize("change, field, code", [
    ({"name": "exa mple.com"}, "name", "NAME_SYNTAX"), ({"name": "*.example.com"}, "name", "FIELD_FORM"),
    ({"name": "192.0.2.1"}, "name", "NAME_IP"),
    ({"servers": ["ns.example.com"]}, "servers[0]", "FIELD_FORM"), ({"servers": ["192.0.2.1:0"]}, "servers[0]", "FIELD_FORM"),
    ({"servers": ["198.51.100.1", "10.0.0.1"]}, "servers[1]", "ADDRESS_REFUSED"),
    ({"key_name": "a..b"}, "key_name", "NAME_SYNTAX"), ({"secret": "not base64 at all"}, "secret", "FIELD_FORM"),
    ({"secret": base64.b64encode(b"short").decode() * 3}, "secret", "FIELD_FORM"),
    ({"key_alg": "hmac-md5"}, "key_alg", "FIELD_FORM")])
def test_a_zone_that_makes_no_sense_is_refused(ca, customer, dns, change, field, code):
    r = customer.rest("POST", "/zones", zone_body(dns, **{"servers": ["127.0.0.1:5353"], **change}))
    faults = [r.json, *r.json["causes"]]
    assert r.status in (400, 422) and any(f["field"] == field and f["code"] == code and f["hint"] for f in faults), r
    if isinstance(change.get("secret"), str):
        assert change["secret"].encode() not in r.body


def test_a_zone_stands_once_in_an_account_and_is_kept_while_a_domain_needs_it(account, dns):
    zone = account.ok("POST", "/zones", zone_body(dns))
    assert account.rest("POST", "/zones", zone_body(dns)).code == "NAME_TAKEN"
    domain = account.ok("POST", "/domains", {"name": "example.com", "expires": LATER, "zone": zone["id"]})
    r = account.rest("DELETE", f"/zones/{zone['id']}")
    assert r.code == "STATE_REFUSED" and str(domain["id"]) in r.json["detail"]
    account.ok("PATCH", f"/domains/{domain['id']}", {"zone": 0})
    assert account.rest("DELETE", f"/zones/{zone['id']}").status == 204


def test_a_domain_tells_what_automatic_dns_lacks_until_nothing_does(ca, account, dns):
    domain = account.ok("POST", "/domains", {"name": "Example.COM.", "expires": "2020-01-31T00:00:00Z"})
    path = f"/domains/{domain['id']}"
    assert domain["name"] == "example.com" and domain["holder_state"] == "unverified"
    assert domain["missing"] == ["zone", "holder", "term"] and "zone" in domain["advice"] and not domain["automatic_dns"]
    zone = account.ok("POST", "/zones", zone_body(dns))
    domain = account.ok("PATCH", path, {"zone": zone["id"]})
    assert domain["missing"] == ["holder", "term"] and "holder" in domain["advice"] and domain["zone_name"] == "example.com"
    domain = account.ok("PATCH", path, {"holder": "Example Ltd"})
    assert domain["holder_state"] == "pending" and domain["missing"] == ["holder", "term"]
    assert domain["id"] in [d["id"] for d in ca.ok("GET", "/api/v1/domains:review?limit=200")["items"]]
    domain = ca.ok("POST", f"/api/v1/domains/{domain['id']}:verify_holder", {"verified": True})
    assert domain["holder_state"] == "verified" and domain["missing"] == ["term"] and "expired" in domain["advice"]
    domain = account.ok("PATCH", path, {"expires": LATER})
    assert domain["missing"] == [] and domain["automatic_dns"] and domain["advice"] is None
    # another holder is another question
    domain = account.ok("PATCH", path, {"holder": "Somebody Else"})
    assert domain["holder_state"] == "pending" and not domain["automatic_dns"]
    acts = [row["act"] for row in account.ok("GET", "/audit")["items"]]
    assert acts.count("domain.holder") >= 3 and "domain.create" in acts and "zone.create" in acts


def test_a_refused_holder_reads_why_and_may_ask_again(ca, account):
    domain = account.ok("POST", "/domains", {"name": "example.com", "expires": LATER, "holder": "Wrong Ltd"})
    path = f"/api/v1/domains/{domain['id']}:verify_holder"
    r = ca.rest("POST", path, {"verified": False})
    assert r.status == 400 and r.json["field"] == "note"
    ca.ok("POST", path, {"verified": False, "note": "the registry says Right Ltd"})
    domain = account.ok("GET", f"/domains/{domain['id']}")
    assert domain["holder_state"] == "refused" and domain["holder_note"] == "the registry says Right Ltd"
    assert ca.rest("POST", path, {"verified": True}).code == "STATE_REFUSED"
    domain = account.ok("PATCH", f"/domains/{domain['id']}", {"holder": "Right Ltd"})
    assert domain["holder_state"] == "pending" and domain["holder_note"] is None
    assert ["Right Ltd" in n for n in account.told("holder_refused", domain["id"])] == [True]
    ca.ok("POST", path, {"verified": True})
    assert len(account.told("holder_verified", domain["id"])) == 1
    waiting = Reviewer(ca).told("holder_waiting", domain["id"])
    assert ["Right Ltd" in n for n in waiting] == [True, False], waiting


def test_a_holder_that_changed_since_it_was_judged_is_not_verified(ca, account):
    domain = account.ok("POST", "/domains", {"name": "example.com", "expires": LATER, "holder": "Right Ltd"})
    path, judged = f"/api/v1/domains/{domain['id']}:verify_holder", {"If-Match": f'"{domain["version"]}"'}
    account.ok("PATCH", f"/domains/{domain['id']}", {"holder": "Somebody Else"})
    assert ca.rest("POST", path, {"verified": True}, headers=judged).code == "PRECONDITION"
    assert account.ok("GET", f"/domains/{domain['id']}")["holder_state"] == "pending"


@pytest.mark.parametrize("change, field, code", [
    ({"name": "www.example.com"}, "name", "FIELD_FORM"), ({"name": "*.example.com"}, "name", "FIELD_FORM"),
    ({"name": "192.0.2.7"}, "name", "NAME_IP"), ({"expires": "soon"}, "expires", "FIELD_FORM"),
    ({"zone": 987654321}, "zone", "NOT_FOUND")])
def test_a_domain_that_makes_no_sense_is_refused(customer, change, field, code):
    r = customer.rest("POST", "/domains", {"name": "example.org", "expires": LATER, **change})
    assert r.json["field"] == field and r.code == code and r.json["hint"], r


def test_a_domain_stands_once_and_only_in_a_zone_that_holds_it(account, dns):
    zone = account.ok("POST", "/zones", zone_body(dns))
    r = account.rest("POST", "/domains", {"name": "other.com", "expires": LATER, "zone": zone["id"]})
    assert r.code == "FIELD_FORM" and r.json["field"] == "zone"
    domain = account.ok("POST", "/domains", {"name": "example.com", "expires": LATER})
    assert account.rest("POST", "/domains", {"name": "EXAMPLE.com", "expires": LATER}).code == "NAME_TAKEN"
    assert account.rest("DELETE", f"/domains/{domain['id']}").status == 204
    assert account.rest("GET", f"/domains/{domain['id']}").code == "NOT_FOUND"


def test_a_repeated_key_adds_nothing_twice(account, dns):
    head = {"Idempotency-Key": "zone-1"}
    one = account.rest("POST", "/zones", zone_body(dns), headers=head)
    two = account.rest("POST", "/zones", zone_body(dns), headers=head)
    assert one.json == two.json and two.headers["idempotency-replayed"] == "true"
    check = f"/zones/{one.json['id']}:check"
    first = account.rest("POST", check, {}, headers={"Idempotency-Key": "check-1"})
    again = account.rest("POST", check, {}, headers={"Idempotency-Key": "check-1"})
    assert first.json["ok"] and again.json["ok"] and again.json["looks"] == []


def test_all_this_by_the_command_line(ca, account, dns, tmp_path):
    file = tmp_path / "key"
    file.write_text(dns.key.secret + "\n")
    zone = ca.cli_json("zones", "create", "example.com", "--servers", dns.address, "--key-name", dns.key.name, "--key-alg",
                       dns.key.alg, "--secret-file", file, key=account.key)
    out = ca.cli("zones", "check", zone["id"], key=account.key)
    assert "ok" in out and "failed" not in out
    domain = ca.cli_json("domains", "create", "example.com", "--expires", "2040-01-31", "--holder", "Example Ltd", "--zone",
                         zone["id"], key=account.key)
    assert str(domain["id"]) in ca.cli("domains", "review", "--limit", 200)
    ca.cli("domains", "verify-holder", domain["id"])
    assert "yes" in ca.cli("domains", "show", domain["id"], key=account.key)
    file.write_text(SECRET)
    ca.cli("zones", "change", zone["id"], "--secret-file", file, key=account.key)
    assert "failed" in ca.cli("zones", "check", zone["id"], key=account.key, code=1)
    ca.cli("domains", "change", domain["id"], "--zone", "0", key=account.key)
    ca.cli("domains", "remove", domain["id"], key=account.key)
    ca.cli("zones", "remove", zone["id"], key=account.key)
