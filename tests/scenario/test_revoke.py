# SPDX-License-Identifier: Apache-2.0
"""Revocation of OV and EV certificates: it waits for the link of a mail (SPEC 3.9), and who needs none."""
import http.client
import subprocess

import invariants
import pytest
from companies import company, confirm
from conftest import database_url, serve
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from customer import Customer
from dnsserver import DnsServer
from mailbox import Mailbox, page
from signet import pem_blocks, program, wait_for
from staff import Reviewer

PRODUCT = "globalsign-ov-single"


@pytest.fixture(scope="module")
def box():
    with Mailbox() as b:
        yield b


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, request, box, dns):
    """A service that sends mails to the box."""
    yield from serve(database_url(database, request), args=box.args, resolver=dns.address, trust_anchor=dns.trust_anchor)


class Ov:
    """A customer with an OV certificate."""

    def __init__(self, s, box, dns, **kw):
        self.s, self.box, self.dns, self.c = s, box, dns, Customer(s)
        self.to = f"{self.c.name}@contact.example"
        self.contact = {"name": "Li Wei", "email": self.to, "phone": "+86 21 5555"}
        company(self.c)
        self.c.buy(PRODUCT)
        app = self.issue(self.c.apply(PRODUCT, "www.example.com", contact=self.contact, **kw))
        detail = self.c.ok("GET", f"/certificates/{app['certificates'][0]['id']}")
        self.id, self.serial = detail["id"], detail["serial"]
        self.subscription = app["subscription"]
        self.pem = self.c.ok("GET", f"/certificates/{self.id}/pem").decode()

    def issue(self, app, n=1):
        """Proof, the contact's word by the n-th mail that asks for it, and the reviewer's."""
        reviewer = Reviewer(self.s)
        self.c.publish_dns(app, self.dns)
        assert self.c.verify(app)["application"]["state"] == "reviewing"
        confirm(self.s, self.box, app, n)
        reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
        return self.c.issued(app)

    def mails(self):
        """Those that ask whether to revoke it."""
        return self.box.all(self.to, self.serial)

    def mail(self, n=1):
        return self.box.wait(self.to, self.serial, n)

    def ask(self, **kw):
        return self.c.ok("POST", f"/certificates/{self.id}:revoke", {"reason": "superseded", **kw})

    def act(self, act, body=None):
        return self.c.rest("POST", f"/certificates/{self.id}:{act}", body or {})

    @property
    def shown(self):
        return self.c.ok("GET", f"/certificates/{self.id}")

    @property
    def state(self):
        return self.shown["state"]

    def listed(self, issuer="ecdsa-1"):
        return int(self.serial, 16) in invariants.crl_serials(self.s, issuer)

    def ocsp(self):
        """What OCSP says, and why."""
        leaf = x509.load_pem_x509_certificate(self.pem.encode())
        issuer = x509.load_der_x509_certificate(pem_blocks(self.pem)[1])
        rq = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA256()).build()
        r = self.s.plain("POST", "/ocsp/ecdsa-1", rq.public_bytes(serialization.Encoding.DER),
                         headers={"Content-Type": "application/ocsp-request"})
        answer = ocsp.load_der_ocsp_response(r.body)
        return answer.certificate_status.name, answer.revocation_reason and answer.revocation_reason.value

    def acts(self):
        return [row["act"] for row in self.c.ok("GET", "/audit")["items"] if row["act"].startswith("certificate.")]


def refused(r, code, *words):
    assert r.code == code and all(w in r.json["detail"] + r.json["hint"] for w in words), r


