# SPDX-License-Identifier: Apache-2.0
"""Proofs of control and CAA, asked of real DNS and web servers: nothing is issued without one valid proof per name."""
import pytest
from customer import Customer
from dnsserver import DnsServer
from ports import free_port
from signet import wait_for
from webserver import WebServer

FILE = "/.well-known/pki-validation/fileauth.txt"
US = "ca.example"
SINGLE, MULTI, WILD = "digicert-dv-single", "digicert-dv-multi", "digicert-dv-wildcard"

# what, names, CAA records at (owner, value)..., the code that refuses; None: issued
CAA = [
    ("no record up to the top", ["none.example.com"], [], None),
    ("ours", ["ours.example.com"], [("ours", f'0 issue "{US}"')], None),
    ("ours among others", ["among.example.com"], [("among", '0 issue "other.example"'), ("among", f'0 issue "{US}"')], None),
    ("another's", ["theirs.example.com"], [("theirs", '0 issue "other.example"')], "CAA_FORBIDS"),
    ("nobody", ["nobody.example.com"], [("nobody", '0 issue ";"')], "CAA_FORBIDS"),
    ("unknown and critical", ["critical.example.com"], [("critical", f'0 issue "{US}"'), ("critical", '128 tbs "x"')],
     "CAA_FORBIDS"),
    ("unknown, not critical", ["soft.example.com"], [("soft", '0 tbs "x"')], None),
    ("iodef alone", ["iodef.example.com"], [("iodef", '0 iodef "mailto:x@example.com"')], None),
    ("an ancestor forbids", ["a.b.anc.example.com"], [("anc", '0 issue "other.example"')], "CAA_FORBIDS"),
    ("the nearest counts", ["x.near.example.com"], [("near", '0 issue ";"'), ("x.near", f'0 issue "{US}"')], None),
    ("issuewild forbids the wildcard", ["*.wild1.example.com"],
     [("wild1", f'0 issue "{US}"'), ("wild1", '0 issuewild ";"')], "CAA_FORBIDS"),
    ("issuewild allows the wildcard", ["*.wild2.example.com"],
     [("wild2", '0 issue ";"'), ("wild2", f'0 issuewild "{US}"')], None),
    ("issuewild says nothing about a common name", ["wild3.example.com"],
     [("wild3", f'0 issue "{US}"'), ("wild3", '0 issuewild ";"')], None),
    ("issue alone counts for a wildcard", ["*.wild4.example.com"], [("wild4", '0 issue ";"')], "CAA_FORBIDS"),
    ("through a CNAME, forbidden", ["cname1.example.com"], [], "CAA_FORBIDS"),
    ("through a CNAME, allowed", ["cname2.example.com"], [], None),
    ("a method that is not ours", ["method1.example.com"], [("method1", f'0 issue "{US}; validationmethods=http-01"')],
     "CAA_FORBIDS"),
    ("our method", ["method2.example.com"], [("method2", f'0 issue "{US}; validationmethods=http-01,ca-dns"')], None),
    ("SERVFAIL", ["servfail.example.com"], [], "CAA_FAILED"),
    ("bogus", ["bogus.example.com"], [], "CAA_FAILED"),
    ("the third of three names", ["k1.example.com", "k2.example.com", "k3.example.com"], [("k3", '0 issue ";"')],
     "CAA_FORBIDS"),
]


@pytest.fixture(scope="module")
def dns(database):
    zones = {"example.com": "signed", "dead.net": "servfail", "bent.net": "bogus", "fine.net": "signed",
             "bogus.com": "bogus", "plain.com": "unsigned", "late.com": "expired"}
    server = DnsServer(zones)
    for _, _, records, _ in CAA:
        for owner, value in records:
            server.add(owner + ".example.com", "CAA", value)
    server.add("cname1.example.com", "CNAME", "target1.fine.net.")
    server.add("cname2.example.com", "CNAME", "target2.fine.net.")
    server.add("servfail.example.com", "CNAME", "host.dead.net.")
    server.add("bogus.example.com", "CNAME", "host.bent.net.")
    server.add("target1.fine.net", "CAA", '0 issue "other.example"')
    server.add("target2.fine.net", "CAA", f'0 issue "{US}"')
    for name in ("web", "old", "moved", "wrong", "long", "near", "forbidden"):
        server.add(f"{name}.example.com", "A", "127.0.0.1")
    server.add("inside.example.com", "A", "10.1.2.3")
    server.add("host.bogus.com", "A", "127.0.0.1")
    server.add("www.bogus.com", "TXT", "x")
    server.add("forbidden.example.com", "CAA", f'0 issue "{US}; validationmethods=ca-dns"')
    with server:
        yield server


@pytest.fixture(scope="module")
def web():
    with WebServer() as plain, WebServer(tls=True) as tls:
        yield plain, tls


@pytest.fixture(scope="module")
def ca(database, dns, web, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor, args=[
        "--caa-identity", US, "--validation-http-port", str(web[0].port), "--validation-https-port", str(web[1].port),
        "--validation-allow", "127.0.0.0/8"])


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca, money=1_000_000_000)


