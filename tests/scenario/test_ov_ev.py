# SPDX-License-Identifier: Apache-2.0
"""OV and EV: the company in the certificate, the contact's word, a person's decision; every refusal of SPEC 3.3."""
import secrets
import subprocess

import pictures
import pytest
from companies import EV, LI, asked, company, confirm, contact, licence, times_asked
from customer import Customer
from dnsserver import DnsServer
from mailbox import Mailbox, page
from signet import wait_for
from staff import Reviewer

OV_PRODUCT, EV_PRODUCT = "digicert-ov-single", "digicert-ev-single"


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed", "example.org": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def box(database):
    with Mailbox() as b:
        yield b


@pytest.fixture(scope="module")
def ca(database, dns, box, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor, args=box.args)


@pytest.fixture(scope="module")
def reviewer(ca):
    return Reviewer(ca)


@pytest.fixture
def acme(ca):
    return Customer(ca)


def told(r):
    return {(c["field"], c["code"]) for c in r.json["causes"] or [r.json]}


def name():
    return f"www.{secrets.token_hex(4)}.example.com"


def apply(who, product=OV_PRODUCT, names=None, **kw):
    """A submitted application of a contact of its own."""
    who.buy(product)
    return who.apply(product, *(names or [name()]), **{"contact": contact(), **kw})


def prove(who, app, dns):
    who.publish_dns(app, dns)
    app = who.verify(app)["application"]
    assert app["state"] == "reviewing", app
    return app


def show(who, app):
    return who.ok("GET", f"/applications/{app['id']}")


def leaf(who, app, n=0):
    return who.ok("GET", f"/certificates/{app['certificates'][n]['id']}/pem").decode()


def openssl(pem, *args):
    return subprocess.run(["openssl", "x509", "-noout", *args], input=pem, check=True, capture_output=True, text=True).stdout


def subject(pem):
    return openssl(pem, "-subject", "-nameopt", "utf8,sep_comma_plus,esc_2253,-esc_msb").strip().removeprefix("subject=").split(",")


def test_an_ov_certificate_from_company_to_subject(ca, box, dns, reviewer, acme):
    made = company(acme, name="示例贸易有限公司", province="上海", city="浦东新区", department="IT")
    app = apply(acme)
    assert app["state"] == "validating" and app["company"]["id"] == made["id"]  # the default: the only one
    assert {k: made[k] for k in app["company"]} == app["company"]
    word = app["confirmation"]
    assert word["email"] == app["contact"]["email"] and word["asked"] and word["expires"] and not word["confirmed"]
    mail = asked(box, app)
    for text in (acme.name, made["name"], made["number"], app["names"][0]["name"], "Li Wei", "OV", str(app["id"])):
        assert text in mail.text, text
    app = prove(acme, app, dns)
    assert app["contact"]["email"] in app["next_step"] and ":send_confirmation" in app["next_step"]
    # the reviewer sees everything side by side, the picture too; without the contact's word nobody approves
    line = reviewer.line_of(app)
    review = reviewer.ok("GET", f"/reviews/{line['id']}")
    assert review["application"]["company"]["phone"] == made["phone"] and not review["application"]["confirmation"]["confirmed"]
    told = reviewer.s.cli("reviews", "show", line["id"], key=reviewer.key)
    assert all(f"{made[k]}\n" in told for k in ("phone", "address", "number", "licence")), told
    picture = reviewer.rest("GET", f"/attachments/{review['application']['company']['licence']}/content?account={acme.account}")
    assert picture.body == pictures.png()
    assert [r["purpose"] for r in review["records"] if r["ok"]]
    r = reviewer.rest("POST", f"/reviews/{line['id']}:approve", {})
    assert (r.status, r.code) == (409, "CONFIRMATION_MISSING") and app["contact"]["email"] in r.json["detail"], r
    assert ":send_confirmation" in r.json["hint"] and show(acme, app)["state"] == "reviewing"
    status, _, text = page(ca, mail.link)
    assert status == 200 and made["name"] in text and app["names"][0]["name"] in text
    assert not show(acme, app)["confirmation"]["confirmed"]  # looking is not pressing
    confirm(ca, box, app)
    review = reviewer.ok("GET", f"/reviews/{line['id']}")
    assert review["application"]["confirmation"]["confirmed"] and not review["application"]["confirmation"]["expires"]
    assert show(acme, app)["next_step"].startswith("Wait")
    reviewer.ok("POST", f"/reviews/{line['id']}:approve", {})
    app = acme.issued(app)
    pem = leaf(acme, app)
    assert set(subject(pem)) == {"C=CN", "ST=上海", "L=浦东新区", "O=示例贸易有限公司"}
    assert "2.23.140.1.2.2" in openssl(pem, "-ext", "certificatePolicies")
    acts = [a["act"] for a in acme.ok("GET", "/audit?limit=200")["items"] if a["object_id"] == app["id"]]
    for act in ("application.ask_confirmation", "application.confirmed"):
        assert acts.count(act) == 1, acts


