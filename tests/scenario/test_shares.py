# SPDX-License-Identifier: Apache-2.0
"""Certificates that one account shares with another one of the same owner (SPEC 3.12)."""
import base64
import io
import secrets
import zipfile

import der
import pytest
from apiwalk import Api, dumps
from cryptography.hazmat.primitives import serialization
from customer import Customer
from dnsserver import DnsServer
from signet import pem_blocks, wait_for

FORMATS = ["nginx", "apache", "tomcat", "iis", "jks", "other", "root", "tlcp"]


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


def owned(s, number):
    """A customer whose owner with this number is verified."""
    c = Customer(s)
    c.ok("POST", f"/accounts/{c.account}:submit_owner", {"name": "Acme Ltd", "number": number})
    s.ok("POST", f"/api/v1/accounts/{c.account}:verify_owner", {"verified": True})
    return c


@pytest.fixture(scope="module")
def two(ca):
    """(giver, taker): accounts of one owner."""
    number = secrets.token_hex(6)
    return owned(ca, number), owned(ca, number.upper()[:3] + " - " + number.upper()[3:])


@pytest.fixture(scope="module")
def giver(two):
    return two[0]


@pytest.fixture(scope="module")
def taker(two):
    return two[1]


def issue(giver, dns):
    return giver.certificate(dns, name=f"n{secrets.token_hex(4)}.example.com")


def share(giver, taker, certificate, **kw):
    return giver.ok("POST", "/shares", {"certificate": certificate["id"], "account": taker.account, **kw})


def copy_of(taker, given):
    """The receiver's number of what was shared."""
    return taker.ok("GET", f"/shares/{given['id']}")["certificate"]


def unzip(zipped):
    with zipfile.ZipFile(io.BytesIO(zipped)) as z:
        return {n: z.read(n) for n in z.namelist()}


def key_in(zipped):
    pem = next(content for name, content in unzip(zipped).items() if name.endswith(".key"))
    return serialization.load_pem_private_key(pem, None).private_numbers().private_value


def acts(who, id_):
    return [a["act"] for a in who.ok("GET", "/audit?limit=200")["items"] if (a["object"], a["object_id"]) == ("shares", id_)]


