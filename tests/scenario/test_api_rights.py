# SPDX-License-Identifier: Apache-2.0
"""Who may do what: every route by every role, by nobody, and with another account's ids."""
import json
import secrets

import pytest
from apiwalk import ID_MAX, Api, dumps
from customer import Customer
from signet import wait_for

CUSTOMER_ROLES = ["owner", "operator", "viewer"]
STAFF_ROLES = ["administrator", "reviewer", "support"]
# The table of roles, written down a second time: the test is its judge, not its echo.
RIGHTS = {
    "owner": {"self", "read", "operate", "buy", "manage"},
    "operator": {"self", "read", "operate"},
    "viewer": {"self", "read"},
    "administrator": {"self", "read", "operate", "buy", "manage", "staff_read", "staff_review", "staff_support", "staff_admin"},
    "reviewer": {"self", "read", "staff_read", "staff_review"},
    "support": {"self", "read", "staff_read", "staff_support"},
}


def key_of(s, account, user, password):
    r = s.rest("POST", "/api/v1/sessions", {"account": account, "user": user, "password": password}, key=None)
    assert r.status == 201, r
    made = s.ok("POST", "/api/v1/access-keys", {}, key=None, session=r.headers["set-cookie"].split(";")[0])
    return f'{made["access_key_id"]}.{made["access_key_secret"]}'


@pytest.fixture(scope="module")
def api(service):
    return Api(service)


@pytest.fixture(scope="module")
def keys(service):
    """{role: access key of a user with it}, customers' in one account."""
    customer = Customer(service)
    out = {"owner": customer.key, "administrator": service.admin_key}
    for role in ["operator", "viewer"]:
        made = customer.ok("POST", "/users", {"name": role, "email": "x@example.com", "role": role})
        out[role] = key_of(service, customer.name, role, made["password"])
    for role in ["reviewer", "support"]:
        made = service.ok("POST", "/api/v1/users", {"name": role, "email": "x@example.com", "role": role})
        out[role] = key_of(service, service.admin["account"], role, made["password"])
    return out


# everybody may on himself; on others only who has the right to manage
OF_OTHERS = ("user_set_password", "user_confirm_email", "notice_user_show", "notice_user_change")


@pytest.mark.parametrize("role", CUSTOMER_ROLES + STAFF_ROLES)
def test_each_role_reaches_the_routes_of_its_rights_and_no_other(api, keys, role):
    wrong = []
    for route in api.routes:
        if route.name in ("session_create", "session_delete"):
            continue
        # an id that does not exist: with the right it is not found, without it nobody looks
        r = api.send(route.method, route.at(ID_MAX), body=b"{}" if route.schema else None, key=keys[role])
        may = route.right == "public" or route.right in RIGHTS[role]
        forbidden = r.status == 403 and r.code == "FORBIDDEN"
        if route.name in OF_OTHERS:
            continue  # test_passwords_of_others_need_the_right_to_manage, test_only_who_manages_users_has_others_addresses_confirmed
        if r.status in (401, 500, 503) or forbidden == may or (may and route.has_id and r.status not in (400, 404)):
            wrong.append((str(route), route.right, r))
    assert not wrong


def test_nobody_reaches_only_public_routes(api):
    for route in api.routes:
        for key in (None, "LTAIxxxxxxxxxxxxxxxxxxxx.wrong", "no-dot", ".", "a." + "b" * 5000):
            r = api.send(route.method, route.at(1), body=b"{}" if route.schema else None, key=key)
            if route.right == "public":
                assert r.status != 401 or r.code == "SIGN_IN_FAILED", route
            else:
                assert (r.status, r.code) == (401, "UNAUTHENTICATED"), (route, key)


def test_no_route_is_reached_in_the_clear(service, api):
    for route in api.routes:
        r = service.plain(route.method, route.at(1), headers={"Authorization": "Bearer " + service.admin_key})
        assert (r.status, r.code) == (403, "TLS_REQUIRED"), route
        assert f"https://localhost:{service.https_port}" in r.json["hint"] or "https://" in r.json["hint"]


