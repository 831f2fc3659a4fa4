# SPDX-License-Identifier: Apache-2.0
"""Contacts and companies: stored, edited, taken by applications as copies; every refusal names the field."""
import pictures
import pytest
from customer import Customer

LI = {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}
ACME = {"name": "Acme Trading Co., Ltd.", "number": "91310000MA1FL0000X", "type": "commercial", "phone": "+86 21 5555 0000",
        "country": "CN", "province": "Shanghai", "city": "Shanghai", "address": "1 Example Road", "postcode": "200000"}


@pytest.fixture
def acme(service):
    return Customer(service)


def upload(who, content, name="licence.png"):
    r = who.rest("POST", f"/attachments?file_name={name}", body=content)
    assert r.status == 201, r
    return r.json["id"]


def told(r):
    return {(c["field"], c["code"]) for c in r.json["causes"] or [r.json]}


@pytest.mark.parametrize("noun,body,patch", [("contacts", LI, {"phone": "+86 21 7777"}),
                                             ("companies", ACME, {"department": "IT", "business_category": "business_entity"})])
def test_a_stored_object_is_made_shown_edited_and_deleted(acme, noun, body, patch):
    r = acme.rest("POST", f"/{noun}", body)
    made = r.json
    assert r.status == 201 and r.headers["location"] == f"/api/v1/{noun}/{made['id']}" and made["version"] == 1
    assert {k: made[k] for k in body} == body and made["default"]
    shown = acme.rest("GET", f"/{noun}/{made['id']}")
    assert shown.json == made and shown.headers["etag"] == '"1"'
    r = acme.rest("PATCH", f"/{noun}/{made['id']}", patch, headers={"If-Match": '"1"'})
    assert r.json["version"] == 2 and {k: r.json[k] for k in {**body, **patch}} == {**body, **patch}
    r = acme.rest("PATCH", f"/{noun}/{made['id']}", patch, headers={"If-Match": '"1"'})
    assert (r.status, r.code) == (412, "PRECONDITION")
    acme.ok("DELETE", f"/{noun}/{made['id']}")
    for method, body in (("GET", None), ("PATCH", patch), ("DELETE", None)):
        assert acme.rest(method, f"/{noun}/{made['id']}", body).code == "NOT_FOUND"
    assert acme.ok("GET", f"/{noun}")["items"] == []


@pytest.mark.parametrize("noun,body,patch", [("contacts", LI, {"name": "Wang"}), ("companies", ACME, {"city": "Pudong"})])
def test_the_one_stored_or_edited_last_is_the_default(service, acme, noun, body, patch):
    first = acme.ok("POST", f"/{noun}", body)["id"]
    service.advance(seconds=60)
    second = acme.ok("POST", f"/{noun}", body)["id"]
    assert [(i["id"], i["default"]) for i in acme.ok("GET", f"/{noun}")["items"]] == [(second, True), (first, False)]
    service.advance(seconds=60)
    acme.ok("PATCH", f"/{noun}/{first}", patch)
    assert [(i["id"], i["default"]) for i in acme.ok("GET", f"/{noun}")["items"]] == [(second, False), (first, True)]


def test_all_faults_of_a_contact_are_told_at_once(acme):
    r = acme.rest("POST", "/contacts", {"name": " ", "email": "nobody", "phone": "call me"})
    assert r.code == "SEVERAL_FAULTS"
    assert told(r) == {("name", "CONTACT_MISSING"), ("email", "FIELD_FORM"), ("phone", "FIELD_FORM")}
    assert all(c["hint"] for c in r.json["causes"])


def test_all_faults_of_a_company_are_told_at_once(acme):
    r = acme.rest("POST", "/companies", {**ACME, "name": "-", "number": "营业", "phone": "x", "country": "cn", "city": " ",
                                         "jurisdiction_country": "C1"})
    assert told(r) == {("name", "FIELD_FORM"), ("number", "FIELD_FORM"), ("phone", "FIELD_FORM"), ("country", "FIELD_FORM"),
                       ("city", "FIELD_MISSING"), ("jurisdiction_country", "FIELD_FORM")}
    r = acme.rest("POST", "/companies", {**ACME, "country": "UK", "jurisdiction_country": "XX"})
    assert told(r) == {("country", "FIELD_FORM"), ("jurisdiction_country", "FIELD_FORM")}
    assert [c["detail"].count('"UK" is no country') + c["detail"].count('"XX" is no country') for c in r.json["causes"]] == [1, 1]