def test_from_sharing_over_revocation_to_withdrawal(dns, giver, taker):
    cert = issue(giver, dns)
    given = share(giver, taker, cert, grade="download")
    assert (given["direction"], given["account"], given["certificate"], given["grade"], given["state"]) == (
        "given", taker.account, cert["id"], "download", "active")
    received = taker.ok("GET", "/shares?direction=received")["items"][0]
    assert (received["id"], received["account"], received["account_name"]) == (given["id"], giver.account, giver.name)
    copy = received["certificate"]
    assert copy not in (None, cert["id"])
    line = next(c for c in taker.ok("GET", "/certificates")["items"] if c["id"] == copy)
    assert (line["source"], line["status"], line["serial"]) == ("shared", "issued", cert["serial"])
    assert line["share"] == {"id": given["id"], "account": giver.account, "account_name": giver.name, "grade": "download",
                             "ends": None, "state": "active", "warning": None}
    name = cert["content"]["names"][0]["name"]
    assert [c["id"] for c in taker.ok("GET", f"/certificates?name={name}")["items"]] == [copy]
    assert [c["id"] for c in giver.ok("GET", f"/certificates?name={name}")["items"]] == [cert["id"]]
    shown = taker.ok("GET", f"/certificates/{copy}")
    assert shown["content"]["sha256"] == cert["content"]["sha256"] and len(shown["content"]["chain"]) == len(
        cert["content"]["chain"]) and shown["ocsp_url"] == cert["ocsp_url"]
    # the key that the receiver takes is the giver's, and both histories say so
    assert key_in(taker.ok("GET", f"/certificates/{copy}/package?format=nginx")) == key_in(
        giver.ok("GET", f"/certificates/{cert['id']}/package?format=nginx"))
    assert pem_blocks(taker.ok("GET", f"/certificates/{copy}/pem").decode()) == pem_blocks(
        giver.ok("GET", f"/certificates/{cert['id']}/pem").decode())
    taken = [a for a in giver.ok("GET", "/audit?limit=200")["items"] if a["act"] == "certificate.download"
             and a["object_id"] == cert["id"] and a["detail"]]
    assert [a["detail"] for a in taken] == [{"share": given["id"], "account": taker.account}]
    assert giver.ok("GET", f"/shares/{given['id']}")["downloaded"]
    # revoked: the copy is, too, at once
    giver.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
    shown = taker.ok("GET", f"/certificates/{copy}")
    assert (shown["status"], shown["reason"], shown["content_closed"], shown["content"]) == (
        "revoked", "superseded", True, None) and shown["revoked"]
    assert taker.rest("GET", f"/certificates/{copy}/package").code == "CONTENT_CLOSED"
    assert "is revoked, for good" in taker.told("certificate_revoked", copy)[0]
    r = giver.rest("POST", "/shares", {"certificate": cert["id"], "account": taker.account})
    assert r.code == "SHARE_REVOKED" and r.json["hint"]
    # withdrawn: ended, for both
    ended = giver.ok("POST", f"/shares/{given['id']}:withdraw", {})
    assert (ended["state"], ended["ended_by"]) == ("ended", "withdrawn") and ended["ended"]
    shown = taker.ok("GET", f"/certificates/{copy}")
    assert (shown["status"], shown["state"], shown["share"]["state"]) == ("ended", "ended", "ended")
    assert copy in [c["id"] for c in taker.ok("GET", "/certificates?status=ended")["items"]]
    r = taker.rest("GET", f"/certificates/{copy}/package")
    assert r.code == "SHARE_ENDED" and "anew" in r.json["hint"]
    assert "it was withdrawn" in taker.told("share_ended", copy)[0]
    assert acts(giver, given["id"]) == ["share.end", "share.create"]
    assert acts(taker, given["id"]) == ["share.end", "share.follow", "share.receive"]
    assert taker.rest("DELETE", f"/certificates/{copy}").status == 204
    assert taker.ok("GET", f"/shares/{given['id']}")["certificate"] is None


def test_each_refusal_says_why_and_the_way_round(ca, dns, giver, taker):
    cert = issue(giver, dns)
    other = owned(ca, secrets.token_hex(6))
    nobody = Customer(ca)
    own = nobody.certificate(dns, name=f"n{secrets.token_hex(4)}.example.com")

    def refused(who, code, certificate, account, *words):
        r = who.rest("POST", "/shares", {"certificate": certificate, "account": account})
        assert r.code == code and all(w in r.json["detail"] + r.json["hint"] for w in words), r
        return r
    refused(giver, "SHARE_SELF", cert["id"], giver.account, "is this one")
    refused(giver, "SHARE_ACCOUNT", cert["id"], 2**53 - 1, "upload it in the other account")
    assert refused(giver, "SHARE_OWNER", cert["id"], other.account, "upload it in the other account").json["field"] == "account"
    refused(nobody, "SHARE_UNVERIFIED", own["id"], taker.account, "of this account")
    refused(giver, "NOT_FOUND", own["id"], taker.account)
    copy = copy_of(taker, share(giver, taker, cert))
    refused(taker, "SHARE_RECEIVED", copy, other.account, "upload it in the other account")
    r = taker.rest("POST", f"/certificates/{copy}:revoke", {"reason": "superseded"})
    assert r.code == "SHARE_COPY" and "cannot be revoked here" in r.json["detail"]
    for act in ("send_confirmation", "withdraw_revocation"):
        assert taker.rest("POST", f"/certificates/{copy}:{act}", {}).code == "SHARE_COPY"
    viewer = ca.ok("POST", "/api/v1/users", {"name": "v" + secrets.token_hex(3), "email": "v@example.com", "role": "viewer"},
                   key=giver.key)
    session = giver.sign_in(viewer["user"]["name"], viewer["password"])
    r = ca.rest("POST", "/api/v1/shares", {"certificate": cert["id"], "account": taker.account}, key=None, session=session)
    assert (r.status, r.code) == (403, "FORBIDDEN")


