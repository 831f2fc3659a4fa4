# SPDX-License-Identifier: Apache-2.0
"""The doors as clients meet them: answers fit their description, writes happen once, sessions, status doors, pages."""
import base64
import concurrent.futures
import email.utils
import os
import re
import secrets
import subprocess
import urllib.parse

import pytest
from apiwalk import Api
from cryptography import x509
from customer import Customer
from dnsserver import DnsServer
from signet import pem_blocks, wait_for


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def service(database, dns, request):
    """With a resolver that answers: nothing here waits for the Internet."""
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


@pytest.fixture(scope="module")
def api(service):
    return Api(service)


@pytest.fixture(scope="module")
def customer(service):
    return Customer(service)


# -- answers

NEEDED = {"/api/v1/recommendations": "?purpose=mail"}


def test_what_every_list_and_object_answers_fits_the_description(service, api, customer):
    customer.buy("private-multi", n_common=2, quantity=2)
    app = customer.apply("private-multi", "www.example.com", "例子.example.com")
    customer.ok("POST", f"/applications/{app['id']}:cancel", {})
    for key in (service.admin_key, customer.key):
        ids = {}
        for route in sorted(api.routes, key=lambda r: r.has_id):
            noun = route.path.split("/")[3]
            if route.method != "GET" or not route.answer or (route.right.startswith("staff") and key == customer.key):
                continue
            for id_ in ids.get(noun, []) if route.has_id else [0]:
                r = api.send("GET", route.at(id_) + NEEDED.get(route.path, ""), key=key)
                assert r.status == 200, (route, r)
                assert api.faults(route.answer, r.json) == [], route
                assert r.headers["cache-control"] == "no-store" and r.headers["x-content-type-options"] == "nosniff"
                if not route.has_id and "items" in r.json and r.json["items"] and "id" in r.json["items"][0]:
                    ids[noun] = [i["id"] for i in r.json["items"]][:5]


def test_lists_are_walked_by_cursor_without_loss_or_repetition(customer):
    customer.buy("private-multi", n_common=1, quantity=25)
    seen, cursor = [], 0
    while True:
        page = customer.ok("GET", f"/subscriptions?limit=7&cursor={cursor}")
        seen += [i["id"] for i in page["items"]]
        if not page["more"]:
            assert page["next_cursor"] is None
            break
        assert len(page["items"]) == 7
        cursor = page["next_cursor"]
    whole = [i["id"] for i in customer.ok("GET", "/subscriptions?limit=200")["items"]]
    assert seen == whole and len(set(seen)) == len(seen) >= 25


def test_head_answers_as_get_without_a_body(api, service):
    r = api.send("HEAD", "/api/v1/products", key=service.admin_key)
    assert r.status == 200 and r.body == b""


def test_the_error_registry_is_served_and_problems_point_into_it(service):
    rows = {r["code"]: r for r in service.ok("GET", "/api/v1/errors", key=None)["items"]}
    r = service.rest("GET", "/api/v1/bills/9007199254740991")
    assert r.json["type"] == "/api/v1/errors#NOT_FOUND" and rows["NOT_FOUND"]["status"] == r.status
    assert r.headers["content-type"] == "application/problem+json"


def test_an_answer_that_the_client_does_not_take_is_refused_before_anything_is_done(service, customer):
    pem = f"/certificates/{own_certificate(service)}/pem"
    for path, accept, status in (("/me", "text/html", 406), ("/me", "application/json;q=0, */*", 406), ("/me", "*/*", 200),
                                 ("/me", "text/html, application/*;q=0.1", 200), (pem, "application/json", 406),
                                 (pem, "application/pem-certificate-chain", 200), (pem, "", 200)):
        r = service.rest("GET", "/api/v1" + path, headers={"Accept": accept})
        assert r.status == status, (path, accept, r)
        if status == 406:
            assert r.code == "NOT_ACCEPTABLE" and r.json["field"] == "Accept"
            assert r.headers["content-type"] == "application/problem+json"
    before = customer.ok("GET", "/bills")["items"]
    r = customer.rest("POST", "/purchases", {"product": "private-multi"}, headers={"Accept": "text/csv"})
    assert r.status == 406 and customer.ok("GET", "/bills")["items"] == before