def test_the_reviewer_sees_when_the_same_company_was_found_right(ca, box, dns, reviewer, acme):
    def seen(app):
        review = reviewer.ok("GET", f"/reviews/{reviewer.line_of(app)['id']}")
        return [review[k] for k in ("company_application", "company_verified", "company_until")]
    company(acme)
    first = prove(acme, apply(acme), dns)
    confirm(ca, box, first)
    assert seen(first) == [None] * 3
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(first)['id']}:approve", {})
    acme.issued(first)
    ca.ok("POST", "/api/v1/policies", {"name": "company-reuse", "value": "30 d"})
    again = prove(acme, apply(acme), dns)
    found, at, until = seen(again)
    assert found == first["id"] and at < until and until[:10] > at[:10], (at, until)
    company(acme, city="Minhang")  # the default from now on: another address, another finding
    assert seen(prove(acme, apply(acme), dns)) == [None] * 3
    ca.ok("POST", "/api/v1/policies:unset", {"name": "company-reuse"})


def test_an_ev_certificate_names_register_and_category(ca, box, dns, reviewer, acme):
    company(acme, **EV, jurisdiction_locality="Pudong")
    app = prove(acme, apply(acme, EV_PRODUCT), dns)
    confirm(ca, box, app)
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
    pem = leaf(acme, acme.issued(app))
    assert {x.replace("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC") for x in subject(pem)} >= {
        "jurisdictionC=CN", "businessCategory=Private Organization", "serialNumber=91310000MA1FL0000X", "C=CN", "ST=Shanghai",
        "L=Pudong"}
    text = openssl(pem, "-subject", "-nameopt", "multiline,-esc_msb")
    assert "jurisdictionStateOrProvinceName = Shanghai" in text and "jurisdictionLocalityName  = Pudong" in text, text
    assert "Acme Trading Co., Ltd." in text and "2.23.140.1.1" in openssl(pem, "-ext", "certificatePolicies")


def test_all_that_ev_wants_is_told_at_once(acme):
    acme.buy(EV_PRODUCT)
    body = {"product": EV_PRODUCT, "names": [name()], "method": "dns", "contact": {**LI, "email": "li.wei@QQ.com"}, "submit": True}
    r = acme.rest("POST", "/applications", body)
    assert told(r) == {("company_id", "COMPANY_MISSING"), ("contact.email", "EMAIL_FREE")} and "EV" in r.body.decode()
    made = company(acme, licence=None)
    r = acme.rest("POST", "/applications", {**body, "contact": {**LI, "email": "li.wei@mail.yahoo.co.jp", "phone": " "}})
    assert told(r) == {("company.licence", "COMPANY_INCOMPLETE"), ("company.business_category", "COMPANY_INCOMPLETE"),
                       ("company.jurisdiction_country", "COMPANY_INCOMPLETE"), ("contact.email", "EMAIL_FREE"),
                       ("contact.phone", "CONTACT_MISSING")}
    assert all(c["hint"] for c in r.json["causes"]) and made["name"] in r.body.decode()
    acme.ok("PATCH", f"/companies/{made['id']}", {**EV, "licence": licence(acme)})
    r = acme.rest("POST", "/applications", {**body, "contact": {**LI, "email": "李@example.com"}})
    assert told(r) == {("contact.email", "MAIL_ADDRESS")}
    assert acme.ok("GET", "/applications")["items"] == []