@pytest.fixture
def newcomer(ca):
    """Who has proven nothing yet."""
    return Customer(ca)


@pytest.fixture(autouse=True)
def clean(web):
    for w in web:
        w.routes.clear()
        w.requests.clear()


def product_of(names):
    return WILD if names[0].startswith("*") else MULTI if len(names) > 1 else SINGLE


def ordered(customer, *names, **kw):
    product = product_of(names)
    count = {"n_wildcard": len(names)} if product == WILD else {"n_common": len(names)}
    customer.buy(product, **count)
    return customer.apply(product, *names, companions=False, **kw)


def now(customer, app):
    return customer.ok("GET", f"/applications/{app['id']}")


def refused(customer, app, code):
    """A check that must fail with this code for the first name, and leave the application waiting; what it says."""
    name = customer.verify(app)["names"][0]
    assert not name["proven"] and name["code"] == code and name["message"] and name["hint"], name
    state = now(customer, app)
    assert state["state"] == "validating" and state["certificates"] == []
    return name


# -- CAA

@pytest.mark.parametrize("what,names,records,code", CAA, ids=[c[0] for c in CAA])
def test_caa_decides_for_each_name_when_it_is_issued(customer, dns, what, names, records, code):
    app = ordered(customer, *names)
    customer.publish_dns(app, dns)
    verified = customer.verify(app)
    assert all(n["proven"] for n in verified["names"])  # control is proven: it is CAA that decides
    if not code:
        assert len(customer.issued(app)["certificates"]) == 1
        return
    failed = now(customer, app)
    assert failed["state"] == "failed" and failed["certificates"] == []
    assert failed["failure"]["code"] == code and failed["failure"]["hint"]
    records = customer.ok("GET", f"/applications/{app['id']}/records")["items"]
    bad = [r for r in records if not r["ok"] and not r["authorization"]]
    assert [r["code"] for r in bad] == [code] and bad[0]["name_asked"].lstrip("*.") == names[-1].lstrip("*.")


def test_a_failed_application_goes_on_once_the_record_is_repaired(newcomer, dns):
    dns.add("repair.example.com", "CAA", '0 issue ";"')
    app = ordered(newcomer, "repair.example.com")
    newcomer.publish_dns(app, dns)
    newcomer.verify(app)
    assert now(newcomer, app)["state"] == "failed"
    dns.replace("repair.example.com", "CAA", f'0 issue "{US}"')

    # what was learned about CAA is kept for ten seconds at most
    def again():
        if now(newcomer, app)["state"] == "failed":
            newcomer.rest("PATCH", f"/applications/{app['id']}", {})
            newcomer.rest("POST", f"/applications/{app['id']}:submit", {})
            newcomer.rest("POST", f"/applications/{app['id']}:verify", {})
        return now(newcomer, app)["state"] == "issued"
    wait_for("the certificate", again, 20, every=0.5)


# -- DNS

def test_without_the_record_nothing_is_issued_and_the_user_is_told(customer, dns):
    app = ordered(customer, "www.fine.net")
    publish = app["authorizations"][0]["publish"]
    assert publish["type"] == "TXT" and publish["where"] == "_dnsauth.www.fine.net"
    seen = refused(customer, app, "DNS_NO_RECORD")["seen"]
    assert any("_dnsauth.www.fine.net" in s["what"] for s in seen)
    dns.add(publish["where"], "TXT", "something else")
    seen = refused(customer, app, "DNS_WRONG_VALUE")["seen"]
    assert any("something else" in s["result"] for s in seen)
    dns.add(publish["where"], "TXT", publish["value"])  # beside the wrong one
    customer.verify(app)
    customer.issued(app)


def test_a_proof_at_an_ancestor_proves_the_names_below_and_the_record_says_where(newcomer, dns):
    app = ordered(newcomer, "deep.down.example.com")
    dns.add("_dnsauth.example.com", "TXT", app["authorizations"][0]["publish"]["value"])
    newcomer.verify(app)
    newcomer.issued(app)
    records = newcomer.ok("GET", f"/applications/{app['id']}/records")["items"]
    proof = next(r for r in records if r["ok"] and r["authorization"])
    assert (proof["name_asked"], proof["name_proven"]) == ("deep.down.example.com", "example.com")


def test_a_bogus_answer_is_named(customer, dns):
    for name in ("www.bogus.com", "www.late.com"):
        app = ordered(customer, name)
        customer.publish_dns(app, dns)
        refused(customer, app, "DNS_BOGUS")


def test_an_unsigned_zone_is_as_good_as_any(customer, dns):
    app = ordered(customer, "www.plain.com")
    customer.publish_dns(app, dns)
    customer.verify(app)
    customer.issued(app)


def test_a_server_that_fails_is_named(customer, dns):
    refused(customer, ordered(customer, "www.dead.net"), "DNS_SERVFAIL")


