# SPDX-License-Identifier: Apache-2.0
"""The catalogue over its doors: what is shown to whom, what staff may do, what is recommended for what."""
import pytest
from apiwalk import Api
from customer import Customer

NEW = {"code": "acme-dv-single", "brand": "Acme", "type": "DV", "kind": "single", "algorithms": ["EC_P256"],
       "price_year": 50000, "names_max": 1, "months": ["6", "12"], "rank": 10, "profile": "public-tls-dv"}


@pytest.fixture(scope="module")
def customer(service):
    return Customer(service)


def products(who):
    return {p["code"]: p for p in who.ok("GET", "/products?limit=200")["items"]}


def test_customers_see_products_with_price_rank_guidance_and_the_periods_that_are_sold(service, customer):
    seen = products(customer)
    assert seen["digicert-dv-single"]["months"] == [6, 12, 24] and seen["digicert-dv-single"]["rank"] == 1
    assert seen["geotrust-ov-hybrid"]["sold"] is False and seen["geotrust-ov-single-pro"]["professional"]
    assert "internal" not in seen
    staff = {p["code"]: p for p in service.ok("GET", "/api/v1/products?limit=200")["items"]}
    assert staff["internal"]["internal"] and staff["digicert-dv-single"]["months"] == [6, 12, 24, 36]


def test_each_purpose_has_products_with_a_reason(service, customer):
    api = Api(service)
    route = next(r for r in api.routes if r.name == "recommendation_list")
    for purpose in route.query["purpose"]["enum"]:
        items = customer.ok("GET", f"/recommendations?purpose={purpose}")["items"]
        assert items and all(i["reason"] and i["product"]["sold"] for i in items), purpose
    first = customer.ok("GET", "/recommendations?purpose=finance")["items"][0]
    assert first["product"]["type"] == "EV" and "Finance" in first["reason"]
    r = customer.rest("GET", "/recommendations")
    assert (r.status, r.code, r.json["field"]) == (400, "FIELD_MISSING", "purpose")
    assert customer.rest("GET", "/recommendations?purpose=poetry").json["field"] == "purpose"
    assert "Finance" in service.cli("products", "advise", "finance")


def test_staff_keep_the_catalogue_and_what_was_bought_stays(service, customer):
    made = service.ok("POST", "/api/v1/products", NEW)
    assert service.rest("POST", "/api/v1/products", NEW).code == "NAME_TAKEN"
    bought = customer.buy("acme-dv-single")
    assert bought["bill"]["amount"] == 50000
    r = service.rest("PATCH", f"/api/v1/products/{made['id']}", {"price_year": 60000}, headers={"If-Match": '"7"'})
    assert r.code == "PRECONDITION"
    shown = service.cli_json("products", "change", made["id"], "--price", "60000", "--months", "12")
    assert (shown["price_year"], shown["months"], shown["version"]) == (60000, [12], 2)
    r = customer.rest("POST", "/purchases", {"product": "acme-dv-single", "months": 6})
    assert (r.status, r.code, r.json["field"]) == (422, "PRODUCT_UNFIT", "months")
    service.cli("products", "change", made["id"], "--off")
    r = customer.rest("POST", "/purchases", {"product": "acme-dv-single"})
    assert (r.status, r.code, r.json["field"]) == (409, "PRODUCT_GONE", "product") and r.json["hint"]
    assert "acme-dv-single" not in products(customer)
    now = customer.ok("GET", f"/subscriptions/{bought['subscriptions'][0]['id']}")
    assert now["months"] == 12 and now["state"] == "unassigned"
    acts = [row["act"] for row in service.ok("GET", "/api/v1/audit?limit=50")["items"]]
    assert acts.count("product.change") == 2 and "product.create" in acts


def test_a_product_that_cannot_be_is_refused_field_by_field(service):
    bad = {**NEW, "code": "Acme", "profile": "root", "algorithms": ["ROT13"], "months": ["12", "6"], "names_max": 2}
    r = service.rest("POST", "/api/v1/products", bad)
    assert r.code == "SEVERAL_FAULTS"
    assert {c["field"] for c in r.json["causes"]} == {"code", "profile", "algorithms", "months", "names_max"}
    assert all(c["hint"] for c in r.json["causes"])
    r = service.rest("POST", "/api/v1/products", {**NEW, "code": "acme-root", "profile": "root"})
    assert (r.code, r.json["field"]) == ("PROFILE_UNKNOWN", "profile") and "/api/v1/profiles" in r.json["hint"]
    r = service.rest("POST", "/api/v1/products", {**NEW, "code": "acme-ev", "type": "EV", "kind": "wildcard", "names_max": 1,
                                                  "profile": "public-tls-ev"})
    assert (r.code, r.json["field"]) == ("FIELD_FORM", "kind") and "EV" in r.json["detail"]


def test_hybrids_are_not_sold_and_tests_only_so_many_a_year(service, customer):
    r = customer.rest("POST", "/purchases", {"product": "geotrust-ov-hybrid", "n_common": 1, "n_wildcard": 1})
    assert (r.status, r.code) == (409, "PRODUCT_GONE")
    customer.buy("test-dv-single", quantity=20)
    r = customer.rest("POST", "/purchases", {"product": "test-dv-single"})
    assert (r.status, r.code) == (409, "TEST_NONE") and "calendar year" in r.json["hint"]