def everything(api, key):
    """All that an account shows of itself, as text."""
    paths = ["webhooks", "attachments", "users", "access-keys", "bills", "ledger", "subscriptions", "applications", "certificates",
             "overview", "domains", "zones", "contacts", "companies", "notices", "tickets", "orders", "shares", "csrs",
             "hosts", "scans", "monitors"]
    return json.dumps([api.send("GET", f"/api/v1/{p}", key=key).json for p in paths])


def objects(api, key):
    """{collection: ids} of an account."""
    out = {}
    for noun in ["webhooks", "attachments", "users", "access-keys", "bills", "subscriptions", "applications", "certificates", "jobs",
                 "domains", "zones", "contacts", "companies", "notices", "tickets", "orders", "shares", "csrs",
                 "hosts", "scans", "monitors"]:
        items = api.send("GET", f"/api/v1/{noun}", key=key).json["items"]
        out[noun] = [i["id"] for i in items]
    return out


def share_of_the_operator(service):
    """The operator's own certificate, shared with an account of the same owner."""
    twin, number = Customer(service), secrets.token_hex(6)
    for account, key in ((1, service.admin_key), (twin.account, twin.key)):
        path = f"/api/v1/accounts/{account}:"
        service.ok("POST", path + "submit_owner", {"name": "Operator", "number": number}, key=key)
        service.ok("POST", path + "verify_owner", {"verified": True})
    certificate = service.ok("GET", "/api/v1/certificates")["items"][0]["id"]
    service.ok("POST", "/api/v1/shares", {"certificate": certificate, "account": twin.account})


def test_another_accounts_objects_do_not_exist(service, api, keys):
    victim = Customer(service)
    victim.buy("private-multi", n_common=2)
    victim.buy("private-multi", n_common=2, pay=False)
    app = victim.ok("POST", "/applications", {
        "product": "private-multi", "names": ["www.example.com"], "method": "dns",
        "contact": {"name": "V", "email": "v@example.com", "phone": "+1 555"}})
    victim.ok("POST", "/contacts", {"name": "V", "email": "v@example.com", "phone": "+1 555"})
    victim.ok("POST", "/companies", {
        "name": "V", "number": "1", "type": "commercial", "phone": "+1 555", "country": "US", "province": "Ohio",
        "city": "Dayton", "address": "1", "postcode": "1"})
    victim.rest("POST", "/attachments?file_name=a.txt", body=b"paper")
    victim.ok("POST", "/csrs", {"names": ["www.example.com"]})
    victim.ok("POST", "/tickets", {"kind": "other", "subject": "s", "text": "t"})
    victim.ok("POST", "/webhooks", {"type": "slack", "name": "V", "url": "https://hooks.example.com/x"})
    watched = victim.ok("POST", "/monitors", {"target": "www.example.com"})
    wait_for("a look that finds nobody", lambda: victim.ok("GET", f"/monitors/{watched['id']}")["failures"])
    scan = victim.ok("POST", "/scans", {"targets": ["www.example.com"]})
    victim.ok("POST", f"/scans/{scan['id']}:stop", {})
    zone = victim.ok("POST", "/zones", {"name": "example.com", "servers": ["1.0.0.53"], "key_name": "k", "secret": "A" * 44})
    victim.ok("POST", "/domains", {"name": "example.com", "expires": "2040-01-01T00:00:00Z", "holder": "V", "zone": zone["id"]})
    share_of_the_operator(service)
    targets = {
        "stranger": (victim.key, objects(api, victim.key) | {"accounts": [victim.account]}, keys["owner"]),
        # the operator's own certificate, wanted by a customer
        "operator's": (service.admin_key, objects(api, service.admin_key) | {"accounts": [1]}, keys["owner"]),
        # staff work in accounts through acts of their own, not by ids
        "staff": (victim.key, objects(api, victim.key), keys["administrator"]),
    }
    assert app["id"] in targets["stranger"][1]["applications"] and targets["operator's"][1]["certificates"]
    assert targets["operator's"][1]["shares"]
    for who, (owner_key, ids, thief_key) in targets.items():
        before = everything(api, owner_key)
        for route in api.routes:
            noun = route.path.split("/")[3]
            if not route.has_id or noun == "products" or route.right.startswith("staff_"):
                continue
            for id_ in ids.get(noun, []):
                body = dumps(route.example or {}) if route.schema else None
                r = api.send(route.method, route.at(id_), body=body, key=thief_key)
                if route.name in OF_OTHERS and r.code == "FORBIDDEN":
                    continue
                assert (r.status, r.code) == (404, "NOT_FOUND"), (who, route, id_, r)
        assert everything(api, owner_key) == before, who