# -- once

def test_sixteen_twins_with_one_key_buy_once(customer):
    before = customer.ok("GET", f"/accounts/{customer.account}")["balance"]
    key = secrets.token_hex(8)

    def one(_):
        return customer.rest("POST", "/purchases", {"product": "private-multi", "n_common": 1},
                             headers={"Idempotency-Key": key})
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(16)))
    bills = {r.json["bill"]["id"] for r in answers if r.status == 201}
    assert len(bills) == 1, [r.status for r in answers]
    assert all(r.status == 201 or r.code == "IDEMPOTENCY_BUSY" for r in answers)
    bill = customer.ok("GET", f"/bills/{bills.pop()}")
    assert before - customer.ok("GET", f"/accounts/{customer.account}")["balance"] == bill["amount"]


def test_every_kind_of_write_is_done_once_per_key(service, customer):
    def twice(method, path, body, key=None):
        head = {"Idempotency-Key": secrets.token_hex(8)}
        return [service.rest(method, "/api/v1" + path, body, key=key or customer.key, headers=head) for _ in (1, 2)]

    one, two = twice("POST", "/users", {"name": "twin", "email": "t@example.com", "role": "viewer"})
    assert (one.status, two.status) == (201, 201) and two.headers["idempotency-replayed"] == "true"
    assert one.json["password"] and two.json["password"] is None and one.json["user"] == two.json["user"]
    one, two = twice("POST", "/access-keys", {})
    assert one.json["access_key_secret"] and two.json["access_key_secret"] is None
    assert one.json["access_key_id"] == two.json["access_key_id"]
    one, two = twice("POST", f"/accounts/{customer.account}:top_up", {"amount": 100}, key=service.admin_key)
    assert one.json["balance"] == two.json["balance"]
    customer.buy("private-multi", n_common=2)
    one, two = twice("POST", "/applications", {
        "product": "private-multi", "names": ["once.example.com"], "method": "dns",
        "contact": {"name": "V", "email": "v@example.com", "phone": "+1 555"}})
    assert one.json == two.json and one.headers["location"] == two.headers["location"]
    id_ = one.json["id"]
    one, two = twice("POST", f"/applications/{id_}:submit", {})
    assert one.status == two.status == 200 and two.json["state"] == "validating"
    one, two = twice("POST", f"/applications/{id_}:cancel", {})
    assert one.status == two.status == 200 and two.json["state"] == "cancelled"
    one, two = twice("DELETE", f"/applications/{id_}", None)
    assert one.status == two.status == 204
    # without a key the second is refused
    assert customer.rest("DELETE", f"/applications/{id_}").status == 404


def test_a_repeated_purchase_without_money_is_told_the_same(service):
    poor = Customer(service, money=0)
    head = {"Idempotency-Key": "no-money"}
    buy = {"product": "private-multi", "n_common": 1}
    one, two = (poor.rest("POST", "/purchases", buy, headers=head) for _ in (1, 2))
    assert (one.status, one.code) == (two.status, two.code) == (402, "BALANCE_LOW")
    assert one.json["detail"] == two.json["detail"] and len(poor.ok("GET", "/bills")["items"]) == 1
    # once it is paid, the same request shows what was bought
    bill = poor.ok("GET", "/bills")["items"][0]
    service.ok("POST", f"/api/v1/accounts/{poor.account}:top_up", {"amount": bill["amount"]})
    poor.ok("POST", f"/bills/{bill['id']}:pay", {})
    three = poor.ok("POST", "/purchases", buy, headers=head)
    assert three["bill"]["state"] == "paid" and len(three["subscriptions"]) == 1