def test_a_licence_is_a_small_picture_of_ones_own_and_used_once(service, acme):
    licence = upload(acme, pictures.png())
    made = acme.ok("POST", "/companies", {**ACME, "licence": licence})
    assert made["licence"] == licence
    file = acme.ok("GET", f"/attachments/{licence}")
    assert (file["object"], file["object_id"]) == ("companies", made["id"])
    assert acme.rest("DELETE", f"/attachments/{licence}").code == "STATE_REFUSED"
    other = Customer(service, money=0)
    for who, id_, code in ((acme, licence, "ATTACHMENT_GONE"), (acme, 2**40, "ATTACHMENT_GONE"),
                           (other, upload(acme, pictures.JPEG), "ATTACHMENT_GONE"),
                           (acme, upload(acme, pictures.PDF, "a.pdf"), "ATTACHMENT_TYPE"),
                           (acme, upload(acme, pictures.png(512001)), "TOO_LARGE")):
        r = who.rest("POST", "/companies", {**ACME, "licence": id_})
        assert (r.code, r.json["field"]) == (code, "licence") and r.json["hint"], r
    assert len(acme.ok("GET", "/companies")["items"]) == 1 and other.ok("GET", "/companies")["items"] == []
    largest = upload(acme, pictures.png(512000))
    assert acme.ok("PATCH", f"/companies/{made['id']}", {"licence": largest})["licence"] == largest
    assert acme.rest("GET", f"/attachments/{licence}").code == "NOT_FOUND"
    acme.ok("DELETE", f"/companies/{made['id']}")
    assert acme.rest("GET", f"/attachments/{largest}").code == "NOT_FOUND"


def draft(c, **kw):
    return c.rest("POST", "/applications", {"product": "private-multi", "names": ["www.example.com"], "method": "dns", **kw})


def test_an_application_keeps_a_copy_of_the_contact_that_it_names(acme):
    acme.buy("private-multi", n_common=2)
    li = acme.ok("POST", "/contacts", LI)["id"]
    wang = acme.ok("POST", "/contacts", {**LI, "name": "Wang", "email": "wang@example.com"})["id"]
    app = draft(acme, contact_id=li).json
    assert app["contact"] == LI
    acme.ok("PATCH", f"/contacts/{li}", {"name": "Somebody Else"})
    acme.ok("DELETE", f"/contacts/{li}")
    assert acme.ok("GET", f"/applications/{app['id']}")["contact"] == LI
    assert acme.ok("PATCH", f"/applications/{app['id']}", {"contact_id": wang})["contact"]["name"] == "Wang"
    r = acme.rest("PATCH", f"/applications/{app['id']}", {"contact_id": li})
    assert (r.code, r.json["field"]) == ("CONTACT_MISSING", "contact_id")


def test_an_application_without_a_contact_takes_the_default_and_without_one_is_refused(acme):
    acme.buy("private-multi", n_common=2)
    r = draft(acme)
    assert {f for f, _ in told(r)} == {"contact.name", "contact.email", "contact.phone"}
    assert {c for _, c in told(r)} == {"CONTACT_MISSING"}
    acme.ok("POST", "/contacts", LI)
    assert draft(acme).json["contact"] == LI


def test_an_application_takes_a_contact_or_an_id_and_only_ones_own(service, acme):
    acme.buy("private-multi", n_common=2)
    theirs = Customer(service, money=0).ok("POST", "/contacts", LI)["id"]
    for kw, code in (({"contact_id": theirs}, "CONTACT_MISSING"), ({"contact_id": theirs, "contact": LI}, "FIELD_FORM")):
        r = draft(acme, **kw)
        assert (r.code, r.json["field"]) == (code, "contact_id") and r.json["hint"]


def test_the_command_line_keeps_contacts_and_companies(service, acme, tmp_path):
    licence = tmp_path / "licence.png"
    licence.write_bytes(pictures.png())
    key = {"key": acme.key}
    c = service.cli_json("contacts", "create", "--name", "Li Wei", "--email", "li@example.com", "--phone", "+86 21 5555", **key)
    assert "+86 21 7777" in service.cli("contacts", "change", c["id"], "--phone", "+86 21 7777", **key)
    assert "Li Wei" in service.cli("contacts", "list", **key) and "7777" in service.cli("contacts", "show", c["id"], **key)
    args = [x for k, v in ACME.items() for x in (f"--{k}", v)]
    made = service.cli_json("companies", "create", *args, "--licence", licence, "--jurisdiction-country", "CN", **key)
    assert made["licence"] and made["jurisdiction_country"] == "CN" and made["name"] == ACME["name"]
    service.cli("companies", "change", made["id"], "--city", "Pudong", **key)
    assert "Pudong" in service.cli("companies", "show", made["id"], **key)
    assert "Acme" in service.cli("companies", "list", **key)
    service.cli("companies", "delete", made["id"], **key)
    service.cli("contacts", "delete", c["id"], **key)
    assert "exactly as it stands in the licence" in service.cli("companies", "create", "--help")
