# SPDX-License-Identifier: Apache-2.0
"""Tickets: what accounts ask staff for, the thread, and what staff do about it."""
import secrets

import pytest
from customer import Customer
from dnsserver import DnsServer
from pictures import png
from signet import wait_for
from staff import Reviewer

PRODUCT = "digicert-dv-single"


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
def support(ca):
    return Reviewer(ca, "support")


def asked(customer, **kw):
    return customer.ok("POST", "/tickets", {"kind": "other", "subject": "A question", "text": "How?", **kw})


def upload(who, content, name="paper.txt"):
    r = who.rest("POST", f"/attachments?file_name={name}", body=content)
    assert r.status == 201, r
    return r.json["id"]


def ordered(customer, label="www"):
    customer.buy(PRODUCT)
    return customer.apply(PRODUCT, f"{label}.{secrets.token_hex(4)}.example.com")


def test_closed_by_mistake_asked_for_opened_again_and_issued(customer, support, dns):
    app = ordered(customer)
    customer.ok("POST", f"/subscriptions/{app['subscription']}:close", {})
    ticket = customer.ok("POST", "/tickets", {
        "kind": "reopen", "urgent": True, "subject": "Closed by mistake", "text": "Please open it again.",
        "object": "subscription", "object_id": app["subscription"]})
    assert (ticket["state"], ticket["object"], ticket["object_id"]) == ("open", "subscription", app["subscription"])
    waiting = support.ok("GET", "/ticket-queue?limit=200")["items"]
    assert ticket["id"] in [t["id"] for t in waiting]
    seen = support.ok("GET", f"/ticket-queue/{ticket['id']}")
    assert seen["account"] == customer.account and seen["messages"][0]["text"] == "Please open it again."
    support.ok("POST", f"/subscriptions/{seen['object_id']}:reopen", {
        "account": seen["account"], "ticket": ticket["id"], "reason": "asked for"})
    support.ok("POST", f"/ticket-queue/{ticket['id']}:answer", {"text": "It is open again."})
    seen = customer.ok("GET", f"/tickets/{ticket['id']}")
    assert seen["state"] == "answered"
    assert [(a["act"], a["object"], a["object_id"], a["user"], a["note"]) for a in seen["acts"]] == [
        ("reopen", "subscription", app["subscription"], support.name, "asked for")]
    app = customer.ok("GET", f"/applications/{app['id']}")
    customer.publish_dns(app, dns)
    customer.verify(app)
    customer.issued(app)
    customer.ok("POST", f"/tickets/{ticket['id']}:close", {})
    acts = [a for a in support.ok("GET", "/audit?limit=200")["items"] if a["act"] == "subscription.reopen"]
    assert acts[0]["detail"] == {"reason": "asked for", "ticket": str(ticket["id"])}
    assert len(customer.told("subscription_closed", app["subscription"])) == 1
    assert ["asked for" in n for n in customer.told("subscription_reopened", app["subscription"])] == [True]
    assert not customer.told("ticket_closed", ticket["id"])  # its own act


def test_wrong_data_are_corrected_by_ticket(customer, support, dns):
    app = ordered(customer)
    ticket = asked(customer, kind="correct", object="application", object_id=app["id"])
    body = {"account": customer.account, "reason": "The contact left the company.", "ticket": ticket["id"]}
    support.ok("POST", f"/applications/{app['id']}:correct", body)
    assert customer.ok("GET", f"/tickets/{ticket['id']}")["acts"][0]["note"] == body["reason"]
    assert [n["object_id"] for n in customer.ok("GET", "/notices")["items"]
            if n["kind"] == "application_sent_back" and body["reason"] in n["text"]] == [app["id"]]
    app = customer.ok("PATCH", f"/applications/{app['id']}", {
        "contact": {"name": "Wang Fang", "email": "wang@example.com", "phone": "+86 10 1"}})
    app = customer.ok("POST", f"/applications/{app['id']}:submit", {})
    customer.publish_dns(app, dns)
    customer.verify(app)
    assert customer.issued(app)["contact"]["name"] == "Wang Fang"
    # what is issued stays: a new application
    r = support.rest("POST", f"/applications/{app['id']}:correct", body)
    assert r.code == "STATE_REFUSED" and "new application" in r.json["hint"]
    assert len(customer.ok("GET", f"/tickets/{ticket['id']}")["acts"]) == 1