def test_a_key_belongs_to_its_user_and_its_request(service, customer):
    other = Customer(service)
    head = {"Idempotency-Key": "shared-by-accident"}
    body = {"name": "u1", "email": "t@example.com", "role": "viewer"}
    one = customer.ok("POST", "/users", body, headers=head)
    two = other.ok("POST", "/users", body, headers=head)
    assert one["user"]["id"] != two["user"]["id"]
    r = customer.rest("POST", "/users", dict(body, name="u2"), headers=head)
    assert (r.status, r.code) == (422, "IDEMPOTENCY_MISMATCH")
    for bad in ("x" * 129, "a b", "ä".encode("latin-1").decode("latin-1")):
        r = customer.rest("POST", "/users", body, headers={"Idempotency-Key": bad})
        assert r.status == 400 and r.json["field"] == "Idempotency-Key"


def test_of_two_edits_of_one_version_one_wins(customer):
    made = customer.ok("POST", "/users", {"name": "e" + secrets.token_hex(3), "email": "t@example.com", "role": "viewer"})
    path = f"/users/{made['user']['id']}"
    tag = customer.rest("GET", path).headers["etag"]

    def edit(i):
        return customer.rest("PATCH", path, {"email": f"e{i}@example.com"}, headers={"If-Match": tag})
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(edit, range(8)))
    assert sorted(r.status for r in answers)[0] == 200 and sum(r.status == 200 for r in answers) == 1
    assert all(r.code in ("PRECONDITION", "CONFLICT") for r in answers if r.status != 200)
    assert customer.rest("PATCH", path, {"email": "x@example.com"}, headers={"If-Match": '"nonsense"'}).status == 412


# -- sessions

def test_the_cookie_is_closed_to_scripts_other_sites_and_plain_http(service):
    r = service.rest("POST", "/api/v1/sessions", {k: service.admin[k] for k in ("account", "user", "password")}, key=None)
    parts = [p.strip() for p in r.headers["set-cookie"].split(";")]
    assert parts[0].startswith("__Host-session=") and {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} <= set(parts)
    assert len(parts[0]) >= len("__Host-session=") + 43
    assert parts[0].split("=")[1] not in r.body.decode()


def test_writes_by_cookie_need_the_services_own_origin(service):
    r = service.rest("POST", "/api/v1/sessions", {k: service.admin[k] for k in ("account", "user", "password")}, key=None)
    session = r.headers["set-cookie"].split(";")[0]
    for origin, right in ((f"https://localhost:{service.https_port}", True), ("https://evil.example", False), ("null", False),
                          (f"http://localhost:{service.https_port}", False), ("https://localhost", False)):
        r = service.rest("POST", "/api/v1/access-keys", {}, key=None, session=session, headers={"Origin": origin})
        assert (r.status == 201) == right and (right or r.code == "ORIGIN_REFUSED"), origin
    assert service.rest("GET", "/api/v1/me", key=None, session=session, headers={"Origin": "https://evil.example"}).status == 200
    assert service.rest("DELETE", "/api/v1/sessions/current", key=None, session=session).status == 204
    assert service.rest("GET", "/api/v1/me", key=None, session=session).code == "UNAUTHENTICATED"


def test_a_session_ends_by_itself(signet):
    r = signet.rest("POST", "/api/v1/sessions", {k: signet.admin[k] for k in ("account", "user", "password")}, key=None)
    session = r.headers["set-cookie"].split(";")[0]
    assert signet.rest("GET", "/api/v1/me", key=None, session=session).status == 200
    signet.advance(days=31)
    assert signet.rest("GET", "/api/v1/me", key=None, session=session).status == 401


def test_failed_sign_ins_are_slowed_down_and_tell_nothing(signet):
    c = Customer(signet)
    said = set()
    for account, user in ((c.name, "owner"), (c.name, "nobody"), ("nowhere", "owner")):
        r = signet.rest("POST", "/api/v1/sessions", {"account": account, "user": user, "password": "wrong"}, key=None)
        assert r.status == 401
        said.add((r.code, r.json["detail"], r.json["hint"]))
    assert len(said) == 1
    for _ in range(10):
        r = signet.rest("POST", "/api/v1/sessions", {"account": c.name, "user": "owner", "password": "wrong"}, key=None)
        if r.status == 429:
            break
    assert r.code == "SIGN_IN_THROTTLED" and int(r.headers["retry-after"]) >= 1
    # the right password waits, too
    r = signet.rest("POST", "/api/v1/sessions", {"account": c.name, "user": "owner", "password": c.password}, key=None)
    assert r.status == 429
    signet.advance(seconds=int(r.headers["retry-after"]) + 1)
    assert c.sign_in("owner", c.password)