def test_the_way_round_works_downloaded_there_and_uploaded_here(ca, dns, giver, taker):
    cert = issue(giver, dns)
    copy = copy_of(taker, share(giver, taker, cert))
    files = unzip(giver.ok("GET", f"/certificates/{cert['id']}/package?format=nginx"))
    pem, key = (next(c.decode() for n, c in files.items() if n.endswith(end)) for end in (".pem", ".key"))
    other = owned(ca, secrets.token_hex(6))
    for account in (other, taker):  # beside a copy, too
        own = account.ok("POST", "/certificates", {"name": "u" + secrets.token_hex(4), "certificate": pem, "key": key})["id"]
        r = account.rest("POST", "/shares", {"certificate": own, "account": giver.account})
        assert r.code == "SHARE_UPLOADED" and "Upload its files in the other account" in r.json["hint"]

        def listed(query):
            return [c["id"] for c in account.ok("GET", "/certificates?limit=200&" + query)["items"]]
        assert listed("source=uploaded") == listed("source=uploaded&status=issued") == [own]
        assert listed("source=uploaded&status=revoked") == []
        assert (copy in listed("source=shared&status=issued")) == (account is taker) and own not in listed("source=shared")
    giver.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
    assert copy in listed("source=shared&status=revoked") and copy not in listed("source=shared&status=issued")
    # what was uploaded is no copy: nothing is told about it
    assert taker.ok("GET", f"/certificates/{own}")["state"] == "uploaded"


def test_another_site_and_an_owner_who_is_not_verified_are_refused(ca, dns):
    number = secrets.token_hex(6)
    giver = owned(ca, number)
    cert = issue(giver, dns)
    made = {}
    for site in ("cn", "intl"):
        account = ca.ok("POST", "/api/v1/accounts", {
            "site": site, "name": "s" + secrets.token_hex(4), "owner_name": "Acme Ltd", "owner_number": number,
            "user_name": "owner", "user_email": "o@example.com"})["account"]["id"]
        made[site] = giver.rest("POST", "/shares", {"certificate": cert["id"], "account": account})
    assert made["cn"].code == "SHARE_SITE" and '"cn"' in made["cn"].json["detail"], made
    assert made["intl"].code == "SHARE_UNVERIFIED" and "upload it" in made["intl"].json["hint"], made


def test_shared_again_it_is_the_same_share_and_a_key_repeats_nothing(dns, giver, taker):
    cert = issue(giver, dns)
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    body = {"certificate": cert["id"], "account": taker.account, "grade": "see"}
    first = giver.rest("POST", "/shares", body, headers=headers)
    again = giver.rest("POST", "/shares", body, headers=headers)
    assert first.status == again.status == 201 and first.json == again.json
    assert first.headers["location"] == f"/api/v1/shares/{first.json['id']}" == again.headers["location"]
    same = share(giver, taker, cert, grade="deploy", ends="2039-01-31T00:00:00Z")
    assert same == first.json | {"grade": "deploy", "ends": "2039-01-31T00:00:00Z"}
    assert len(taker.told("share_received", copy_of(taker, same))) == 1
    r = giver.rest("GET", f"/shares/{same['id']}")
    etag = r.headers["etag"]
    r = giver.rest("PATCH", f"/shares/{same['id']}", {"endless": True}, headers={"If-Match": etag})
    assert r.status == 200 and r.json["ends"] is None and r.headers["etag"] != etag
    r = giver.rest("PATCH", f"/shares/{same['id']}", {"grade": "see"}, headers={"If-Match": etag})
    assert (r.status, r.code) == (412, "PRECONDITION")
    r = giver.rest("PATCH", f"/shares/{same['id']}", {"endless": True, "ends": "2039-01-31T00:00:00Z"})
    assert (r.code, r.json["field"]) == ("FIELD_FORM", "endless")
    r = giver.rest("PATCH", f"/shares/{same['id']}", {"ends": "2020-01-31T00:00:00Z"})
    assert (r.code, r.json["field"]) == ("FIELD_RANGE", "ends")
    assert taker.rest("PATCH", f"/shares/{same['id']}", {"grade": "download"}).code == "SHARE_COPY"
    assert taker.rest("POST", f"/shares/{same['id']}:withdraw", {}).code == "SHARE_COPY"
    assert [s["id"] for s in giver.ok("GET", f"/certificates/{cert['id']}/shares")["items"]] == [same["id"]]
    assert taker.rest("GET", f"/certificates/{cert['id']}/shares").code == "NOT_FOUND"