def test_a_draft_keeps_and_is_checked_again_when_it_is_submitted(acme):
    acme.buy(OV_PRODUCT)
    made = company(acme, licence=None)
    app = acme.apply(OV_PRODUCT, name(), submit=False, contact=contact())
    assert app["state"] == "draft" and app["company"]["name"] == made["name"] and app["confirmation"] is None
    r = acme.rest("POST", f"/applications/{app['id']}:submit", {})
    assert told(r) == {("company.licence", "COMPANY_INCOMPLETE")}
    acme.ok("PATCH", f"/companies/{made['id']}", {"licence": licence(acme), "name": "Acme Two Ltd."})
    assert show(acme, app)["company"]["name"] == made["name"]
    app = acme.ok("POST", f"/applications/{app['id']}:submit", {})
    assert app["company"]["name"] == "Acme Two Ltd." and app["company"]["licence"] and app["confirmation"]["asked"]
    # what was submitted stays, whatever becomes of the company; the licence's picture too
    old = app["company"]["licence"]
    acme.ok("PATCH", f"/companies/{made['id']}", {"licence": licence(acme), "name": "Acme Three Ltd."})
    assert show(acme, app)["company"] == app["company"]
    assert acme.rest("GET", f"/attachments/{old}/content").body == pictures.png()
    acme.ok("POST", f"/applications/{app['id']}:cancel", {})
    app = acme.ok("PATCH", f"/applications/{app['id']}", {"name": "again"})
    assert app["company"]["name"] == "Acme Three Ltd." and acme.rest("GET", f"/attachments/{old}").code == "NOT_FOUND"
    acme.ok("DELETE", f"/companies/{made['id']}")
    r = acme.rest("POST", f"/applications/{app['id']}:submit", {})
    assert told(r) == {("company_id", "COMPANY_MISSING")} and str(made["id"]) in r.json["detail"]
    r = acme.rest("PATCH", f"/applications/{app['id']}", {"name": "once-more"})
    assert told(r) == {("company_id", "COMPANY_MISSING")}
    other = company(acme)
    app = acme.ok("PATCH", f"/applications/{app['id']}", {"company_id": other["id"]})
    assert app["company"]["id"] == other["id"]
    assert acme.ok("POST", f"/applications/{app['id']}:submit", {})["state"] == "validating"


def test_only_ones_own_companies_and_none_for_dv(ca, acme):
    acme.buy(OV_PRODUCT)
    acme.buy("digicert-dv-single")
    theirs = company(Customer(ca, money=0))["id"]
    own = company(acme)["id"]
    for product, id_, code in ((OV_PRODUCT, theirs, "COMPANY_MISSING"), ("digicert-dv-single", own, "PRODUCT_UNFIT")):
        r = acme.rest("POST", "/applications", {"product": product, "names": [name()], "method": "dns", "contact": LI,
                                                "company_id": id_})
        assert told(r) == {("company_id", code)} and r.json["hint"], r


def test_the_newest_company_is_the_default_and_another_is_taken_by_its_number(ca, acme):
    first = company(acme, name="First Ltd.")
    ca.advance(seconds=60)
    company(acme, name="Second Ltd.")
    acme.buy(OV_PRODUCT, quantity=2)
    assert acme.apply(OV_PRODUCT, name(), submit=False)["company"]["name"] == "Second Ltd."
    app = acme.apply(OV_PRODUCT, name(), submit=False, company_id=first["id"])
    ca.advance(seconds=60)
    assert app["company"]["name"] == "First Ltd."
    # what it named before stays named
    assert acme.ok("PATCH", f"/applications/{app['id']}", {"method": "file"})["company"]["name"] == "First Ltd."


def test_a_draft_that_a_purchase_left_takes_contact_and_company_later(acme):
    acme.buy(OV_PRODUCT, names=[name()])
    app = acme.ok("GET", "/applications")["items"][0]
    r = acme.rest("POST", f"/applications/{app['id']}:submit", {})
    assert told(r) == {("contact", "CONTACT_MISSING"), ("company_id", "COMPANY_MISSING")}
    made = company(acme)
    app = acme.ok("PATCH", f"/applications/{app['id']}", {"contact": contact(), "method": "dns"})
    assert app["company"]["id"] == made["id"]
    assert acme.ok("POST", f"/applications/{app['id']}:submit", {})["confirmation"]["asked"]


