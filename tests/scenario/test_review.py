# SPDX-License-Identifier: Apache-2.0
"""Review by people: what is held for them, what they see, and what comes of their word."""
import secrets

import pytest
from customer import Customer
from dnsserver import DnsServer
from signet import wait_for
from staff import Reviewer

PRODUCT = "digicert-dv-single"
DAY = 86400


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca)


@pytest.fixture(scope="module")
def reviewer(ca):
    return Reviewer(ca)


def held(customer, dns, product=PRODUCT, label="paypal", **kw):
    """A proven application with a high-risk name; it waits."""
    customer.buy(product)
    app = customer.apply(product, f"{label}.{secrets.token_hex(4)}.example.com", **kw)
    customer.publish_dns(app, dns)
    seen = customer.verify(app)
    assert seen["application"]["state"] == "reviewing", seen
    return seen["application"]


def test_a_high_risk_name_is_held_until_a_reviewer_approves(customer, reviewer, dns):
    app = held(customer, dns)
    assert app["held"] == f'"paypal" in {app["names"][0]["name"]}' and app["next_step"].startswith("Wait")
    line = reviewer.line_of(app)
    assert (line["held"], line["state"], line["type"], line["account"]) == (app["held"], "waiting", "DV", customer.account)
    review = reviewer.ok("GET", f"/reviews/{line['id']}")
    assert review["application"]["id"] == app["id"] and review["account"]["id"] == customer.account
    assert review["unproven"] == 0 and [r["ok"] for r in review["records"] if r["purpose"] == "proof"][0]
    review = reviewer.ok("POST", f"/reviews/{line['id']}:approve", {"note": "their own payment page"})
    assert (review["state"], review["decided_by"], review["note"]) == ("approved", reviewer.name, "their own payment page")
    app = customer.issued(app)
    assert app["certificates"] and app["held"] is None
    acts = [a["act"] for a in customer.ok("GET", "/audit?limit=200")["items"] if a["object_id"] == app["id"]]
    assert "application.move" in acts


def test_a_label_inside_another_and_private_certificates_are_not_held(customer, dns):
    for product, name in [(PRODUCT, "mypaypal.example.com"), ("private-multi", "paypal.example.com")]:
        customer.buy(product, **({"n_common": 2} if product == "private-multi" else {}))
        app = customer.apply(product, name)
        customer.publish_dns(app, dns)
        customer.verify(app)
        customer.issued(app)


def test_the_queue_tells_how_many_wait_and_how_long(customer, reviewer, dns):
    before = reviewer.ok("GET", "/review-queue")["waiting"]
    app = held(customer, dns)
    assert reviewer.ok("GET", "/review-queue")["waiting"] == before + 1
    line = reviewer.line_of(app)
    reviewer.ok("POST", f"/reviews/{line['id']}:approve", {})
    now = reviewer.ok("GET", "/review-queue")
    assert now["waiting"] == before and now["average_wait_s"] is not None
    listed = reviewer.ok("GET", "/reviews?state=approved&limit=200")["items"]
    assert line["id"] in [i["id"] for i in listed]


def test_a_rejected_application_fails_with_reason_and_cure_and_is_taken_up_again(customer, reviewer, dns):
    app = held(customer, dns)
    line = reviewer.line_of(app)
    text = "paypal is another's mark; show that you may use it."
    review = reviewer.ok("POST", f"/reviews/{line['id']}:reject", {"reason": "name_high_risk", "text": text})
    assert (review["state"], review["reason"]) == ("rejected", "name_high_risk")
    app = customer.ok("GET", f"/applications/{app['id']}")
    assert app["state"] == "failed"
    assert app["failure"]["code"] == "REJECTED_NAME_HIGH_RISK" and app["failure"]["message"] == text
    assert "submit again" in app["failure"]["hint"]
    # the answer goes into the thread; corrected and submitted anew, it waits anew, with its proof standing
    customer.ok("POST", f"/applications/{app['id']}:message", {"text": "the licence of the mark is attached"})
    customer.ok("PATCH", f"/applications/{app['id']}", {"name": "corrected"})
    customer.ok("POST", f"/applications/{app['id']}:submit", {})
    wait_for("the queue", lambda: reviewer.line_of(app))
    again = reviewer.line_of(app)
    assert again["id"] > line["id"]
    shown = reviewer.ok("GET", f"/reviews/{again['id']}")
    assert [m["text"] for m in shown["messages"]] == ["the licence of the mark is attached"]
    reviewer.ok("POST", f"/reviews/{again['id']}:approve", {})
    customer.issued(app)
    r = reviewer.rest("POST", f"/reviews/{again['id']}:reject", {"reason": "other", "text": "too late"})
    assert r.code == "STATE_REFUSED" and "approved" in r.json["detail"] and r.json["hint"]