# -- status doors

def kept_s(service, r, expires=True):
    """For how long caches may keep an answer; what its headers say of it must agree."""
    said = dict(w.strip().partition("=")[::2] for w in r.headers["cache-control"].split(","))
    age = int(said["max-age"])
    if expires:
        now = service.now_ms() / 1000
        assert int(said["s-maxage"]) == age and "must-revalidate" in said
        made, over = (email.utils.parsedate_to_datetime(r.headers[h]).timestamp() for h in ("last-modified", "expires"))
        assert made <= now + 2 and now + age - 30 <= over <= now + age + 2, r.headers
    return age


def own_certificate(service):
    return service.ok("GET", "/api/v1/certificates?name=localhost")["items"][-1]["id"]


@pytest.fixture(scope="module")
def question(service, tmp_path_factory):
    """An OCSP request for the service's own certificate, by openssl, and the issuer's name."""
    folder = str(tmp_path_factory.mktemp("ocsp"))
    cert = service.ok("GET", f"/api/v1/certificates/{own_certificate(service)}")
    issuer = cert["content"]["issuer_name"]
    leaf = os.path.join(folder, "leaf.pem")
    with open(leaf, "wb") as f:
        f.write(service.ok("GET", f"/api/v1/certificates/{cert['id']}/pem"))
    der = os.path.join(folder, "rq.der")
    subprocess.run(["openssl", "ocsp", "-issuer", service.ca()[issuer], "-cert", leaf, "-no_nonce", "-reqout", der],
                   check=True, capture_output=True)
    with open(der, "rb") as f:
        return issuer, f.read()


def test_ocsp_answers_post_and_every_spelling_of_get(service, question):
    issuer, der = question
    text = base64.b64encode(der).decode()
    post = service.plain("POST", f"/ocsp/{issuer}", der, {"Content-Type": "application/ocsp-request"})
    assert post.status == 200 and post.headers["content-type"] == "application/ocsp-response"
    for path in (text, urllib.parse.quote(text, safe=""), "/" + text, text.rstrip("="), urllib.parse.quote(text, safe="+")):
        r = service.plain("GET", f"/ocsp/{issuer}/{path}")
        assert r.status == 200 and r.body == post.body, path
        assert kept_s(service, r) and r.headers["etag"]
    again = service.plain("GET", f"/ocsp/{issuer}/{text}", headers={"If-None-Match": r.headers["etag"]})
    assert again.status == 304 and again.body == b""
    tls = service.rest("POST", f"/ocsp/{issuer}", body=der, key=None, headers={"Content-Type": "application/ocsp-request"})
    assert tls.body == post.body


def test_ocsp_refuses_what_is_no_question(service, question):
    issuer, der = question
    head = {"Content-Type": "application/ocsp-request"}
    malformed = bytes.fromhex("30030a0101")
    for body in (b"", b"x", der[:-1], der + b"x"):
        r = service.plain("POST", f"/ocsp/{issuer}", body, head)
        assert r.status == 200 and r.body == malformed and r.headers["cache-control"] == "no-store", body
    assert service.plain("GET", f"/ocsp/{issuer}/!!!").body == malformed
    assert service.plain("GET", f"/ocsp/{issuer}").body == malformed
    assert service.plain("POST", f"/ocsp/{issuer}", b"x" * 2049, head).status == 413
    assert service.plain("POST", f"/ocsp/{issuer}", der, {"Content-Type": "text/plain"}).status == 415
    assert service.plain("POST", "/ocsp/nobody", der, head).status == 404
    assert service.plain("PUT", f"/ocsp/{issuer}", der, head).status == 405