def everything_in(body):
    """The answer, what an archive in it holds, and what is written in base64 there."""
    out = [body]
    if body[:2] == b"PK":
        out += unzip(body).values()
    for part in list(out):
        for word in part.replace(b"\\n", b"").replace(b"\n", b"").replace(b'"', b"-").split(b"-"):
            if len(word) > 40:
                try:
                    out.append(base64.b64decode(word, validate=True))
                except ValueError:
                    pass
    return out


@pytest.mark.parametrize("grade", ["see", "deploy"])
def test_no_route_and_no_package_gives_the_key_of_a_copy_that_may_not_be_downloaded(ca, dns, grade):
    number = secrets.token_hex(6)
    giver, taker = owned(ca, number), owned(ca, number)  # the walk leaves nothing as it was
    cert = issue(giver, dns)
    own = giver.ok("GET", f"/certificates/{cert['id']}/package?format=nginx")
    key = key_in(own).to_bytes(32, "big")
    assert any(key in part for content in unzip(own).values() for part in everything_in(content))  # it would be seen
    given = share(giver, taker, cert, grade=grade)
    copy = copy_of(taker, given)
    for form in FORMATS:
        r = taker.rest("GET", f"/certificates/{copy}/package?format={form}")
        assert (r.status, r.code) == (403, "SHARE_GRADE") and grade in r.json["detail"], r
    assert taker.rest("GET", f"/certificates/{copy}/pem").code == "SHARE_GRADE"
    api, asked = Api(ca), 0
    for route in sorted(api.routes, key=lambda r: (r.method == "DELETE", r.method != "GET")):
        if route.path.startswith(("/api/v1/sessions", "/api/v1/users", "/api/v1/access-keys")):
            continue  # of people, not of certificates; what signs the test out
        body = None
        if route.schema:
            example = dict(route.example or {})
            for member in ("certificate", "pair", "id"):
                if member in route.schema["properties"]:
                    example[member] = copy
            body = dumps(example)
        for id_ in {copy, given["id"], cert["id"]} if route.has_id else {copy}:
            r = api.send(route.method, route.at(id_), body=body, key=taker.key)
            asked += 1
            assert r.status < 500 or r.code in ("BUSY", "MAIL_NONE"), (route, r)
            assert not any(key in part or key.hex().encode() in part for part in everything_in(r.body)), (route, id_)
    assert asked > len(api.routes)
    assert giver.ok("GET", f"/certificates/{cert['id']}")["status"] == "issued"


def test_an_end_date_ends_a_share_by_itself(database, request, dns):
    from conftest import database_url, prepared
    with prepared(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor) as s:
        s.start()
        number = secrets.token_hex(6)
        giver, taker = owned(s, number), owned(s, number)
        cert = issue(giver, dns)
        day = s.now_ms() // 86400000 + 2
        given = share(giver, taker, cert, grade="download", ends=f"{stamp(day * 86400)}")
        copy = copy_of(taker, given)
        assert taker.rest("GET", f"/certificates/{copy}/package").status == 200
        s.advance(days=3)
        r = taker.rest("GET", f"/certificates/{copy}/package")
        assert r.code == "SHARE_ENDED"
        line = next(c for c in taker.ok("GET", "/certificates")["items"] if c["id"] == copy)
        assert (line["status"], line["share"]["state"]) == ("ended", "ended")
        told = wait_for("the sweep", lambda: taker.told("share_ended", copy), timeout=90)
        assert "its end date has come" in told[0]
        ended = giver.ok("GET", f"/shares/{given['id']}")
        assert (ended["state"], ended["ended_by"]) == ("ended", "end_date")
        assert [x["id"] for x in giver.ok("GET", "/shares?state=ended")["items"]] == [given["id"]]
        assert giver.ok("GET", "/shares?state=active")["items"] == []