def test_reviewer_and_applicant_talk_and_calls_are_kept(customer, reviewer, dns):
    app = held(customer, dns)
    id_ = reviewer.line_of(app)["id"]
    review = reviewer.ok("POST", f"/reviews/{id_}:ask", {"text": "Whose page is it?\nPlease tell."})
    assert review["messages"][0]["from_reviewer"] and review["messages"][0]["user"] == reviewer.name
    assert "Answer the reviewer" in customer.ok("GET", f"/applications/{app['id']}")["next_step"]
    assert customer.ok("GET", f"/applications/{app['id']}/messages")["items"][0]["text"] == "Whose page is it?\nPlease tell."
    assert customer.rest("POST", f"/applications/{app['id']}:message", {"text": "Ours."}).status == 204
    assert customer.ok("GET", f"/applications/{app['id']}")["next_step"].startswith("Wait")
    call = {"callee": "Li Wei", "number": "+86 21 5555", "source": "register", "result": "confirmed", "note": "knows it",
            "minutes_ago": 10}
    review = reviewer.ok("POST", f"/reviews/{id_}:log_call", call)
    assert {k: review["calls"][0][k] for k in ("callee", "number", "source", "result", "note", "user")} == {
        **{k: call[k] for k in ("callee", "number", "source", "result", "note")}, "user": reviewer.name}
    assert [m["text"] for m in review["messages"]] == ["Whose page is it?\nPlease tell.", "Ours."]
    stranger = Customer(customer.s)
    assert stranger.rest("GET", f"/applications/{app['id']}/messages").code == "NOT_FOUND"
    assert stranger.rest("POST", f"/applications/{app['id']}:message", {"text": "x"}).code == "NOT_FOUND"
    customer.ok("POST", f"/applications/{app['id']}:cancel", {})
    assert reviewer.ok("GET", f"/reviews/{id_}")["state"] == "withdrawn"
    r = customer.rest("POST", f"/applications/{app['id']}:message", {"text": "x"})
    assert r.code == "STATE_REFUSED" and "cancelled" in r.json["detail"], r
    assert reviewer.rest("POST", f"/reviews/{id_}:ask", {"text": "x"}).code == "STATE_REFUSED"


def test_a_claimed_review_is_one_reviewers_own(ca, customer, reviewer, dns):
    app = held(customer, dns)
    id_ = reviewer.line_of(app)["id"]
    other = Reviewer(ca)
    assert reviewer.ok("POST", f"/reviews/{id_}:claim")["claimed_by"] == reviewer.name
    assert other.line_of(app)["claimed_by"] == reviewer.name
    for act, body in [("claim", None), ("check_caa", None), ("release", None), ("approve", {}),
                      ("reject", {"reason": "other", "text": "no"}), ("ask", {"text": "who?"}), ("log_call", {"callee": "x", "number": "1", "result": "other"})]:
        r = other.rest("POST", f"/reviews/{id_}:{act}", body)
        assert r.code == "REVIEW_CLAIMED" and reviewer.name in r.json["detail"] and "release" in r.json["hint"], (act, r)
    assert ca.ok("POST", f"/api/v1/reviews/{id_}:release")["claimed_by"] is None  # the administrator
    assert other.ok("POST", f"/reviews/{id_}:claim")["claimed_by"] == other.name
    other.ok("POST", f"/reviews/{id_}:release")
    reviewer.ok("POST", f"/reviews/{id_}:approve", {})


def caa_of(review, name):
    return next(c for c in review["caa"] if c["name"] == name)


