# SPDX-License-Identifier: Apache-2.0
"""Proof by e-mail (SPEC 3.4): to whom the links go, what they prove, when they die; OV from the order to the certificate."""
import http.client
import secrets

import invariants
import pytest
from companies import company, confirm, contact
from conftest import database_url, serve
from customer import Customer
from dnsserver import DnsServer
from mailbox import Mailbox, page
from signet import wait_for
from staff import Reviewer

SINGLE, MULTI, WILDCARD = "digicert-ov-single", "digicert-ov-multi", "digicert-ov-wildcard"
LOCALS = ["admin", "administrator", "webmaster", "hostmaster", "postmaster"]


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"example.com": "signed", "bogus.com": "bogus", "servfail.com": "servfail"}) as server:
        yield server


@pytest.fixture(scope="module")
def box():
    with Mailbox() as b:
        yield b


@pytest.fixture(scope="module")
def ca(database, request, box, dns):
    yield from serve(database_url(database, request), args=box.args, resolver=dns.address, trust_anchor=dns.trust_anchor)


def domain(suffix="com"):
    """A registered domain of its own for each test: proofs are used again, and mails to one address are counted."""
    return f"d{secrets.token_hex(4)}.{suffix}"


@pytest.fixture
def who(ca):
    c = Customer(ca)
    company(c)
    return c


def apply(who, *names, product=SINGLE, **kw):
    who.buy(product, **({"n_common": len(names)} if product == MULTI else {}))
    return who.apply(product, *names, **{"method": "email", "contact": contact(), **kw})


def show(who, app):
    return who.ok("GET", f"/applications/{app['id']}")


def mails_of(app):
    """{name: where the link that waits for it was mailed to, and what it proves}"""
    return {z["name"]: z["mail"] and (z["mail"]["to"], z["mail"]["proves"]) for z in app["authorizations"]}


def authz(app, name):
    return next(z["id"] for z in app["authorizations"] if z["name"] == name)


def addresses(who, id_):
    listed = who.ok("GET", f"/authorizations/{id_}/addresses")
    return [(x["address"], x["source"], x["proves"]) for x in listed["addresses"]], listed


def send(who, id_, address=None):
    return who.rest("POST", f"/authorizations/{id_}:send_mail", {"address": address} if address else {})


def press(ca, mail):
    status, _, text = page(ca, mail.link, "POST")
    assert status == 200 and "validated" in text, text


def reviewing(who, app):
    return wait_for("the review", lambda: show(who, app)["state"] == "reviewing" and show(who, app))


def strangers(box, own, *allowed):
    """Mails about the domain that went elsewhere."""
    return [m for m in box.all(about=own) if m.to not in allowed]


def test_ov_from_the_order_over_both_mails_to_the_certificate(ca, box, who):
    own = domain()
    app = apply(who, f"www.{own}")
    assert app["state"] == "validating" and mails_of(app) == {n: (f"admin@{own}", own) for n in (f"www.{own}", own)}
    assert all(z["publish"] is None for z in app["authorizations"]) and ":send_mail" in app["next_step"]
    mail = box.wait(f"admin@{own}")
    for text in (own, f"www.{own}", who.name, str(app["id"])):
        assert text in mail.text
    for _ in range(2):  # scanners look, and ask for the head
        assert page(ca, mail.link)[0] == 200 and page(ca, mail.link, "HEAD")[0] == 200
    seen = who.verify(app)
    assert {(n["proven"], n["code"]) for n in seen["names"]} == {(False, "PROOF_MISSING")}
    assert all(f"admin@{own}" in n["message"] and ":send_mail" in n["hint"] for n in seen["names"])
    assert who.ok("GET", f"/applications/{app['id']}/records")["items"] == []  # polling asks nobody
    press(ca, mail)
    app = reviewing(who, app)
    assert {z["state"] for z in app["authorizations"]} == {"valid"} and set(mails_of(app).values()) == {None}
    record, = who.ok("GET", f"/applications/{app['id']}/records")["items"]
    assert (record["method"], record["name_proven"], record["ok"]) == ("email", own, True) and f"admin@{own}" in str(record["seen"])
    for method in ("GET", "POST"):
        status, _, text = page(ca, mail.link, method)
        assert status == 409 and "LINK_USED" in text
    confirm(ca, box, app)
    reviewer = Reviewer(ca)
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
    app = who.issued(app)
    cert = who.ok("GET", f"/certificates/{app['certificates'][0]['id']}")
    assert [n["name"] for n in cert["content"]["names"]] == [f"www.{own}", own] and "Acme" in cert["content"]["subject"]
    assert strangers(box, own, f"admin@{own}", app["contact"]["email"], "owner@example.com") == []
    # the proof stands for whatever is below, in later applications
    again = apply(who, f"shop.eu.{own}")
    assert reviewing(who, again) and len(box.all(f"admin@{own}")) == 1
    acts = [row["act"] for row in who.ok("GET", "/audit?limit=200")["items"]]
    assert acts.count("application.proven_by_mail") == 1
    invariants.check(ca)


