# SPDX-License-Identifier: Apache-2.0
"""Files that people send: judged by their bytes, kept and given back byte for byte, refused with what to do."""
import hashlib
import os
from urllib.parse import quote

import pictures
import pytest
from customer import Customer
from signet import wait_for

FILES = {"licence.png": (pictures.png(), "image/png"), "große 照片.jpg": (pictures.JPEG, "image/jpeg"),
         "a.pdf": (pictures.PDF, "application/pdf"), "note.txt": (pictures.TEXT, "text/plain; charset=utf-8")}
MAX = 4 * 1024 * 1024


@pytest.fixture(scope="module")
def acme(service):
    return Customer(service, money=0)


def upload(who, content, name="a.png", media="application/octet-stream", **kw):
    return who.rest("POST", f"/attachments?file_name={quote(name)}", body=content, headers={"Content-Type": media, **kw})


def used_up(who):
    for row in who.ok("GET", "/attachments?limit=200")["items"]:
        who.ok("DELETE", f"/attachments/{row['id']}")


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_back_byte_for_byte_and_as_nothing_but_a_file(acme, name):
    content, media = FILES[name]
    # what the sender says about it does not count
    r = upload(acme, content, name, media="text/html")
    assert r.status == 201 and r.headers["location"] == f"/api/v1/attachments/{r.json['id']}", r
    assert r.json["media"] == media.split(";")[0] and r.json["size"] == len(content) and r.json["name"] == name
    assert r.json["sha256"] == hashlib.sha256(content).hexdigest() and r.json["object"] is None
    got = acme.rest("GET", f"/attachments/{r.json['id']}/content")
    assert got.status == 200 and got.body == content and got.headers["content-type"] == media
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert acme.ok("GET", f"/attachments/{r.json['id']}") == r.json
    assert r.json in acme.ok("GET", "/attachments")["items"]
    used_up(acme)


def test_the_name_is_given_back_whole(acme):
    r = upload(acme, pictures.PDF, 'a "b" 照.pdf')
    got = acme.rest("GET", f"/attachments/{r.json['id']}/content").headers["content-disposition"]
    assert got == "attachment; filename=\"a__b_____.pdf\"; filename*=UTF-8''a%20%22b%22%20%E7%85%A7.pdf"
    used_up(acme)


@pytest.mark.parametrize("content,code", [
    (b"PK\x03\x04\x00", "ATTACHMENT_TYPE"), (b"GIF89a\x01\x00\x01\x00", "ATTACHMENT_TYPE"),
    (pictures.png()[:-5], "ATTACHMENT_BROKEN"), (pictures.png() + b"<script>", "ATTACHMENT_BROKEN"),
    (pictures.JPEG + b"PK\x03\x04", "ATTACHMENT_BROKEN"), (pictures.PDF[:-6], "ATTACHMENT_BROKEN"), (b"", "FIELD_MISSING")])
def test_what_is_no_whole_file_of_a_known_kind_is_refused(acme, content, code):
    r = upload(acme, content)
    assert r.code == code and r.status in (400, 422) and r.json["hint"], r


@pytest.mark.parametrize("name,code", [("a/b.png", "FIELD_FORM"), ("a\\b.png", "FIELD_FORM"), (".profile", "FIELD_FORM"),
                                       ("x" * 101, "FIELD_LENGTH"), ("a\nb", "FIELD_UTF8"), ("", "FIELD_LENGTH")])
def test_a_name_is_no_path(acme, name, code):
    r = upload(acme, pictures.png(), name)
    assert (r.code, r.json["field"]) == (code, "file_name"), r


def test_a_file_needs_a_name_and_has_a_largest_size(acme):
    r = acme.rest("POST", "/attachments", body=pictures.png())
    assert (r.code, r.json["field"]) == ("FIELD_MISSING", "file_name")
    r = upload(acme, pictures.png(MAX))
    assert r.status == 201 and r.json["size"] == MAX
    assert acme.rest("GET", f"/attachments/{r.json['id']}/content").body[-12:] == pictures.png()[-12:]
    used_up(acme)


def test_a_repeated_upload_with_its_key_is_one_upload(acme):
    first = upload(acme, pictures.png(), **{"Idempotency-Key": "up-1"})
    again = upload(acme, pictures.png(), **{"Idempotency-Key": "up-1"})
    assert first.json == again.json and again.headers["idempotency-replayed"] == "true"
    assert upload(acme, pictures.JPEG, **{"Idempotency-Key": "up-1"}).code == "IDEMPOTENCY_MISMATCH"
    used_up(acme)


def test_uploads_that_nothing_uses_are_few_and_go_away_after_a_day(signet):
    c = Customer(signet, money=0)
    ids = [upload(c, pictures.TEXT, "a.txt").json["id"] for _ in range(20)]
    r = upload(c, pictures.TEXT, "a.txt")
    assert (r.status, r.code) == (409, "ATTACHMENT_COUNT") and "20" in r.json["detail"]
    c.ok("DELETE", f"/attachments/{ids[0]}")
    assert upload(c, pictures.TEXT, "a.txt").status == 201
    signet.advance(days=2)
    wait_for("the sweep", lambda: not c.ok("GET", "/attachments")["items"], 30)


def test_another_users_upload_is_not_deleted_and_staff_name_the_account(service, acme):
    made = acme.ok("POST", "/users", {"name": "bob", "email": "b@example.com", "role": "viewer"})
    session = acme.sign_in("bob", made["password"])
    id_ = upload(acme, pictures.png()).json["id"]
    r = service.rest("DELETE", f"/api/v1/attachments/{id_}", key=None, session=session)
    assert r.code == "FORBIDDEN"
    assert service.rest("GET", f"/api/v1/attachments/{id_}/content").code == "NOT_FOUND"
    assert service.ok("GET", f"/api/v1/attachments/{id_}/content?account={acme.account}") == pictures.png()
    assert acme.rest("GET", f"/attachments/{id_}?account=1").code == "FORBIDDEN"
    used_up(acme)


def test_the_command_line_sends_and_fetches_files(service, acme, tmp_path):
    path, back = tmp_path / "licence.png", tmp_path / "back.png"
    path.write_bytes(pictures.png(900))
    made = service.cli_json("attachments", "upload", path, key=acme.key)
    assert made["media"] == "image/png"
    service.cli("attachments", "download", made["id"], back, key=acme.key)
    assert back.read_bytes() == path.read_bytes() and os.stat(back).st_mode & 0o077 == 0
    assert "licence.png" in service.cli("attachments", "list", key=acme.key)
    assert "image/png" in service.cli("attachments", "show", made["id"], key=acme.key)
    service.cli("attachments", "delete", made["id"], key=acme.key)
    assert acme.ok("GET", "/attachments")["items"] == []