def test_without_a_mail_server_ov_is_not_submitted(service):
    acme = Customer(service)
    company(acme)
    acme.buy(OV_PRODUCT)
    r = acme.rest("POST", "/applications", {"product": OV_PRODUCT, "names": [name()], "method": "dns", "contact": LI, "submit": True})
    assert r.code == "MAIL_NONE" and "mail-server" in r.json["hint"], r
    assert acme.ok("GET", "/applications")["items"] == []


def retry(who, app):
    who.ok("POST", f"/applications/{app['id']}:cancel", {})


@pytest.mark.parametrize("what", ["names", "contact", "company", "key"])
def test_an_edit_voids_the_confirmation_and_a_new_mail_goes_out(ca, box, dns, reviewer, acme, what):
    company(acme)
    acme.buy("digicert-ov-multi", n_common=2)
    app = acme.apply("digicert-ov-multi", name(), contact=contact())
    confirm(ca, box, app)
    retry(acme, app)
    # what the contact did not confirm voids nothing, and he is not asked again
    app = acme.ok("PATCH", f"/applications/{app['id']}", {"name": "renamed", "method": "file"})
    assert app["confirmation"]["confirmed"]
    app = acme.ok("POST", f"/applications/{app['id']}:submit", {})
    assert app["confirmation"]["confirmed"] and times_asked(box, app) == 1
    retry(acme, app)
    change = {"names": {"names": [app["names"][0]["name"], name()]}, "contact": {"contact": contact()},
              "company": {"company_id": company(acme, number="1234")["id"]}, "key": {"key_alg": "RSA_2048"}}[what]
    app = acme.ok("PATCH", f"/applications/{app['id']}", {**change, "method": "dns"})
    assert app["confirmation"] is None
    app = acme.ok("POST", f"/applications/{app['id']}:submit", {})
    assert not app["confirmation"]["confirmed"]
    app = prove(acme, app, dns)
    line = reviewer.line_of(app)
    assert reviewer.rest("POST", f"/reviews/{line['id']}:approve", {}).code == "CONFIRMATION_MISSING"
    if what == "contact":
        confirm(ca, box, app)
    else:  # a second mail to the same address waits a little
        ca.advance(seconds=360)
        confirm(ca, box, app, n=2)
    reviewer.ok("POST", f"/reviews/{line['id']}:approve", {})
    acme.issued(app)


def test_a_company_edited_meanwhile_voids_the_confirmation_at_the_next_submission(ca, box, acme):
    made = company(acme)
    app = apply(acme)
    confirm(ca, box, app)
    retry(acme, app)
    acme.ok("PATCH", f"/companies/{made['id']}", {"address": "2 Example Road"})
    app = acme.ok("PATCH", f"/applications/{app['id']}", {"name": "x"})
    assert app["confirmation"] is None
    app = acme.ok("POST", f"/applications/{app['id']}:submit", {})
    assert not app["confirmation"]["confirmed"] and app["company"]["address"] == "2 Example Road"


def test_the_link_of_what_is_edited_or_withdrawn_is_dead(ca, box, acme):
    company(acme)
    app = apply(acme)
    mail = asked(box, app)
    retry(acme, app)
    for _ in range(2):
        status, _, text = page(ca, mail.link, "POST")
        assert status == 410 and "LINK_DEAD" in text
        acme.ok("PATCH", f"/applications/{app['id']}", {"names": [name()]})
    assert not show(acme, app)["confirmation"]


