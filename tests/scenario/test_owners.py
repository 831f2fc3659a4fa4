# SPDX-License-Identifier: Apache-2.0
"""Who stands behind an account: submitted with papers, refused with a reason, submitted again, verified; two sites."""
import secrets

import pictures
import pytest
from customer import Customer
from staff import Reviewer

ACME = {"kind": "enterprise", "name": "Acme Trading Co., Ltd.", "number": "91310000MA1FL0000X"}


@pytest.fixture
def acme(service):
    return Customer(service)


@pytest.fixture(scope="module")
def reviewer(service):
    return Reviewer(service)


def number():
    return secrets.token_hex(6)


def submit(who, **kw):
    return who.rest("POST", f"/accounts/{who.account}:submit_owner", kw)


def owner(who):
    return who.ok("GET", f"/accounts/{who.account}/owner")


def upload(who, content, name="licence.png"):
    r = who.rest("POST", f"/attachments?file_name={name}", body=content)
    assert r.status == 201, r
    return r.json["id"]


def test_an_owner_is_refused_with_a_reason_submitted_again_and_verified(acme, reviewer):
    paper = upload(acme, pictures.png())
    r = submit(acme, **ACME, documents=[paper])
    assert r.status == 200 and r.json["state"] == "pending" and r.headers["etag"] == f'"{r.json["version"]}"', r
    assert [d["id"] for d in r.json["documents"]] == [paper] and r.json["twins"] == []
    line = next(o for o in reviewer.ok("GET", "/accounts:owners?limit=200")["items"] if o["account"] == acme.account)
    assert line["submission"] == r.json["submission"] and line["number"] == ACME["number"]
    seen = reviewer.rest("GET", f"/attachments/{paper}/content?account={acme.account}")
    assert seen.status == 200 and seen.body == pictures.png()
    reviewer.ok("POST", f"/accounts/{acme.account}:verify_owner", {"verified": False, "note": "The register says Acme AG."})
    told = owner(acme)
    assert (told["state"], told["note"]) == ("refused", "The register says Acme AG.")
    assert submit(acme, name="Acme AG").json["state"] == "pending"
    reviewer.ok("POST", f"/accounts/{acme.account}:verify_owner", {"verified": True})
    told = owner(acme)
    assert told["state"] == "verified" and told["name"] == "Acme AG" and told["number"] == ACME["number"] and told["decided"]
    assert all(o["account"] != acme.account for o in reviewer.ok("GET", "/accounts:owners?limit=200")["items"])
    moves = [a["detail"]["to"] for a in acme.ok("GET", "/audit?limit=200")["items"] if a["act"] == "owner.move"]
    assert sorted(moves) == ["pending", "pending", "refused", "verified"]
    told = [n for n in acme.ok("GET", "/notices")["items"] if n["kind"].startswith("owner_")]
    assert [n["kind"] for n in told] == ["owner_verified", "owner_refused"] and "Acme AG" in told[1]["text"], told
    assert ["Acme AG" in n for n in reviewer.told("owner_waiting", acme.account)] == [True, False]


def test_each_refusal_names_its_field(acme, reviewer):
    def faults(r):
        return {(f["field"], f["code"]) for f in [r.json, *r.json["causes"]] if f["field"]}
    acme_text = upload(acme, b"a text", "a.txt")
    assert faults(submit(acme, name="--", number="---")) == {("name", "FIELD_FORM"), ("number", "FIELD_FORM")}
    assert faults(submit(acme, documents=[acme_text])) == {("documents", "ATTACHMENT_TYPE")}
    assert faults(submit(acme, documents=[2**53 - 1])) == {("documents", "ATTACHMENT_GONE")}
    assert owner(acme)["state"] == "unverified"
    r = reviewer.rest("POST", f"/accounts/{acme.account}:verify_owner", {"verified": True})
    assert r.code == "STATE_REFUSED" and "unverified" in r.json["detail"]
    submit(acme, **ACME | {"number": number()})
    r = submit(acme, name="Other")
    assert r.code == "STATE_REFUSED" and "pending" in r.json["detail"] and r.json["hint"]
    r = reviewer.rest("POST", f"/accounts/{acme.account}:verify_owner", {"verified": False})
    assert faults(r) == {("note", "FIELD_MISSING")}
    reviewer.ok("POST", f"/accounts/{acme.account}:verify_owner", {"verified": True})
    r = submit(acme)
    assert r.code == "STATE_REFUSED" and "verified already" in r.json["detail"]
    r = acme.rest("POST", f"/accounts/{acme.account}:submit_owner", {"name": "X"}, headers={"If-Match": '"1"'})
    assert (r.status, r.code) == (412, "PRECONDITION") and owner(acme)["state"] == "verified"
    nameless = Customer(acme.s)
    assert nameless.rest("GET", f"/accounts/{acme.account}/owner").code == "NOT_FOUND"
    assert nameless.rest("POST", f"/accounts/{acme.account}:submit_owner", ACME).code == "NOT_FOUND"