def test_a_revocation_waits_for_the_link_of_its_mail(ca, box, dns):
    ov = Ov(ca, box, dns)
    balance = ov.c.ok("GET", f"/accounts/{ov.c.account}")["balance"]
    price = ov.c.ok("GET", f"/subscriptions/{ov.subscription}")["price"]
    asked = ov.ask()
    assert (asked["state"], asked["status"], asked["reason"], asked["revoked"]) == ("confirming", "revoking", "superseded", None)
    assert asked["content_closed"] and asked["content"] is None
    assert asked["confirmation"]["mailed_to"] == ov.to and asked["confirmation"]["until"] > asked["confirmation"]["asked"]
    for door in ("pem", "package?format=nginx"):
        refused(ov.c.rest("GET", f"/certificates/{ov.id}/{door}"), "CONTENT_CLOSED")
    refused(ov.c.rest("DELETE", f"/certificates/{ov.id}"), "DELETE_REVOKING", "waits for its confirmation", "withdraw")
    refused(ov.act("revoke", {"reason": "superseded"}), "STATE_REFUSED", "waits for its confirmation", ":withdraw_revocation")
    assert [c["id"] for c in ov.c.ok("GET", "/certificates?status=revoking")["items"]] == [ov.id]
    overview = ov.c.ok("GET", "/overview")
    assert (overview["total"], overview["issued"], overview["revoked"]) == (1, 0, 0)
    mail = ov.mail()
    assert ov.serial in mail.text and ov.c.name in mail.text and "superseded" in mail.text
    for _ in range(2):
        status, _, text = page(ca, mail.link)
        assert status == 200 and "Revoke the certificate" in text
    assert ov.state == "confirming" and not ov.listed() and ov.ocsp() == ("GOOD", None)
    status, _, text = page(ca, mail.link, "POST")
    assert status == 200 and "The certificate is revoked." in text
    wait_for("the CRL", ov.listed, 3)
    assert ov.ocsp() == ("REVOKED", "superseded")
    shown = ov.shown
    assert (shown["state"], shown["reason"], shown["confirmation"]) == ("revoked", "superseded", None) and shown["revoked"]
    for method in ("GET", "POST"):
        status, _, text = page(ca, mail.link, method)
        assert status == 409 and "LINK_USED" in text
    assert ov.acts()[:2] == ["certificate.revoke", "certificate.ask_revoke"]
    assert [ov.to in n for n in ov.c.told("revocation_waiting", ov.id)] == [True] and not ov.c.told("revocation_lapsed", ov.id)
    assert len(ov.c.told("subscription_refunded", ov.subscription)) == 1
    assert ov.c.ok("GET", f"/accounts/{ov.c.account}")["balance"] == balance + price
    assert [c["id"] for c in ov.c.ok("GET", "/certificates?status=revoking")["items"]] == []
    refused(ov.act("revoke"), "STATE_REFUSED")
    invariants.check(ca)


def test_a_withdrawn_revocation_leaves_everything_as_it_was(ca, box, dns):
    ov = Ov(ca, box, dns)
    before = ov.shown
    ov.ask(replace=True)
    mail = ov.mail()
    assert ov.act("withdraw_revocation").json == before
    assert ov.c.ok("GET", "/overview")["issued"] == 1
    status, _, text = page(ca, mail.link, "POST")
    assert status == 410 and "LINK_DEAD" in text and ov.state == "issued"
    for act in ("withdraw_revocation", "send_confirmation"):
        refused(ov.act(act), "STATE_REFUSED", "no revocation of it waits")
    # asked for anew; the contact is not flooded meanwhile
    ov.ask()
    ca.advance(seconds=301)
    again = ov.mail(2)
    assert page(ca, again.link, "POST")[0] == 200 and ov.state == "revoked"
    # what the withdrawn one wanted counts no more
    assert ov.c.ok("GET", f"/subscriptions/{ov.subscription}")["state"] == "refunded"
    refused(ov.act("withdraw_revocation"), "STATE_REFUSED", "is revoked")
    invariants.check(ca)


def test_the_mail_is_sent_again_and_its_link_replaces_the_first(ca, box, dns):
    ov = Ov(ca, box, dns)
    ov.ask(replace=True)
    first = ov.mail()
    r = ov.act("send_confirmation")
    assert (r.status, r.code) == (429, "MAIL_TOO_SOON") and int(r.headers["retry-after"]) > 0
    ca.advance(seconds=301)
    assert ov.act("send_confirmation").json["state"] == "confirming"
    second = ov.mail(2)
    assert "LINK_UNKNOWN" in page(ca, first.link, "POST")[2] and ov.state == "confirming"
    assert page(ca, second.link, "POST")[0] == 200 and ov.state == "revoked"
    assert ov.c.ok("GET", f"/subscriptions/{ov.subscription}")["state"] == "active"  # it was to be replaced