def test_the_mail_is_sent_again_and_not_too_soon(ca, box, dns, acme):
    company(acme)
    app = apply(acme)
    first = asked(box, app)
    path = f"/applications/{app['id']}:send_confirmation"
    r = acme.rest("POST", path, {})
    assert (r.status, r.code) == (429, "MAIL_TOO_SOON") and int(r.headers["retry-after"]) > 0
    ca.advance(seconds=360)
    expires = app["confirmation"]["expires"]
    assert acme.ok("POST", path, {})["confirmation"]["expires"] == expires
    asked(box, app, 2)
    assert page(ca, first.link)[0] == 404
    confirm(ca, box, app, n=2)
    r = acme.rest("POST", path, {})
    assert r.code == "STATE_REFUSED" and "confirmed already" in r.json["detail"]
    assert Customer(ca).rest("POST", path, {}).code == "NOT_FOUND"
    retry(acme, app)
    r = acme.rest("POST", path, {})
    assert r.code == "STATE_REFUSED" and "cancelled" in r.json["detail"]
    acme.buy("digicert-dv-single")
    dv = acme.apply("digicert-dv-single", name())
    r = acme.rest("POST", f"/applications/{dv['id']}:send_confirmation", {})
    assert r.code == "STATE_REFUSED" and "DV" in r.json["detail"]


def test_an_order_that_staff_open_again_is_confirmed_or_its_contact_asked_anew(ca, box, acme):
    company(acme)
    apps = [apply(acme), apply(acme)]
    confirm(ca, box, apps[0])
    mail = asked(box, apps[1])
    for app in apps:
        acme.ok("POST", f"/subscriptions/{app['subscription']}:close", {})
    assert page(ca, mail.link, "POST")[0] == 410
    ca.advance(seconds=360)
    for app in apps:
        ca.ok("POST", f"/api/v1/subscriptions/{app['subscription']}:reopen", {"account": acme.account})
    assert show(acme, apps[0])["confirmation"]["confirmed"] and times_asked(box, apps[0]) == 1
    confirm(ca, box, apps[1], n=2)
    assert show(acme, apps[1])["confirmation"]["confirmed"] and show(acme, apps[1])["state"] == "validating"


@pytest.mark.parametrize("state", ["validating", "reviewing"])
def test_without_the_contacts_word_the_application_fails_in_the_end(make_signet, dns, state):
    with Mailbox() as box:
        s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor, args=box.args).start()
        acme, reviewer = Customer(s), Reviewer(s)
        company(acme)
        confirmed, app = apply(acme), apply(acme)
        confirm(s, box, confirmed)
        if state == "reviewing":
            app = prove(acme, app, dns)
        mail = asked(box, app)
        s.advance(days=7, seconds=60)
        wait_for("the end", lambda: show(acme, app)["state"] == "failed", 90)
        app = show(acme, app)
        assert app["failure"]["code"] == "CONFIRMATION_LAPSED" and app["contact"]["email"] in app["failure"]["message"]
        assert "submit again" in app["failure"]["hint"] and app["confirmation"] is None
        assert show(acme, confirmed)["state"] == "validating" and not reviewer.line_of(app)
        assert page(s, mail.link, "POST")[0] == 410
        # taken up again, the contact is asked again
        acme.ok("PATCH", f"/applications/{app['id']}", {"name": "again"})
        app = acme.ok("POST", f"/applications/{app['id']}:submit", {})
        confirm(s, box, app, n=2)
        assert show(acme, app)["confirmation"]["confirmed"]


def test_the_subject_never_comes_from_the_signing_request(ca, box, dns, reviewer, acme, tmp_path):
    company(acme)
    host = name()
    csr = subprocess.run(["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "k", "-subj",
                          f"/C=US/ST=Ohio/O=Evil Inc/serialNumber=1/CN={host}"], check=True, capture_output=True, text=True).stdout
    app = prove(acme, apply(acme, names=[host], key_source="csr", csr=csr), dns)
    confirm(ca, box, app)
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
    assert set(subject(leaf(acme, acme.issued(app)))) >= {"C=CN", "ST=Shanghai", "L=Pudong"}
    assert "Evil" not in openssl(leaf(acme, acme.issued(app)), "-text")