def stamp(seconds):
    import datetime
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_of_a_pair_both_halves_are_shared_and_taken(dns, giver, taker):
    giver.buy("cfca-dv-single")
    app = giver.apply("cfca-dv-single", f"p{secrets.token_hex(4)}.example.com", key_alg="SM2")
    giver.publish_dns(app, dns)
    giver.verify(app)
    halves = {c["role"]: c["id"] for c in giver.issued(app)["certificates"]}
    # either half stands for both
    given = share(giver, taker, {"id": halves["encrypt"]}, grade="download")
    assert share(giver, taker, {"id": halves["sign"]})["id"] == given["id"] and given["certificate"] == halves["sign"]
    assert giver.ok("GET", f"/certificates/{halves['encrypt']}/shares")["items"][0]["id"] == given["id"]
    copy = taker.ok("GET", f"/certificates/{copy_of(taker, given)}")
    other = taker.ok("GET", f"/certificates/{copy['content']['pair']}")
    assert (copy["content"]["role"], other["content"]["role"]) == ("sign", "encrypt") and other["share"]["id"] == given["id"]
    assert copy["id"] in [c["id"] for c in taker.ok("GET", "/certificates")["items"]]
    assert other["id"] not in [c["id"] for c in taker.ok("GET", "/certificates")["items"]]

    def taken(who, id_):
        files = unzip(who.ok("GET", f"/certificates/{id_}/package?format=tlcp"))
        return {n.partition("_")[2].partition("_")[2]: c for n, c in files.items()}
    mine, theirs = taken(giver, halves["sign"]), taken(taker, copy["id"])
    keys = [n for n in mine if n.endswith(".key")]
    assert set(mine) == set(theirs) and len(keys) == 2
    for n in keys:
        inner = [der.content(der.parts(pem_blocks(side[n].decode(), "PRIVATE KEY")[0])[2]) for side in (mine, theirs)]
        assert inner[0] == inner[1]
    giver.ok("POST", f"/certificates/{halves['encrypt']}:revoke", {"reason": "superseded"})
    assert [taker.ok("GET", f"/certificates/{c['id']}")["status"] for c in (copy, other)] == ["revoked", "revoked"]
    assert taker.rest("DELETE", f"/certificates/{other['id']}").status == 204
    assert taker.rest("GET", f"/certificates/{copy['id']}").code == "NOT_FOUND"
    assert giver.ok("GET", f"/shares/{given['id']}")["ended_by"] == "receiver_deleted"
    assert "has deleted its copy" in giver.told("share_left", given["id"])[0]


def test_the_command_line_shares_changes_and_withdraws(ca, dns, giver, taker):
    cert = issue(giver, dns)
    out = ca.cli("shares", "create", cert["id"], "--with", taker.account, "--grade", "see", "--ends", "2039-01-31",
                 key=giver.key)
    assert taker.name in out and "2039-01-31" in out and "see" in out
    given = ca.cli_json("shares", "list", "--state", "active", key=giver.key)["items"][0]
    assert given["certificate"] == cert["id"]
    copy = ca.cli_json("shares", "list", "--direction", "received", key=taker.key)["items"][0]["certificate"]
    shown = ca.cli("certificates", "show", copy, key=taker.key)
    assert "shared by account" in shown and giver.name in shown
    ca.cli("certificates", "download", copy, "--out", "/nonexistent", key=taker.key, code=4)
    assert "download" in ca.cli("shares", "change", given["id"], "--grade", "download", "--endless", key=giver.key)
    assert ca.cli_json("shares", "show", given["id"], key=taker.key)["ends"] is None
    assert str(given["id"]) in ca.cli("shares", "of-certificate", cert["id"], key=giver.key)
    assert "withdrawn" in ca.cli("shares", "withdraw", given["id"], key=giver.key)
    ca.cli("shares", "withdraw", given["id"], key=giver.key, code=5)
    ca.cli("shares", "create", cert["id"], "--with", giver.account, key=giver.key, code=5)
    ca.cli("shares", "create", cert["id"], "--with", 2**53 - 1, key=giver.key, code=3)
    ca.cli("certificates", "delete", copy, key=taker.key)