def test_a_merge_and_a_refund_by_ticket_stand_in_it(customer, support):
    bought = [customer.buy(f"geotrust-ov-{kind}-pro")["subscriptions"][0]["id"] for kind in ("single", "wildcard")]
    spare = customer.buy(PRODUCT)["subscriptions"][0]["id"]
    merge, back = (asked(customer, kind=kind)["id"] for kind in ("merge", "refund"))
    act = f"/accounts/{customer.account}"
    # the ticket is checked with the rest: nothing happens without it
    for path, body in (("merge", {"subscriptions": bought}), ("refund", {"subscription": spare})):
        r = support.rest("POST", f"{act}:{path}", {**body, "ticket": 999999})
        assert (r.code, r.json["field"]) == ("TICKET_OTHER", "ticket"), r
    assert {customer.ok("GET", f"/subscriptions/{s}")["state"] for s in (*bought, spare)} == {"unassigned"}
    key = {"Idempotency-Key": secrets.token_hex(8)}
    for _ in range(2):
        whole = support.ok("POST", f"{act}:merge", {"subscriptions": bought, "ticket": merge, "reason": "as you wish"}, headers=key)
        assert (whole["id"], whole["merged"]) == (min(bought), 2)
    support.s.cli("subscriptions", "refund", spare, "--account", customer.account, "--ticket", back, key=support.key)
    assert customer.ok("GET", f"/subscriptions/{spare}")["state"] == "refunded"

    def acts(ticket):
        return [(a["act"], a["object"], a["object_id"], a["user"], a["note"])
                for a in customer.ok("GET", f"/tickets/{ticket}")["acts"]]
    assert acts(merge) == [("merge", "subscription", whole["id"], support.name, "as you wish")]
    assert acts(back) == [("refund", "subscription", spare, support.name, None)]
    done = {a["act"]: a["detail"] for a in customer.ok("GET", "/audit?limit=200")["items"]}
    assert done["subscription.merge"] == {"ticket": str(merge)}
    done = [a["detail"] for a in support.ok("GET", "/audit?limit=200")["items"] if a["act"] == "subscription.refund"]
    assert done[0]["ticket"] == str(back)
    customer.s.cli("subscriptions", "refund", spare, "--ticket", back, key=customer.key, code=2)


def test_both_sides_write_and_the_state_says_who_waits(customer, support):
    id_ = asked(customer)["id"]
    assert customer.ok("POST", f"/tickets/{id_}:reply", {"text": "And when?"})["state"] == "open"
    assert support.ok("POST", f"/ticket-queue/{id_}:answer", {"text": "So.\nAnd so."})["state"] == "answered"
    assert support.ok("POST", f"/ticket-queue/{id_}:answer", {"text": "One more thing."})["state"] == "answered"
    told = [n for n in customer.ok("GET", "/notices")["items"] if n["kind"] == "ticket_answered" and n["object_id"] == id_]
    assert len(told) == 2 and all(str(id_) in n["title"] for n in told), told
    assert id_ not in [t["id"] for t in support.ok("GET", "/ticket-queue?limit=200")["items"]]
    ticket = customer.ok("POST", f"/tickets/{id_}:reply", {"text": "Thanks, but how?"})
    assert ticket["state"] == "open"
    assert [(m["from_staff"], m["text"]) for m in ticket["messages"]] == [
        (False, "How?"), (False, "And when?"), (True, "So.\nAnd so."), (True, "One more thing."), (False, "Thanks, but how?")]
    assert {m["user"] for m in ticket["messages"] if m["from_staff"]} == {support.name}
    assert support.ok("POST", f"/ticket-queue/{id_}:close", {})["state"] == "closed"
    assert len(customer.told("ticket_closed", id_)) == 1
    for who, path in [(customer, f"/tickets/{id_}:reply"), (support, f"/ticket-queue/{id_}:answer")]:
        r = who.rest("POST", path, {"text": "x"})
        assert r.code == "STATE_REFUSED" and "new one" in r.json["hint"], r
    for who, path in [(customer, f"/tickets/{id_}:close"), (support, f"/ticket-queue/{id_}:close")]:
        assert who.rest("POST", path, {}).code == "STATE_REFUSED"
    assert id_ in [t["id"] for t in customer.ok("GET", "/tickets?state=closed")["items"]]
    assert len(customer.ok("GET", f"/tickets/{id_}")["messages"]) == 5


