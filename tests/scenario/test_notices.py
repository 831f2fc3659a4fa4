# SPDX-License-Identifier: Apache-2.0
"""Notices: told in the list and by mail, to whom and in which language the switches say, once."""
import os
import secrets

import pytest
from conftest import database_url, serve
from customer import Customer
from dnsserver import DnsServer
from mailbox import Mailbox, page
from signet import wait_for
from staff import Reviewer

HERE = os.path.dirname(os.path.abspath(__file__))


@pytest.fixture(scope="module")
def box():
    with Mailbox() as b:
        yield b


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, box, request):
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor, args=box.args)


def confirmed_contact(c, box, **kw):
    """A contact whose address is confirmed; (its id, the address)."""
    to = f"{secrets.token_hex(4)}@example.com"
    made = c.ok("POST", "/contacts", {"name": "Li Wei", "email": to, "phone": "+86 21 5555"})
    assert made["email_confirmed"] is None
    c.ok("POST", f"/contacts/{made['id']}:confirm_email", {})
    assert page(c.s, box.wait(to, "contact for certificates").link, "POST")[0] == 200
    assert c.ok("GET", f"/contacts/{made['id']}")["email_confirmed"]
    if kw:
        c.ok("PATCH", f"/contacts/{made['id']}/notices", kw)
    return made["id"], to


def notices(c, kind=None, state=None):
    items = c.ok("GET", "/notices?limit=200" + (f"&state={state}" if state else ""))["items"]
    return [n for n in items if kind in (None, n["kind"])]


def test_a_contact_is_confirmed_by_its_link_and_an_edit_undoes_it(ca, box):
    c = Customer(ca)
    contact, to = confirmed_contact(c, box)
    assert c.rest("POST", f"/contacts/{contact}:confirm_email", {}).code == "STATE_REFUSED"
    now = c.ok("PATCH", f"/contacts/{contact}", {"phone": "+86 21 5556"})
    assert now["email_confirmed"]
    now = c.ok("PATCH", f"/contacts/{contact}", {"email": "other-" + to})
    assert now["email_confirmed"] is None
    c.ok("POST", f"/contacts/{contact}:confirm_email", {})
    mail = box.wait("other-" + to)
    c.ok("PATCH", f"/contacts/{contact}", {"email": "third-" + to})
    status, _, text = page(ca, mail.link, "POST")
    assert status == 410 and "LINK_DEAD" in text


def test_proof_and_issue_are_told_by_mail_and_in_the_list(ca, dns, box):
    c = Customer(ca)
    _, to = confirmed_contact(c, box)
    cert = c.certificate(dns, name=f"www.{secrets.token_hex(4)}.example.com")
    name = cert["name"]
    asked = box.wait(to, "Proof needed")
    assert name in asked.subject and "verify" in asked.text
    issued = box.wait(to, "Certificate issued")
    assert name in issued.subject and str(cert["id"]) in issued.text
    told = notices(c)
    assert [n["kind"] for n in told] == ["application_issued", "application_proof"]
    assert (told[0]["object"], told[0]["object_id"], told[0]["read"]) == ("certificates", cert["id"], None)
    assert told[0]["due"] == cert["content"]["not_after"]
    assert len(box.all(to)) == 3  # and the one with the link


def test_notices_are_read_in_the_readers_language(ca, dns):
    c = Customer(ca)
    c.buy("private-multi", n_common=1)
    app = c.apply("private-multi", f"{secrets.token_hex(4)}.example.com")
    one = notices(c)[0]
    assert one["title"] == f"Proof needed for {one['name']}" and one["object_id"] == app["id"]
    zh = ca.ok("GET", f"/api/v1/notices/{one['id']}", key=c.key, headers={"Accept-Language": "zh-CN"})
    assert zh["title"] == f"{one['name']} 等待域名验证"