def test_without_a_confirmation_it_is_issued_again_after_its_time(ca, box, dns):
    ov = Ov(ca, box, dns)
    ov.ask()
    mail = ov.mail()
    ca.advance(days=7, seconds=-30)
    assert ov.state == "confirming"
    ca.advance(seconds=60)
    wait_for("the end of waiting", lambda: ov.state == "issued", 90)
    assert ov.shown["content"] and ov.shown["confirmation"] is None and ov.ocsp() == ("GOOD", None)
    status, _, text = page(ca, mail.link, "POST")
    assert status == 410 and "LINK_EXPIRED" in text and ov.state == "issued"
    assert ov.acts()[0] == "certificate.lapse_revoke"
    assert len(ov.c.told("revocation_lapsed", ov.id)) == 1
    assert ov.c.ok("GET", "/overview")["issued"] == 1
    invariants.check(ca)


def request_of(key, cn):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, cn)])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM).decode()


def test_a_compromised_key_that_the_service_holds_waits_for_nothing(ca, box, dns):
    ov = Ov(ca, box, dns)
    ov.ask()
    mail = ov.mail()
    r = ov.act("revoke", {"reason": "keyCompromise"})
    assert r.json["state"] == "revoked" and r.json["reason"] == "keyCompromise"
    assert ov.ocsp() == ("REVOKED", "keyCompromise")
    for method in ("GET", "POST"):
        status, _, text = page(ca, mail.link, method)
        assert status == 410 and "LINK_DEAD" in text
    invariants.check(ca)


def test_a_key_that_is_held_elsewhere_is_proven_by_a_request_or_by_the_mail(ca, box, dns):
    key = ec.generate_private_key(ec.SECP256R1())
    csr = request_of(key, "www.example.com")
    ov = Ov(ca, box, dns, csr=csr, key_source="csr")
    good = request_of(key, f"revoke-{ov.serial}")
    wrong = {
        "another key": request_of(ec.generate_private_key(ec.SECP256R1()), f"revoke-{ov.serial}"),
        "must be \"revoke-": csr,
        "\"revoke-00\"": request_of(key, "revoke-00"),
    }
    for words, proof in wrong.items():
        refused(ov.act("revoke", {"reason": "keyCompromise", "proof": proof}), "KEY_UNPROVEN", words)
    refused(ov.act("revoke", {"reason": "superseded", "proof": good}), "KEY_UNPROVEN", "keyCompromise alone")
    r = ov.act("revoke", {"reason": "keyCompromise", "proof": "no request"})
    assert (r.code, r.json["field"]) == ("CSR_UNREADABLE", "proof")
    # another one of the same key
    app = ov.c.apply(None, "www.example.com", subscription=ov.subscription, csr=csr, key_source="csr", contact=ov.contact)
    other = ov.issue(app, 2)["certificates"][0]["id"]
    # unproven it waits like any other
    assert ov.act("revoke", {"reason": "keyCompromise"}).json["state"] == "confirming"
    mail = ov.mail()
    assert ov.c.rest("POST", f"/certificates/{other}:revoke", {"reason": "keyCompromise", "proof": good}).code == "KEY_UNPROVEN"
    assert ov.act("revoke", {"reason": "keyCompromise", "proof": good}).json["state"] == "revoked"
    assert ov.c.ok("GET", f"/certificates/{other}")["state"] == "revoked"
    assert "LINK_DEAD" in page(ca, mail.link, "POST")[2]
    ov.c.buy("digicert-dv-single")
    r = ov.c.rest("POST", "/applications", {
        "product": "digicert-dv-single", "names": ["www.example.com"], "method": "dns", "key_source": "csr", "submit": True,
        "csr": request_of(key, "www.example.com"), "contact": {"name": "Li", "email": ov.to, "phone": "+1 555 0100"}})
    assert r.code == "KEY_BLOCKED", r
    invariants.check(ca)