def test_the_queue_shows_urgent_ones_first_then_those_that_wait_longest(customer, support):
    ids = [asked(customer, urgent=urgent)["id"] for urgent in (False, True, False, True)]
    want = [ids[1], ids[3], ids[0], ids[2]]

    def queue():
        out, cursor = [], 0
        while cursor is not None:
            page = support.ok("GET", f"/ticket-queue?limit=2&cursor={cursor}")
            out, cursor = out + [t["id"] for t in page["items"]], page["next_cursor"]
        assert page["total"] == len(out)
        return [i for i in out if i in ids]
    assert queue() == want
    # who was answered and asks again stands at the end
    support.ok("POST", f"/ticket-queue/{ids[1]}:answer", {"text": "?"})
    assert queue() == want[1:]
    customer.ok("POST", f"/tickets/{ids[1]}:reply", {"text": "!"})
    assert queue() == [ids[3], ids[1], ids[0], ids[2]]
    # who merely adds keeps the place
    customer.ok("POST", f"/tickets/{ids[0]}:reply", {"text": "!"})
    assert queue() == [ids[3], ids[1], ids[0], ids[2]]


def test_files_of_both_sides_belong_to_the_ticket(customer, support):
    ticket = asked(customer, attachments=[upload(customer, b"paper"), upload(customer, png(), "shot.png")])
    assert [f["name"] for f in ticket["attachments"]] == ["paper.txt", "shot.png"]
    ticket = support.ok("POST", f"/ticket-queue/{ticket['id']}:answer", {
        "text": "see there", "attachments": [upload(support, b"%PDF-1.4\n%%EOF\n", "form.pdf")]})
    assert len(ticket["attachments"]) == 3
    sent = ticket["attachments"][2]["id"]
    assert customer.rest("GET", f"/attachments/{sent}/content").body == b"%PDF-1.4\n%%EOF\n"
    mine = ticket["attachments"][0]["id"]
    assert support.rest("GET", f"/attachments/{mine}/content?account={customer.account}").body == b"paper"
    assert customer.rest("DELETE", f"/attachments/{mine}").code == "STATE_REFUSED"
    # used, another's, unknown, too many
    stranger = Customer(customer.s)
    for ids, code in [([mine], "ATTACHMENT_GONE"), ([upload(stranger, b"x")], "ATTACHMENT_GONE"), ([999999], "ATTACHMENT_GONE")]:
        r = customer.rest("POST", f"/tickets/{ticket['id']}:reply", {"text": "x", "attachments": ids})
        assert r.code == code and r.json["field"] == "attachments", r
    r = customer.rest("POST", f"/tickets/{ticket['id']}:reply", {
        "text": "x", "attachments": [upload(customer, b"%d" % i) for i in range(8)]})
    assert r.code == "ATTACHMENT_COUNT" and "11" in r.json["detail"]
    assert len(customer.ok("GET", f"/tickets/{ticket['id']}")["messages"]) == 2


def test_a_ticket_is_about_an_object_of_its_own_account(customer, support):
    stranger = Customer(customer.s)
    stranger.buy(PRODUCT)
    sub = stranger.ok("GET", "/subscriptions")["items"][0]
    for kind, id_ in [("subscription", sub["id"]), ("bill", sub["bill"]), ("application", 999999), ("certificate", 999999)]:
        r = customer.rest("POST", "/tickets", {"kind": "other", "subject": "s", "text": "t", "object": kind, "object_id": id_})
        assert r.code == "TICKET_OBJECT" and r.json["field"] == "object_id" and kind in r.json["detail"], r
    for half, missing in [({"object": "bill"}, "object_id"), ({"object_id": 1}, "object"), ({"object": "nothing", "object_id": 1}, "object")]:
        r = customer.rest("POST", "/tickets", {"kind": "other", "subject": "s", "text": "t", **half})
        assert r.code == "FIELD_MISSING" and r.json["field"] == missing, r
    bill = customer.buy(PRODUCT)["bill"]
    assert asked(customer, object="bill", object_id=bill["id"])["object"] == "bill"