def test_a_reviewer_sees_what_caa_says_now_before_he_approves(ca, customer, reviewer, dns):
    app = held(customer, dns)
    name, id_ = app["names"][0]["name"], reviewer.line_of(app)["id"]
    seen = caa_of(reviewer.ok("GET", f"/reviews/{id_}"), name)
    assert (seen["allowed"], seen["at"], seen["fresh"]) == (None, None, False), seen
    seen = caa_of(reviewer.ok("POST", f"/reviews/{id_}:claim"), name)
    assert seen["allowed"] and seen["fresh"] and seen["at"] and seen["code"] is None, seen
    dns.add(name, "CAA", '0 issue "other.example"')
    again = reviewer.ok("POST", f"/reviews/{id_}:check_caa")
    found = caa_of(again, name)
    assert (found["allowed"], found["fresh"], found["code"]) == (False, False, "CAA_FORBIDS"), found
    assert "other.example" in found["message"] and found["at"] >= seen["at"], found
    looks = [r for r in again["records"] if r["purpose"] == "caa" and r["name_asked"] == name]
    assert [r["ok"] for r in looks] == [False, True] and "other.example" in str(looks[0]["seen"]), looks
    r = reviewer.rest("POST", f"/reviews/{id_}:approve", {})
    assert r.code == "CAA_FORBIDS" and r.status == 403 and "other.example" in r.json["detail"] and r.json["hint"], r
    assert reviewer.line_of(app)["state"] == "waiting"
    acts = [a["act"] for a in ca.ok("GET", "/api/v1/audit?limit=50")["items"] if (a["object"], a["object_id"]) == ("reviews", id_)]
    assert acts == ["review.check_caa", "review.claim"], acts
    dns.remove(name, "CAA")
    reviewer.ok("POST", f"/reviews/{id_}:approve", {})
    customer.issued(app)
    assert caa_of(reviewer.ok("GET", f"/reviews/{id_}"), name)["allowed"]


def test_nobody_approves_without_a_look_at_caa(customer, reviewer, dns):
    app = held(customer, dns)
    name, id_ = app["names"][0]["name"], reviewer.line_of(app)["id"]
    dns.add(name, "CAA", '0 issue ";"')
    r = reviewer.rest("POST", f"/reviews/{id_}:approve", {})
    assert r.code == "CAA_FORBIDS", r
    assert caa_of(reviewer.ok("GET", f"/reviews/{id_}"), name)["code"] == "CAA_FORBIDS"
    dns.remove(name, "CAA")
    reviewer.ok("POST", f"/reviews/{id_}:reject", {"reason": "other", "text": "no"})
    assert reviewer.rest("POST", f"/reviews/{id_}:check_caa").code == "STATE_REFUSED"


def test_reviews_are_no_customers_business_and_need_not_exist(customer, reviewer):
    assert customer.rest("GET", "/reviews").code == "FORBIDDEN"
    assert customer.rest("POST", "/reviews/1:approve", {}).code == "FORBIDDEN"
    r = reviewer.rest("GET", "/reviews/999999")
    assert r.code == "NOT_FOUND" and "999999" in r.json["detail"]
    r = reviewer.rest("POST", "/reviews/1:reject", {"reason": "ugly", "text": "x"})
    assert r.status == 400 and r.json["field"] == "reason" and "company_unknown" in r.json["detail"], r


def test_an_expired_proof_sends_the_application_back(make_signet, dns):
    s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor).start()
    customer, reviewer = Customer(s), Reviewer(s)
    app = held(customer, dns)
    line = reviewer.line_of(app)
    # who waits longer than a day is told of, again and again, and stays
    s.advance(days=2)
    wait_for("the reminder", lambda: s.events("review.overdue"), 90)
    assert reviewer.line_of(app)["overdue"]
    s.advance(days=210)
    # sessions and access keys live on; the proof's reuse window does not
    review = reviewer.ok("POST", f"/reviews/{line['id']}:approve", {})
    assert (review["state"], review["unproven"]) == ("returned", 1)
    app = customer.ok("GET", f"/applications/{app['id']}")
    assert app["state"] == "validating" and app["authorizations"][0]["publish"]["value"]
    customer.publish_dns(app, dns)
    wait_for("the queue", lambda: customer.verify(app)["application"]["state"] == "reviewing")
    assert reviewer.line_of(app)["id"] > line["id"]