@pytest.mark.parametrize("product,oid", [("cfca-ov-single", "2.23.140.1.2.2"), ("cfca-ev-single", "2.23.140.1.1")])
def test_both_halves_of_an_sm2_pair_name_the_company_and_the_policy(ca, box, dns, reviewer, acme, product, oid):
    company(acme, **EV)
    app = prove(acme, apply(acme, product, key_alg="SM2"), dns)
    confirm(ca, box, app)
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
    app = acme.issued(app)
    halves = [leaf(acme, app, n) for n in range(2)]
    assert subject(halves[0]) == subject(halves[1]) and "C=CN" in subject(halves[0])
    for pem in halves:
        assert oid in openssl(pem, "-ext", "certificatePolicies") and "Acme Trading" in openssl(pem, "-subject")


def test_the_command_line_applies_with_a_company_and_mails_again(ca, box, acme):
    made = company(acme)
    acme.buy(OV_PRODUCT)
    who = contact()
    out = ca.cli("apply", name(), "--product", OV_PRODUCT, "--company", made["id"], "--contact-name", who["name"],
                 "--contact-email", who["email"], "--contact-phone", who["phone"], key=acme.key)
    assert made["name"] in out and f"waits for the link in the mail to {who['email']}" in out
    app = acme.ok("GET", "/applications")["items"][0]
    asked(box, {"contact": who})
    ca.advance(seconds=360)
    ca.cli("applications", "send-confirmation", app["id"], key=acme.key)
    confirm(ca, box, show(acme, app), n=2)
    assert f"by {who['email']}" in ca.cli("applications", "show", app["id"], key=acme.key)


def test_what_failed_is_edited_and_the_proofs_of_names_that_stay_still_count(ca, box, dns, reviewer, acme):
    company(acme)
    acme.buy("digicert-ov-multi", n_common=3)
    stays, goes, comes = name(), name(), f"{secrets.token_hex(4)}.example.org"
    app = prove(acme, acme.apply("digicert-ov-multi", stays, goes, contact=contact()), dns)
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:reject", {"reason": "other", "text": "another name, please"})
    app = acme.ok("PATCH", f"/applications/{app['id']}", {"names": [stays, comes]})
    assert app["state"] == "draft"
    app = acme.ok("POST", f"/applications/{app['id']}:submit", {})
    proven = {z["name"]: z["state"] for z in app["authorizations"]}
    assert proven == {stays: "valid", comes: "pending"} and app["failure"] is None


def test_a_wrong_company_is_corrected_and_reviewed_again(ca, box, dns, reviewer, acme):
    wrong = company(acme, name="Acme Trading Ltd.", number="0000")
    app = prove(acme, apply(acme), dns)
    confirm(ca, box, app)
    ca.ok("POST", f"/api/v1/applications/{app['id']}:correct", {"account": acme.account, "reason": "the licence says Acme Trading Co."})
    app = show(acme, app)
    assert app["state"] == "draft" and app["confirmation"]["confirmed"] and not reviewer.line_of(app)
    acme.ok("PATCH", f"/companies/{wrong['id']}", {"name": "Acme Trading Co., Ltd.", "number": "91310000MA1FL0000X"})
    app = acme.ok("POST", f"/applications/{app['id']}:submit", {})
    assert app["company"]["number"] == "91310000MA1FL0000X" and not app["confirmation"]["confirmed"]
    wait_for("the queue", lambda: reviewer.line_of(app), 30)  # nothing is to be published again
    line = reviewer.line_of(app)
    assert reviewer.rest("POST", f"/reviews/{line['id']}:approve", {}).code == "CONFIRMATION_MISSING"
    ca.advance(seconds=360)
    confirm(ca, box, app, n=2)
    reviewer.ok("POST", f"/reviews/{line['id']}:approve", {})
    assert "Acme Trading Co., Ltd." in openssl(leaf(acme, acme.issued(app)), "-subject")


def test_a_draft_and_its_edits_outlive_a_restart(make_signet, dns):
    with Mailbox() as box:
        s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor, args=box.args).start()
        acme = Customer(s)
        company(acme)
        acme.buy(OV_PRODUCT)
        draft = acme.apply(OV_PRODUCT, name(), submit=False, contact=contact())
        draft = acme.ok("PATCH", f"/applications/{draft['id']}", {"method": "file", "must_staple": True})
        s.stop()
        s.start()
        assert show(acme, draft) == draft
        app = acme.ok("POST", f"/applications/{draft['id']}:submit", {})
        confirm(s, box, app)