def test_a_hybrid_from_the_merge_over_both_mails_and_the_review_to_the_certificate(ca, box, who, dns):
    own = domain()
    single = who.buy("cfca-ov-single-pro")["subscriptions"][0]["id"]
    wild = who.buy("cfca-ov-wildcard-pro", n_wildcard=1)["subscriptions"][0]["id"]
    names = [f"www.{own}", f"*.shop.{own}"]
    hybrid = who.ok("POST", "/merges", {"subscriptions": [single, wild], "names": names})
    assert (hybrid["id"], hybrid["state"], hybrid["merged"]) == (single, "assigned", 2)
    line = who.ok("GET", f"/orders/{single}")
    assert (line["status"], line["product_code"]) == ("pending_application", "cfca-ov-hybrid"), line
    draft, = who.ok("GET", "/applications?state=draft")["items"]
    who.ok("PATCH", f"/applications/{draft['id']}", {"method": "email", "key_alg": "RSA_2048", "contact": contact()})
    app = who.ok("POST", f"/applications/{draft['id']}:submit", {})
    assert [n["name"] for n in app["names"]][:2] == names and app["state"] == "validating"
    assert set(mails_of(app).values()) == {(f"admin@{own}", own)}
    press(ca, box.wait(f"admin@{own}"))
    app = reviewing(who, app)
    confirm(ca, box, app)
    reviewer = Reviewer(ca)
    id_ = reviewer.line_of(app)["id"]
    review = reviewer.ok("POST", f"/reviews/{id_}:claim")
    assert {c["name"] for c in review["caa"]} == {n["name"] for n in app["names"]} and all(c["fresh"] for c in review["caa"])
    assert review["application"]["confirmation"]["confirmed"] and review["unproven"] == 0
    reviewer.ok("POST", f"/reviews/{id_}:approve", {"note": "register and mails agree"})
    app = who.issued(app)
    cert = who.ok("GET", f"/certificates/{app['certificates'][0]['id']}")
    assert set(names) <= {n["name"] for n in cert["content"]["names"]} and "Acme" in cert["content"]["subject"]
    assert cert["content"]["subscription"] == single
    assert who.ok("GET", f"/orders/{single}")["status"] == "issued" and who.ok("GET", f"/orders/{wild}")["status"] == "closed"
    assert strangers(box, own, f"admin@{own}", app["contact"]["email"], "owner@example.com") == []
    assert who.rest("POST", f"/subscriptions/{single}:refund").code == "REFUND_MERGED"
    invariants.check(ca)


def test_one_mail_for_each_registered_domain(ca, box, who):
    a, b = domain(), domain()
    app = apply(who, f"x.{a}", f"y.z.{a}", f"x.{b}", product=MULTI)
    assert mails_of(app) == {f"x.{a}": (f"admin@{a}", a), f"y.z.{a}": (f"admin@{a}", a), f"x.{b}": (f"admin@{b}", b)}
    first, second = box.wait(f"admin@{a}"), box.wait(f"admin@{b}")
    press(ca, first)
    now = show(who, app)
    assert now["state"] == "validating" and mails_of(now)[f"x.{b}"] and not mails_of(now)[f"y.z.{a}"]
    press(ca, second)
    reviewing(who, app)
    assert len(box.all(f"admin@{a}")) == len(box.all(f"admin@{b}")) == 1