def test_each_reason_of_a_rejection_is_the_applications_failure_and_says_the_cure(ca, customer, reviewer, dns):
    cures = {e["code"]: e["hint"] for e in ca.ok("GET", "/api/v1/errors")["items"]}
    app = held(customer, dns)
    path = f"/applications/{app['id']}"
    for reason, code in {
            "company_unknown": "REJECTED_COMPANY_UNKNOWN", "company_differs": "REJECTED_COMPANY_DIFFERS",
            "licence_unreadable": "REJECTED_LICENCE_UNREADABLE", "phone_unreachable": "REJECTED_PHONE_UNREACHABLE",
            "contact_unknown": "REJECTED_CONTACT_UNKNOWN", "name_high_risk": "REJECTED_NAME_HIGH_RISK",
            "no_answer": "REJECTED_NO_ANSWER", "other": "REJECTED_OTHER"}.items():
        reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:reject", {"reason": reason, "text": "So it is."})
        app = customer.ok("GET", path)
        assert app["state"] == "failed", app
        assert app["failure"] == {"code": code, "message": "So it is.", "hint": cures[code]}, app["failure"]
        customer.ok("PATCH", path, {"contact": {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5556"}})
        customer.ok("POST", f"{path}:submit", {})
        wait_for("the queue", lambda: customer.verify(app)["application"]["state"] == "reviewing")


def test_with_four_eyes_two_people_approve(make_signet, dns):
    s = make_signet(args=["--four-eyes"], resolver=dns.address, trust_anchor=dns.trust_anchor).start()
    customer, first, second = Customer(s), Reviewer(s), Reviewer(s)
    app = held(customer, dns)
    id_ = first.line_of(app)["id"]
    first.ok("POST", f"/reviews/{id_}:claim")
    review = first.ok("POST", f"/reviews/{id_}:approve", {"note": "looks right"})
    assert (review["state"], review["approved_by"], review["claimed_by"]) == ("waiting", first.name, None)
    assert first.line_of(app)["approved_once"] and customer.ok("GET", f"/applications/{app['id']}")["state"] == "reviewing"
    r = first.rest("POST", f"/reviews/{id_}:approve", {})
    assert r.code == "REVIEW_SECOND" and "another reviewer" in r.json["hint"], r
    assert len(second.told("review_second", id_)) == 1
    review = second.ok("POST", f"/reviews/{id_}:approve", {})
    assert (review["state"], review["approved_by"], review["decided_by"]) == ("approved", first.name, second.name)
    customer.issued(app)


def test_the_thread_has_an_end(customer, reviewer, dns):
    app = held(customer, dns)
    for _ in range(200):
        assert customer.rest("POST", f"/applications/{app['id']}:message", {"text": "x"}).status == 204
    r = customer.rest("POST", f"/applications/{app['id']}:message", {"text": "x"})
    assert r.code == "TOO_LARGE" and "200" in r.json["detail"], r


def test_the_command_line_reviews(customer, reviewer, dns):
    s = customer.s
    app = held(customer, dns)
    id_ = reviewer.line_of(app)["id"]
    assert str(id_) in s.cli("reviews", "list", key=reviewer.key) and "waiting" in s.cli("reviews", "queue", key=reviewer.key)
    s.cli("reviews", "claim", id_, key=reviewer.key)
    s.cli("reviews", "ask", id_, "Whose is it?", key=reviewer.key)
    assert "Whose is it?" in s.cli("applications", "messages", app["id"], key=customer.key)
    s.cli("applications", "message", app["id"], "Ours.", key=customer.key)
    s.cli("reviews", "call", id_, "Li Wei", "+86 21 5555", "confirmed", "--source", "register", key=reviewer.key)
    shown = s.cli("reviews", "show", id_, key=reviewer.key)
    assert "Ours." in shown and "register" in shown and "paypal" in shown
    s.cli("reviews", "release", id_, key=reviewer.key)
    assert s.cli_json("reviews", "approve", id_, "--note", "fine", key=reviewer.key)["state"] == "approved"
    customer.issued(app)
    other = held(customer, dns)
    s.cli("reviews", "reject", reviewer.line_of(other)["id"], "other", "not so", key=reviewer.key)
    assert customer.ok("GET", f"/applications/{other['id']}")["failure"]["code"] == "REJECTED_OTHER"