def test_a_contacts_switches_language_and_an_accounts_other_people(ca, dns, box):
    c = Customer(ca)
    zh, zh_to = confirmed_contact(c, box, language="zh", off=["application_proof"])
    _, mute_to = confirmed_contact(c, box, mail=False)
    _, plain_to = confirmed_contact(c, box)
    c.certificate(dns, name=f"www.{secrets.token_hex(4)}.example.com")
    assert "证书已签发" in box.wait(zh_to, "证书").subject
    box.wait(plain_to, "Certificate issued")
    assert len(box.all(zh_to)) == 2 and len(box.all(mute_to)) == 1 and len(box.all(plain_to)) == 3
    r = c.rest("PATCH", f"/contacts/{zh}/notices", {"off": ["weather"]})
    assert (r.status, r.code, r.json["field"]) == (400, "FIELD_FORM", "off")
    now = c.ok("PATCH", f"/contacts/{zh}/notices", {"on": ["application_proof"], "off": ["bill_unpaid"]})
    assert (now["off"], now["language"], now["mail"]) == (["bill_unpaid"], "zh", True)


def test_everybody_sets_his_own_notices_and_owners_those_of_all(ca):
    c = Customer(ca)
    bob = c.ok("POST", "/users", {"name": "bob", "email": "bob@example.com", "role": "viewer"})
    session = c.sign_in("bob", bob["password"])
    me, owner = bob["user"]["id"], c.ok("GET", "/me")["user"]

    def as_bob(method, user, body=None):
        return ca.rest(method, f"/api/v1/users/{user}/notices", body, key=None, session=session)
    assert as_bob("PATCH", me, {"mail": False}).status == 200
    assert as_bob("GET", me).json["mail"] is False
    assert as_bob("GET", owner).code == as_bob("PATCH", owner, {"mail": False}).code == "FORBIDDEN"
    assert c.ok("PATCH", f"/users/{me}/notices", {"mail": True})["mail"] is True


def test_reviewers_and_applicants_tell_each_other(ca, dns, box):
    c, reviewer = Customer(ca), Reviewer(ca)
    contact, to = confirmed_contact(c, box)
    c.buy("digicert-dv-single")
    app = c.apply("digicert-dv-single", f"paypal.{secrets.token_hex(4)}.example.com")
    c.publish_dns(app, dns)
    c.verify(app)
    line = reviewer.line_of(app)
    waiting = notices(reviewer, "review_waiting")[0]
    assert (waiting["object"], waiting["object_id"], waiting["name"]) == ("reviews", line["id"], app["names"][0]["name"])
    reviewer.ok("POST", f"/reviews/{line['id']}:ask", {"text": "Is it yours?"})
    assert "Is it yours?" in box.wait(to, "A question").text
    c.ok("POST", f"/applications/{app['id']}:message", {"text": "It is."})
    assert "It is." in notices(reviewer, "review_answered")[0]["text"]
    ca.advance(days=1, seconds=60)
    wait_for("the reminder", lambda: [n for n in notices(reviewer, "review_overdue") if n["object_id"] == line["id"]])
    reviewer.ok("POST", f"/reviews/{line['id']}:reject", {"reason": "no_answer", "text": "Nobody picks up."})
    mail = box.wait(to, "was rejected")
    one = notices(c, "application_rejected")[0]
    assert one["code"] == "REJECTED_NO_ANSWER" and "Nobody picks up." in one["text"]
    hint = [e["hint"] for e in ca.ok("GET", "/api/v1/errors")["items"] if e["code"] == one["code"]][0]
    assert hint in one["text"] and "Nobody picks up." in mail.text
    assert not notices(c, "application_failed")


def test_revocation_is_told_in_the_account(ca, dns, box):
    c = Customer(ca)
    _, to = confirmed_contact(c, box)
    cert = c.certificate(dns, name=f"www.{secrets.token_hex(4)}.example.com")
    c.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
    assert "superseded" in box.wait(to, "is revoked").text
    assert notices(c, "certificate_revoked")[0]["object_id"] == cert["id"]