def test_a_wildcard_is_proven_by_mail(ca, box, who):
    own = domain()
    app = apply(who, f"*.{own}", product=WILDCARD)
    press(ca, box.wait(f"admin@{own}"))
    assert len(reviewing(who, app)["authorizations"]) == 2


@pytest.mark.parametrize("suffix", ["com", "co.uk", "com.cn"])
def test_mails_go_to_five_names_at_the_domain_and_below_and_to_nobody_else(ca, box, who, suffix):
    own = domain(suffix)
    app = apply(who, f"a.b.{own}")
    id_ = authz(app, f"a.b.{own}")
    box.wait(f"admin@{own}")
    listed, _ = addresses(who, id_)
    assert listed == [(f"{x}@{d}", "constructed", d) for d in (own, f"b.{own}", f"a.b.{own}") for x in LOCALS]
    for bad in [f"root@{own}", f"admin@{suffix}", f"admin@c.b.{own}", f"admin@x.a.b.{own}", f"admin@x{own}", f"li@a.b.{own}",
                f"admin@{own}.example.com", f"admin+x@{own}", "admin@localhost", "no address"]:
        r = send(who, id_, bad)
        assert (r.status, r.code, r.json["field"]) == (422, "EMAIL_UNFIT", "address"), (bad, r)
        assert all(x in r.json["detail"] for x in LOCALS) and f"a.b.{own}" in r.json["detail"] and "/addresses" in r.json["hint"]
    assert send(who, id_, f"admin@{own}\r\nBcc: x@example.com").code == "FIELD_UTF8"
    sent = send(who, id_, f"hostmaster@b.{own}").json
    assert mails_of(sent) == {f"a.b.{own}": (f"hostmaster@b.{own}", f"b.{own}")}
    mail = box.wait(f"hostmaster@b.{own}")
    assert "LINK_DEAD" in page(ca, box.all(f"admin@{own}")[0].link, "POST")[2]
    press(ca, mail)
    reviewing(who, app)
    assert strangers(box, own, f"admin@{own}", f"hostmaster@b.{own}", app["contact"]["email"], "owner@example.com") == []
    r = send(who, id_)
    assert r.code == "STATE_REFUSED", r


def test_a_link_to_a_lower_name_proves_that_name_and_the_rest_is_asked_above(ca, box, who):
    own = domain()
    app = apply(who, f"www.{own}")  # and its companion
    box.wait(f"admin@{own}")
    sent = send(who, authz(app, f"www.{own}"), f"postmaster@www.{own}").json
    assert mails_of(sent) == {f"www.{own}": (f"postmaster@www.{own}", f"www.{own}"), own: (f"admin@{own}", own)}
    press(ca, box.wait(f"postmaster@www.{own}"))
    assert show(who, app)["state"] == "validating"
    press(ca, box.wait(f"admin@{own}", n=2))
    reviewing(who, app)


def test_contacts_that_a_domain_names_itself_may_be_asked(ca, box, dns, who):
    sub = "c" + secrets.token_hex(4)
    own, far = f"{sub}.example.com", f"tls@{domain()}"
    with dns.changes():
        dns.add(own, "CAA", f'0 contactemail "{far}"')
        dns.add(f"_validation-contactemail.www.{own}", "TXT", f"txt-{far}")
        dns.add(f"_validation-contactemail.www.{own}", "TXT", "this is no address")
        dns.add(f"other.{own}", "CNAME", f"else.{own}")
        dns.add(f"else.{own}", "CAA", f'0 contactemail "else-{far}"')
    app = apply(who, f"www.{own}", f"other.{own}", product=MULTI)
    www, other = authz(app, f"www.{own}"), authz(app, f"other.{own}")
    listed, whole = addresses(who, www)
    assert [x for x in listed if x[1] != "constructed"] == [(far, "caa", own), (f"txt-{far}", "txt", f"www.{own}")]
    assert "contactemail" in str(whole["seen"])
    assert [x for x in addresses(who, other)[0] if x[1] != "constructed"] == [(far, "caa", own)]
    for stranger in (f"else-{far}", f"txt-{far}"):
        r = send(who, other, stranger)
        assert r.code == "EMAIL_UNFIT" and far in r.json["detail"], r
    assert send(who, www, far).json["state"] == "validating"
    press(ca, box.wait(far))
    app = reviewing(who, app)
    record = who.ok("GET", f"/applications/{app['id']}/records")["items"][0]
    assert record["name_proven"] == own and "caa" in str(record["seen"])
    assert not box.all(f"else-{far}") and not box.all(f"txt-{far}")