def test_a_foreign_account_neither_sees_nor_touches_a_ticket(customer, support):
    stranger = Customer(customer.s)
    id_ = asked(customer, subject="secret plans")["id"]
    assert stranger.rest("GET", f"/tickets/{id_}").code == "NOT_FOUND"
    assert stranger.rest("POST", f"/tickets/{id_}:reply", {"text": "x"}).code == "NOT_FOUND"
    assert stranger.rest("POST", f"/tickets/{id_}:close", {}).code == "NOT_FOUND"
    assert stranger.ok("GET", "/tickets")["items"] == []
    for path in ("/ticket-queue", f"/ticket-queue/{id_}"):
        assert stranger.rest("GET", path).code == "FORBIDDEN" and customer.rest("GET", path).code == "FORBIDDEN"
    assert customer.rest("POST", f"/ticket-queue/{id_}:answer", {"text": "x"}).code == "FORBIDDEN"
    assert Reviewer(customer.s, "reviewer").rest("GET", "/ticket-queue").code == "FORBIDDEN"
    # an act that names a ticket of another account does not happen
    app = ordered(stranger)
    stranger.ok("POST", f"/subscriptions/{app['subscription']}:close", {})
    r = support.rest("POST", f"/subscriptions/{app['subscription']}:reopen", {"account": stranger.account, "ticket": id_})
    assert r.code == "TICKET_OTHER" and r.json["field"] == "ticket", r
    assert stranger.ok("GET", f"/subscriptions/{app['subscription']}")["state"] == "closed"
    customer.ok("POST", f"/tickets/{id_}:close", {})
    own = asked(stranger)["id"]
    stranger.ok("POST", f"/tickets/{own}:close", {})
    r = support.rest("POST", f"/subscriptions/{app['subscription']}:reopen", {"account": stranger.account, "ticket": own})
    assert r.code == "TICKET_OTHER" and "closed" in r.json["detail"], r
    assert customer.ok("GET", f"/tickets/{id_}")["acts"] == []


def test_staff_note_what_they_did_by_another_door(customer, support):
    bill = customer.buy(PRODUCT)["bill"]
    id_ = asked(customer, kind="refund", object="bill", object_id=bill["id"])["id"]
    key = {"Idempotency-Key": secrets.token_hex(8)}
    done = {"act": "refund", "object": "bill", "object_id": bill["id"], "note": "paid back"}
    for _ in range(2):
        ticket = support.ok("POST", f"/ticket-queue/{id_}:record", done, headers=key)
        assert [(a["act"], a["object_id"]) for a in ticket["acts"]] == [("refund", bill["id"])]
    r = support.rest("POST", f"/ticket-queue/{id_}:record", {**done, "object_id": 999999})
    assert r.code == "TICKET_OBJECT"
    support.ok("POST", f"/ticket-queue/{id_}:close", {})
    assert support.rest("POST", f"/ticket-queue/{id_}:record", {"act": "other"}).code == "TICKET_OTHER"
    assert support.rest("GET", "/ticket-queue/999999").code == "NOT_FOUND"


def test_the_command_line_asks_answers_and_closes(ca, customer, support, tmp_path):
    paper = tmp_path / "paper.txt"
    paper.write_text("why")
    out = ca.cli_json("tickets", "open", "refund", "Money back", "Please.", str(paper), "--urgent", key=customer.key)
    assert out["urgent"] and out["attachments"][0]["name"] == "paper.txt"
    id_ = out["id"]
    assert str(id_) in ca.cli("ticket-queue", "list", "--limit", "200", key=support.key)
    ca.cli("ticket-queue", "answer", id_, "Which bill?", key=support.key)
    assert "Which bill?" in ca.cli("tickets", "show", id_, key=customer.key)
    ca.cli("tickets", "reply", id_, "That one.", key=customer.key)
    shown = ca.cli("ticket-queue", "record", id_, "refund", "--note", "done by hand", key=support.key)
    assert "done by hand" in shown and "That one." in shown
    assert ca.cli_json("ticket-queue", "close", id_, key=support.key)["state"] == "closed"
    assert str(id_) in ca.cli("tickets", "list", "--state", "closed", key=customer.key)
    ca.cli("tickets", "close", id_, key=customer.key, code=5)
    app = ordered(customer)
    ca.cli("subscriptions", "close", app["subscription"], key=customer.key)
    id_ = ca.cli_json("tickets", "open", "reopen", "s", "t", "--about", "subscription", "--id", app["subscription"],
                      key=customer.key)["id"]
    ca.cli("subscriptions", "reopen", app["subscription"], "--account", customer.account, "--ticket", id_, key=support.key)
    assert ca.cli_json("ticket-queue", "show", id_, key=support.key)["acts"][0]["act"] == "reopen"
    wait_for("validating", lambda: customer.ok("GET", f"/applications/{app['id']}")["state"] == "validating")