def test_what_is_not_urgent_goes_in_one_mail_a_day(ca, box):
    c = Customer(ca)
    contact, to = confirmed_contact(c, box)
    _, picky = confirmed_contact(c, box, off=["bill_unpaid"])
    bills = [c.buy("private-multi", n_common=1, pay=False)["bill"]["id"] for _ in range(2)]
    ca.advance(days=5, seconds=60)
    wait_for("the notices", lambda: len(notices(c, "bill_unpaid")) == 2)
    assert not box.all(to, "Notices of the day")
    ca.advance(days=1)
    mail = box.wait(to, "Notices of the day", timeout=60)
    assert mail.subject == "Notices of the day: 2"
    assert all(f"Bill {b} is unpaid" in mail.text for b in bills)
    kinds = {m["kind"]: m["state"] for m in wait_for("both mails", lambda: [
        m for m in c.ok("GET", "/mails")["items"] if m["kind"] == "digest" and m["state"] != "waiting"] or None)}
    assert set(kinds) == {"digest"}
    wait_for("the other mail to be dropped", lambda: ("digest", "dropped", picky) in [
        (m["kind"], m["state"], m["to"]) for m in c.ok("GET", "/mails")["items"]] or not [
        m for m in c.ok("GET", "/mails")["items"] if m["kind"] == "digest" and m["to"] == picky])
    assert not box.all(picky, "Notices of the day")


def test_the_command_line_reads_notices_and_turns_switches(ca, dns, box):
    c = Customer(ca)
    contact, to = confirmed_contact(c, box)
    cert = c.certificate(dns, name=f"www.{secrets.token_hex(4)}.example.com")
    out = ca.cli("notices", "list", "--state", "unread", key=c.key)
    assert "Certificate issued for" in out
    newest = ca.cli_json("notices", "list", key=c.key)["items"][0]["id"]
    assert "can be downloaded" in ca.cli("notices", "show", newest, key=c.key)
    ca.cli("notices", "read", newest, "--earlier", key=c.key)
    assert not notices(c, state="unread") and len(notices(c, state="read")) == 2
    out = ca.cli("notices", "of-contact", contact, "--language", "zh", "--off", "bill_unpaid,bill_expired", key=c.key)
    assert "bill_unpaid" in out and "bill_expired" in out and "zh" in out
    assert "bill_unpaid" in ca.cli("notices", "of-contact", contact, key=c.key)
    assert "no" in ca.cli("notices", "of-certificate", cert["id"], "--switch", "no", key=c.key)
    assert c.ok("GET", f"/certificates/{cert['id']}/notices") == {"certificate": cert["id"], "on": False}
    me = c.ok("GET", "/me")["user"]
    assert "no" in ca.cli("notices", "of-user", me, "--mail", "no", key=c.key)
    ca.cli("notices", "of-user", me, "--mail", "perhaps", key=c.key, code=2)
    assert "quota_expires" in ca.cli("notices", "kinds", key=c.key)


def test_staff_learn_of_work_that_was_given_up_and_it_can_be_taken_up_again(ca, dns):
    c = Customer(ca)
    c.buy("digicert-dv-single")
    app = c.apply("digicert-dv-single", f"n{secrets.token_hex(4)}.example.com")
    ca.inject("issue.signed", "fail")
    c.publish_dns(app, dns)

    def told():
        mine = [n for n in ca.ok("GET", "/api/v1/notices?limit=200")["items"] if n["kind"] == "job_given_up"]
        return [n for n in mine if n["title"].endswith(f" {app['id']}, account {c.account}")]
    (notice,) = wait_for("the notice", told, 60)
    assert "INTERNAL: injected" in notice["text"] and not notices(c, "job_given_up")
    at = f"/jobs/{notice['object_id']}"
    job = ca.ok("GET", f"/api/v1{at}?account={c.account}")
    assert (job["state"], job["code"], job["object"]) == ("given_up", "INTERNAL", app["id"]) and job == c.ok("GET", at)
    assert c.rest("GET", f"{at}?account={c.account + 1}").code == "FORBIDDEN" and c.rest("GET", "/jobs?account=1").code == "FORBIDDEN"
    assert job in ca.ok("GET", f"/api/v1/jobs?account={c.account}")["items"]
    c.verify(app)
    c.issued(app)
    assert len(told()) == 1


def test_the_documentation_names_every_kind(ca):
    with open(os.path.join(HERE, "..", "..", "docs", "operate", "notices.md"), encoding="utf-8") as f:
        text = f.read()
    for kind in ca.ok("GET", "/api/v1/notice-kinds")["items"]:
        line = [x for x in text.splitlines() if x.startswith(f"| `{kind['kind']}` |")]
        assert len(line) == 1, kind
        assert ("daily" in line[0].split("|")[2]) == kind["daily"], line