def test_no_cache_hides_a_revocation_for_longer_than_policy_says(service, question):
    issuer, der = question
    for r in (service.plain("GET", f"/ocsp/{issuer}/" + urllib.parse.quote(base64.b64encode(der).decode(), safe="")),
              service.plain("GET", f"/crl/{issuer}/0.crl")):
        assert 1 <= kept_s(service, r) <= 60, r.headers
        again = service.plain("GET", f"/crl/{issuer}/0.crl", headers={"If-None-Match": r.headers["etag"]})
        assert kept_s(service, again) <= 60, again.headers


def test_lists_and_issuers_are_told_to_everybody_with_their_age(service):
    for name, path in service.ca().items():
        r = service.plain("GET", f"/aia/{name}.cer")
        with open(path) as f:
            assert r.status == 200 and r.body == pem_blocks(f.read())[0], name
        assert r.headers["content-type"] == "application/pkix-cert"
        r = service.plain("GET", f"/crl/{name}/0.crl")
        assert r.status == 200 and r.headers["content-type"] == "application/pkix-crl"
        assert kept_s(service, r) <= 60 < kept_s(service, service.plain("GET", f"/aia/{name}.cer"), expires=False)
        again = service.plain("GET", f"/crl/{name}/0.crl", headers={"If-None-Match": r.headers["etag"]})
        assert again.status == 304
        for bad in ("1.crl", "0", "-1.crl", "00.crl", "x.crl", "0.crl/"):
            assert service.plain("GET", f"/crl/{name}/{bad}").status == 404, bad
    for bad in ("/aia/nobody.cer", "/aia/", "/crl/", "/aia/../admin.json"):
        assert service.plain("GET", bad).status == 404, bad


# -- pages

def test_the_page_speaks_both_languages_and_loads_nothing(service):
    url = f"https://localhost:{service.https_port}"
    for asked, lang in (("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en", "en"), ("de, en;q=0.5, zh;q=0.7", "zh"), ("", "en"), ("*", "en")):
        r = service.rest("GET", "/console/", key=None, headers={"Accept-Language": asked})
        assert f'<html lang="{lang}">' in r.body.decode(), asked
    page = r.body.decode()
    assert "default-src 'none'" in r.headers["content-security-policy"] and "unsafe" not in r.headers["content-security-policy"]
    assert not re.findall(r"<(script|img|link|iframe)|https?://(?!(localhost|127\.0\.0\.1))", page)
    assert service.rest("GET", "/console/?lang=zh", key=None).body.decode().startswith('<!DOCTYPE html>\n<html lang="zh">')
    for path in ("/", "/console", "/console/"):
        r = service.plain("GET", path, headers={"Host": "evil.example"})
        assert r.status == 308 and r.headers["location"].startswith("https://") and "evil" not in r.headers["location"]
    assert service.rest("GET", "/", key=None).headers["location"] == "/console/"
    assert url


def test_health_and_metrics(service):
    assert service.plain("GET", "/healthz").status == 200
    text = service.plain("GET", "/metrics").body.decode()
    assert "signet_ready 1" in text and 'signet_lane_jobs{lane="fast",state="running"}' in text
    for line in text.splitlines():
        assert line.startswith("#") or re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?\d+', line), line


def test_a_session_ends_an_hour_after_its_last_use(signet):
    who = {k: signet.admin[k] for k in ("account", "user", "password")}
    session = signet.rest("POST", "/api/v1/sessions", who, key=None).headers["set-cookie"].split(";")[0]

    def status():
        return signet.rest("GET", "/api/v1/me", key=None, session=session).status
    for _ in range(3):
        signet.advance(seconds=55 * 60)
        assert status() == 200
    signet.advance(seconds=61 * 60)
    assert status() == 401


def test_a_list_is_made_anew_a_day_after_the_last_one(signet):
    def number():
        crl = x509.load_der_x509_crl(signet.plain("GET", "/crl/ecdsa-1/0.crl").body)
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    first = number()
    signet.advance(seconds=23 * 3600)
    assert number() == first
    signet.advance(seconds=2 * 3600)
    wait_for("the next list", lambda: number() > first)