def test_an_owner_without_a_number_cannot_be_submitted(service):
    made = service.ok("POST", "/api/v1/accounts", {"name": number(), "owner_name": "Li Wei", "owner_kind": "individual",
                                                   "user_name": "li", "user_email": "li@example.com"})
    account = made["account"]
    r = service.rest("POST", "/api/v1/sessions", {"account": account["name"], "user": "li", "password": made["password"]},
                     key=None)
    r = service.rest("POST", f"/api/v1/accounts/{account['id']}:submit_owner", {}, key=None,
                     session=r.headers["set-cookie"].split(";")[0])
    assert (r.code, r.json["field"]) == ("FIELD_MISSING", "number") and "document number" in r.json["detail"]


def test_reviewers_see_other_accounts_with_the_same_number_on_both_sites(service, acme, reviewer):
    same = number()
    submit(acme, **ACME | {"number": same})
    abroad = service.ok("POST", "/api/v1/accounts", {
        "site": "cn", "name": acme.name, "owner_name": "Acme", "owner_number": same[:6].upper() + " - " + same[6:],
        "user_name": "owner", "user_email": "o@example.com"})
    assert abroad["account"]["name"] == acme.name and abroad["account"]["site"] == "cn"
    shown = reviewer.ok("GET", f"/accounts/{acme.account}/owner")
    assert [(t["account"], t["site"], t["state"]) for t in shown["twins"]] == [(abroad["account"]["id"], "cn", "unverified")]
    assert owner(acme)["twins"] == []


def test_a_site_is_a_partition_names_are_its_own_and_sign_in_does_not_cross(service):
    name = "two" + number()
    made = {site: service.ok("POST", "/api/v1/accounts", {
        "site": site, "name": name, "owner_name": "Acme", "user_name": "owner", "user_email": "o@example.com"})
        for site in ("cn", "intl")}
    assert made["cn"]["account"]["id"] != made["intl"]["account"]["id"]
    r = service.rest("POST", "/api/v1/accounts", {"site": "cn", "name": name, "owner_name": "Acme", "user_name": "owner",
                                                  "user_email": "o@example.com"})
    assert r.code == "NAME_TAKEN"

    def sign_in(site, password):
        return service.rest("POST", "/api/v1/sessions", {"site": site, "account": name, "user": "owner", "password": password},
                            key=None)
    for site, other in (("cn", "intl"), ("intl", "cn")):
        r = sign_in(site, made[site]["password"])
        assert r.status == 201 and r.json["account"] == made[site]["account"]["id"]
        assert sign_in(site, made[other]["password"]).code == "SIGN_IN_FAILED"


def test_the_same_key_submits_once(acme, reviewer):
    headers = {"Idempotency-Key": number()}
    body = ACME | {"number": number()}
    first = acme.rest("POST", f"/accounts/{acme.account}:submit_owner", body, headers=headers)
    again = acme.rest("POST", f"/accounts/{acme.account}:submit_owner", body, headers=headers)
    assert again.status == 200 and again.json == first.json
    headers = {"Idempotency-Key": number()}
    done = [reviewer.rest("POST", f"/accounts/{acme.account}:verify_owner", {"verified": True}, headers=headers)
            for _ in range(2)]
    assert [r.json["state"] for r in done] == ["verified", "verified"]


def test_the_command_line_submits_shows_and_decides(service, acme, tmp_path):
    paper = tmp_path / "licence.png"
    paper.write_bytes(pictures.png())
    out = service.cli("owner", "submit", "--kind", "individual", "--name", "Li Wei", "--number", number(), "--document", paper,
                      key=acme.key)
    assert "pending" in out and "licence.png" in out
    assert str(acme.account) in service.cli("owner", "list")
    assert "not readable" in service.cli("owner", "verify", acme.account, "--refuse", "not readable")
    assert service.cli_json("owner", "show", acme.account)["state"] == "refused"
    out = service.cli("owner", "show", key=acme.key)
    assert "refused" in out and "not readable" in out
    service.cli("owner", "show", "7777777", key=acme.key, code=3)