@pytest.mark.parametrize("zone", ["bogus.com", "servfail.com"])
def test_what_dns_cannot_tell_names_nobody(ca, dns, who, zone):
    if zone == "bogus.com":
        dns.add(f"_validation-contactemail.{zone}", "TXT", "evil@example.net")
    app = apply(who, f"x.{zone}")
    listed, whole = addresses(who, authz(app, f"x.{zone}"))
    assert {x[1] for x in listed} == {"constructed"} and ("DNS_BOGUS" in str(whole["seen"]) or "DNS_SERVFAIL" in str(whole["seen"]))
    assert send(who, authz(app, f"x.{zone}"), "evil@example.net").code == "EMAIL_UNFIT"


def test_a_contact_that_is_gone_gets_no_further_mail(ca, box, dns, who):
    own, far = f"g{secrets.token_hex(4)}.example.com", f"tls@{domain()}"
    dns.add(own, "CAA", f'0 contactemail "{far}"')
    app = apply(who, f"www.{own}")
    id_ = authz(app, f"www.{own}")
    assert send(who, id_, far).status == 200
    box.wait(far)
    dns.remove(own, "CAA")
    ca.advance(seconds=301)
    assert send(who, id_).code == "EMAIL_UNFIT"
    assert len(box.all(far)) == 1


def test_the_mail_is_sent_again_and_renewed_with_its_value(ca, box, who):
    own = domain()
    app = apply(who, f"x.{own}")
    id_ = authz(app, f"x.{own}")
    confirm(ca, box, app)  # or the contact's time would be over first
    first = box.wait(f"admin@{own}")
    r = send(who, id_)
    assert (r.status, r.code) == (429, "MAIL_TOO_SOON") and int(r.headers["retry-after"]) > 0
    ca.advance(seconds=301)
    assert send(who, id_).status == 200
    second = box.wait(f"admin@{own}", n=2)
    assert "LINK_DEAD" in page(ca, first.link, "POST")[2]
    ca.advance(days=7, seconds=1)
    status, _, text = page(ca, second.link, "POST")
    assert status == 410 and "LINK_EXPIRED" in text
    who.verify(app)
    third = box.wait(f"admin@{own}", n=3)
    press(ca, third)
    reviewing(who, app)


def test_links_die_with_the_application_and_with_the_method(ca, box, dns, who):
    name = f"m{secrets.token_hex(4)}.example.com"
    app = apply(who, name)
    mail = box.wait("admin@example.com", name)
    # another method: the link is dead, and the mails come back with the method
    app = who.ok("POST", f"/applications/{app['id']}:method", {"method": "dns"})
    assert mails_of(app) == {name: None} and app["authorizations"][0]["publish"]
    assert "LINK_DEAD" in page(ca, mail.link, "POST")[2]
    assert send(who, authz(app, name)).code == "STATE_REFUSED"
    app = who.ok("POST", f"/applications/{app['id']}:method", {"method": "email"})
    assert mails_of(app) == {name: ("admin@example.com", "example.com")}
    assert "LINK_DEAD" in page(ca, mail.link, "POST")[2]
    ca.advance(seconds=301)
    mail = box.wait("admin@example.com", name, n=2)
    # withdrawn
    who.ok("POST", f"/applications/{app['id']}:cancel", {})
    for method in ("GET", "POST"):
        status, _, text = page(ca, mail.link, method)
        assert status == 410 and "LINK_DEAD" in text
    assert who.rest("GET", f"/authorizations/{authz(app, name)}/addresses").code == "STATE_REFUSED"