def test_staff_revoke_in_any_account_at_once(ca, box, dns):
    ov = Ov(ca, box, dns)
    path = f"/api/v1/certificates/{ov.id}:revoke_any"
    refused(ov.act("revoke_any"), "FORBIDDEN")
    refused(ov.act("revoke", {"reason": "privilegeWithdrawn"}), "REASON_REFUSED")
    head = {"Idempotency-Key": f"revoke-{ov.id}"}
    for _ in range(2):
        r = ca.ok("POST", path, {"reason": "privilegeWithdrawn"}, headers=head)
        assert (r["id"], r["state"], r["reason"]) == (ov.id, "revoked", "privilegeWithdrawn")
    assert not ov.mails() and ov.ocsp()[0] == "REVOKED" and ov.acts()[0] == "certificate.revoke"
    own = [row for row in ca.ok("GET", "/api/v1/audit")["items"] if row["act"] == "certificate.revoke"]
    assert [row["object_id"] for row in own] == [ov.id]
    assert ca.rest("POST", "/api/v1/certificates/999999:revoke_any", {}).code == "NOT_FOUND"
    assert ov.c.ok("GET", f"/subscriptions/{ov.subscription}")["state"] == "refunded"


def test_domain_validated_ones_need_no_mail_and_the_rest_say_where_there_is_none(make_signet, box, dns):
    s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor, args=box.args).start()
    ov = Ov(s, box, dns)
    s.args = s.args[:-len(box.args)]
    s.restart()
    refused(ov.act("revoke"), "MAIL_NONE", "mail-server")
    assert ov.state == "issued"
    dv = Customer(s)
    cert = dv.certificate(dns)["id"]
    assert dv.ok("POST", f"/certificates/{cert}:revoke", {"reason": "superseded"})["state"] == "revoked"
    assert s.ok("POST", f"/api/v1/certificates/{ov.id}:revoke_any", {})["state"] == "revoked"


@pytest.mark.parametrize("point", ["db.commit", "db.committed", "mail.sent"])
def test_a_crash_loses_neither_the_request_nor_the_confirmation(ca, box, dns, point):
    ov = Ov(ca, box, dns)

    def killed(fn):
        ca.inject(point, "kill")
        try:
            fn()
        except (OSError, http.client.HTTPException):
            pass
        wait_for(f"{point} to be passed", lambda: not ca.armed(point))
        ca.wait_ready()

    killed(lambda: ov.act("revoke", {"reason": "superseded"}))
    if ov.state == "issued":
        ov.ask()
    wait_for("the outbox", lambda: {m["state"] for m in ov.c.ok("GET", "/mails")["items"]} == {"sent"}, 90)
    if point != "mail.sent":
        killed(lambda: page(ca, ov.mails()[-1].link, "POST"))
    status, _, text = page(ca, ov.mails()[-1].link, "POST")
    assert status == 200 or "LINK_USED" in text
    assert ov.state == "revoked"
    wait_for("the CRL", ov.listed, 5)
    invariants.check(ca)


def test_the_command_asks_sends_again_and_withdraws(ca, box, dns, tmp_path):
    ov = Ov(ca, box, dns)

    def run(act, *args, code=0):
        r = subprocess.run([program("signet"), "certificates", act, str(ov.id), *args], env=ca.cli_env(ov.c.key), text=True,
                           capture_output=True, timeout=60)
        assert r.returncode == code, r
        return r.stdout + r.stderr
    out = run("revoke", "--reason", "superseded")
    assert "revoking" in out and ov.to in out and "waits until" in out
    ov.mail()
    assert "MAIL_TOO_SOON" in run("send-confirmation", code=6)
    assert "issued" in run("withdraw-revocation")
    assert "STATE_REFUSED" in run("withdraw-revocation", code=5)
    proof = tmp_path / "proof.csr"
    proof.write_text(request_of(ec.generate_private_key(ec.SECP256R1()), f"revoke-{ov.serial}"))
    assert "KEY_UNPROVEN" in run("revoke", "--reason", "keyCompromise", "--proof", str(proof), code=2)
    assert ca.cli_json("certificates", "revoke-any", ov.id, key=ca.admin_key)["state"] == "revoked"


def test_it_waits_no_longer_than_the_certificate_lives(ca, box, dns):
    ov = Ov(ca, box, dns)
    ca.advance(days=195)
    asked = ov.ask()
    assert asked["confirmation"]["until"] < ov.c.ok("GET", "/certificates")["items"][0]["not_after"][:11] + "24"
    mail = ov.mail()
    ca.advance(days=5)
    wait_for("the end of waiting", lambda: ov.shown["status"] == "expired", 90)
    assert "LINK_EXPIRED" in page(ca, mail.link, "POST")[2]
    refused(ov.act("revoke"), "STATE_REFUSED", "expired")