def test_one_name_without_a_proof_keeps_all_back(customer, dns):
    app = ordered(customer, "half.fine.net", "half.plain.com")
    first = app["authorizations"][0]["publish"]
    dns.add(first["where"], "TXT", first["value"])
    names = {n["name"]: n["proven"] for n in customer.verify(app)["names"]}
    assert names == {"half.fine.net": True, "half.plain.com": False}
    assert now(customer, app)["certificates"] == []


# -- file

def file_of(app):
    publish = app["authorizations"][0]["publish"]
    assert publish["type"] == "FILE" and publish["where"].endswith(FILE)
    return publish["value"].encode()


def asked(server, host):
    """The paths that were fetched with this Host; other applications are looked at in the background meanwhile."""
    return {r.path for r in server.requests if r.headers["Host"].split(":")[0] == host}


def test_a_file_over_https_proves_a_name_and_the_web_servers_certificate_does_not_matter(newcomer, web):
    app = ordered(newcomer, "web.example.com", method="file")
    web[1].routes[FILE] = (200, {}, file_of(app) + b"\n")
    newcomer.verify(app)
    newcomer.issued(app)
    assert asked(web[1], "web.example.com") == {FILE}
    assert not asked(web[0], "web.example.com")  # https has answered


def test_what_stands_in_the_file_is_shown_when_it_is_wrong(newcomer, web):
    app = ordered(newcomer, "wrong.example.com", method="file")
    web[1].routes[FILE] = (200, {}, b"quite another text")
    assert "quite another text" in str(refused(newcomer, app, "FILE_BODY")["seen"])
    web[1].routes[FILE] = (200, {}, file_of(app) + b"\n\n")
    refused(newcomer, app, "FILE_BODY")
    web[1].routes[FILE] = (200, {}, file_of(app))
    newcomer.verify(app)
    newcomer.issued(app)


def test_a_redirect_and_any_other_answer_but_200_is_refused(newcomer, web):
    app = ordered(newcomer, "moved.example.com", method="file")
    value = file_of(app)
    web[0].routes[FILE] = (200, {}, value)
    web[1].routes["/there"] = (200, {}, value)
    for status in (301, 302, 404, 500):
        web[1].routes[FILE] = (status, {"Location": "/there"} if status < 400 else {}, b"")
        assert str(status) in str(refused(newcomer, app, "FILE_STATUS")["seen"])
    assert asked(web[1], "moved.example.com") == {FILE} and not asked(web[0], "moved.example.com")


def test_a_wildcard_is_not_proven_by_a_file(customer):
    customer.buy(WILD)
    r = customer.rest("POST", "/applications", {
        "product": WILD, "names": ["*.example.com"], "method": "file", "key_alg": "EC_P256",
        "contact": {"name": "Li", "email": "li@example.com", "phone": "+1 555 0100"}})
    assert r.code == "METHOD_UNFIT" and "*.example.com" in str(r.json)


def test_a_private_address_is_not_asked_unless_the_operator_lists_it(newcomer):
    app = ordered(newcomer, "inside.example.com", method="file")
    assert "10.1.2.3" in str(refused(newcomer, app, "ADDRESS_REFUSED"))


def test_caa_binds_a_file_proof_to_its_method(newcomer, web):
    app = ordered(newcomer, "forbidden.example.com", method="file")
    web[1].routes[FILE] = (200, {}, file_of(app))
    newcomer.verify(app)
    failed = now(newcomer, app)
    assert failed["state"] == "failed" and failed["failure"]["code"] == "CAA_FORBIDS"


def test_a_file_proves_its_own_name_alone(newcomer, web):
    app = ordered(newcomer, "near.example.com", "below.near.example.com", method="file")
    web[1].routes[FILE] = (200, {}, file_of(app))
    names = {n["name"]: n["code"] for n in newcomer.verify(app)["names"]}
    assert names["near.example.com"] is None and names["below.near.example.com"] == "DNS_NO_RECORD", names
    assert now(newcomer, app)["state"] == "validating"


def test_without_https_the_file_is_fetched_over_http(make_signet, dns, web):
    s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor, args=[
        "--caa-identity", US, "--validation-http-port", str(web[0].port), "--validation-https-port", str(free_port()),
        "--validation-allow", "127.0.0.0/8"]).start()
    c = Customer(s)
    app = ordered(c, "old.example.com", method="file")
    web[0].routes[FILE] = (200, {}, file_of(app))
    c.verify(app)
    c.issued(app)
    assert asked(web[0], "old.example.com") == {FILE}


def test_without_the_operators_word_loopback_is_not_asked(make_signet, dns, web):
    s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor, args=[
        "--validation-http-port", str(web[0].port), "--validation-https-port", str(web[1].port)]).start()
    c = Customer(s)
    app = ordered(c, "long.example.com", method="file")
    for w in web:
        w.routes[FILE] = (200, {}, file_of(app))
    assert "127.0.0.1" in str(refused(c, app, "ADDRESS_REFUSED"))
    assert not asked(web[0], "long.example.com") and not asked(web[1], "long.example.com")