def test_lists_and_searches_hold_the_own_accounts_rows_only(service, api, keys):
    a, b = Customer(service), Customer(service)
    a.buy("private-multi", n_common=2, quantity=3)
    for noun in ["webhooks", "subscriptions", "bills", "applications", "certificates", "jobs", "ledger", "domains", "zones", "notices",
                 "tickets", "orders", "shares", "csrs",
                 "hosts", "scans", "monitors"]:
        mine = {json.dumps(i) for i in a.ok("GET", f"/{noun}?limit=200")["items"]}
        theirs = {json.dumps(i) for i in b.ok("GET", f"/{noun}?limit=200")["items"]}
        assert not mine & theirs, noun
    r = b.rest("GET", f"/audit?account={a.account}")
    assert r.code == "FORBIDDEN"
    assert all(row["account"] == b.account for row in b.ok("GET", "/audit")["items"])
    assert service.ok("GET", f"/api/v1/audit?account={a.account}")["items"]


def test_passwords_of_others_need_the_right_to_manage(service):
    c = Customer(service)
    made = c.ok("POST", "/users", {"name": "bob", "email": "b@example.com", "role": "operator"})
    bob, id_ = key_of(service, c.name, "bob", made["password"]), made["user"]["id"]
    owner = next(u["id"] for u in c.ok("GET", "/users")["items"] if u["name"] == "owner")
    new = secrets.token_hex(10)
    r = service.rest("POST", f"/api/v1/users/{owner}:set_password", {"password": new}, key=bob)
    assert r.code == "FORBIDDEN"
    r = service.rest("POST", f"/api/v1/users/{id_}:set_password", {"password": new, "old_password": "wrong"}, key=bob)
    assert r.status in (400, 401, 403) and "old_password" in r.body.decode()
    c.ok("POST", f"/users/{id_}:set_password", {"password": new})
    assert c.sign_in("bob", new)


def test_a_disabled_user_and_a_lowered_one_lose_their_access_at_once(service):
    c = Customer(service)
    made = c.ok("POST", "/users", {"name": "bob", "email": "b@example.com", "role": "operator"})
    id_ = made["user"]["id"]
    session = c.sign_in("bob", made["password"])
    key = key_of(service, c.name, "bob", made["password"])
    c.ok("PATCH", f"/users/{id_}", {"role": "viewer"})
    assert service.rest("POST", "/api/v1/applications", {}, key=key).code == "FORBIDDEN"
    assert service.rest("GET", "/api/v1/me", key=None, session=session).status == 401
    c.ok("PATCH", f"/users/{id_}", {"disabled": True})
    assert service.rest("GET", "/api/v1/me", key=key).status == 401
    r = service.rest("POST", "/api/v1/sessions", {"account": c.name, "user": "bob", "password": made["password"]}, key=None)
    assert r.code == "SIGN_IN_FAILED"


def test_an_account_keeps_its_last_owner(service):
    c = Customer(service)
    owner = c.ok("GET", "/users")["items"][0]["id"]
    assert c.rest("PATCH", f"/users/{owner}", {"role": "viewer"}).code == "STATE_REFUSED"
    assert c.rest("PATCH", f"/users/{owner}", {"disabled": True}).code == "STATE_REFUSED"


def test_customers_have_no_staff_and_staff_no_customers_roles(service):
    c = Customer(service)
    for role in STAFF_ROLES:
        r = c.rest("POST", "/users", {"name": "x" + role, "email": "b@example.com", "role": role})
        assert r.status == 400 and r.json["field"] == "role"
    for role in CUSTOMER_ROLES:
        r = service.rest("POST", "/api/v1/users", {"name": "x" + role, "email": "b@example.com", "role": role})
        assert r.status == 400 and r.json["field"] == "role"