def test_names_bought_with_an_ov_product_are_proven_by_mail_unless_another_way_is_chosen(who):
    own = domain()
    sub = who.buy(SINGLE, names=[f"x.{own}"])["subscriptions"][0]["id"]
    app, = [a for a in who.ok("GET", "/applications")["items"] if a["subscription"] == sub]
    assert (app["state"], app["method"]) == ("draft", "email")


def test_dv_keeps_to_what_is_published(ca, who):
    who.buy("digicert-dv-single")
    body = {"product": "digicert-dv-single", "names": [f"www.{domain()}"], "method": "email", "contact": contact()}
    r = who.rest("POST", "/applications", body)
    assert r.code == "METHOD_UNFIT" and "OV and EV" in r.json["detail"]
    app = who.ok("POST", "/applications", {**body, "method": "dns", "submit": True})
    r = who.rest("POST", f"/applications/{app['id']}:method", {"method": "email"})
    assert r.code == "METHOD_UNFIT"


def test_another_accounts_authorization_does_not_exist(ca, who):
    app = apply(who, f"x.{domain()}")
    thief = Customer(ca)
    id_ = app["authorizations"][0]["id"]
    for r in (thief.rest("GET", f"/authorizations/{id_}/addresses"), send(thief, id_), send(thief, 2**53 - 1)):
        assert (r.status, r.code) == (404, "NOT_FOUND")


def test_a_repeated_request_with_its_key_mails_once(ca, box, who):
    own = domain()
    app = apply(who, f"x.{own}")
    body, head = {"address": f"webmaster@{own}"}, {"Idempotency-Key": own}
    for _ in range(2):
        shown = who.ok("POST", f"/authorizations/{authz(app, f'x.{own}')}:send_mail", body, headers=head)
        assert mails_of(shown) == {f"x.{own}": (f"webmaster@{own}", own)}
    box.wait(f"webmaster@{own}")
    assert len(box.all(f"webmaster@{own}")) == 1


def test_without_a_mail_server_the_method_says_so(make_signet, dns):
    s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor).start()
    c = Customer(s)
    company(c)
    c.buy(SINGLE)
    r = c.rest("POST", "/applications", {"product": SINGLE, "names": ["x.example.com"], "method": "email", "submit": True,
                                         "contact": contact()})
    assert r.code == "MAIL_NONE", r


@pytest.mark.parametrize("point", ["db.commit", "db.committed"])
def test_a_crash_while_a_link_is_used_loses_no_proof(ca, box, who, point):
    own = domain()
    app = apply(who, f"x.{own}")
    mail = box.wait(f"admin@{own}")
    wait_for("the outbox", lambda: {m["state"] for m in who.ok("GET", "/mails")["items"]} == {"sent"}, 60)
    ca.inject(point, "kill")
    try:
        page(ca, mail.link, "POST")
    except (OSError, http.client.HTTPException):
        pass
    wait_for(f"{point} to be passed", lambda: not ca.armed(point))
    ca.wait_ready()
    status, _, text = page(ca, box.all(f"admin@{own}")[-1].link, "POST")
    assert status == 200 or "LINK_USED" in text
    reviewing(who, app)


def test_the_command_lists_addresses_and_sends(ca, box, who):
    own = domain()
    app = apply(who, f"x.{own}")
    id_ = authz(app, f"x.{own}")
    assert f"waits for the link mailed to admin@{own}" in ca.cli("applications", "show", app["id"], key=who.key)
    out = ca.cli("authorizations", "addresses", id_, key=who.key)
    assert f"postmaster@x.{own}" in out and "constructed" in out
    out = ca.cli("authorizations", "send-mail", id_, "--address", f"postmaster@x.{own}", key=who.key)
    assert f"postmaster@x.{own}" in out
    box.wait(f"postmaster@x.{own}")
