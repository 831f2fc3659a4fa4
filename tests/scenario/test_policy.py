# SPDX-License-Identifier: Apache-2.0
"""An operator's own figures beside the schedule: who may set them, how far, and that they count without a restart."""
import pytest
from cryptography import x509
from customer import Customer


@pytest.fixture(scope="module")
def service(database, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request))


def row(service, name):
    return next(p for p in service.ok("GET", "/api/v1/policies")["items"] if p["name"] == name and p["active"])


def test_an_own_figure_counts_at_once_and_after_a_restart(service):
    def age():
        return service.plain("GET", "/crl/ecdsa-1/0.crl").headers["cache-control"].split(",")[0]
    assert age() == "max-age=60" and row(service, "status-cache")["source"] != "operator"
    made = service.ok("POST", "/api/v1/policies", {"name": "status-cache", "value": "7 s"})
    assert made["active"] and made["effective"] == 7000 and made["source"] == "operator" and made["set_by"]
    assert age() == "max-age=7"
    service.restart()
    assert age() == "max-age=7" and row(service, "status-cache") == made
    acts = service.ok("GET", "/api/v1/audit?limit=50")["items"]
    assert any(a["act"] == "policy.set" and a["detail"] == {"name": "status-cache", "value": "7 s"} for a in acts)
    back = service.ok("POST", "/api/v1/policies:unset", {"name": "status-cache"})
    assert back["text"] == "60 s" and not back["set_by"] and age() == "max-age=60"


def test_a_roots_list_lives_longer_than_an_issuers(service):
    def days(issuer):
        crl = x509.load_der_x509_crl(service.plain("GET", f"/crl/{issuer}/0.crl").body)
        return (crl.next_update - crl.last_update).days
    assert (days("ecdsa-root-1"), days("ecdsa-1")) == (90, 7)


def test_the_rules_of_the_world_are_tightened_but_never_loosened(service):
    for name, value, status, code, field in (
            ("leaf-validity-max", "201 d", 422, "POLICY_BOUND", "value"), ("recovery-window", "1 h", 422, "POLICY_BOUND", "name"),
            ("no-such-thing", "1 d", 404, "NOT_FOUND", "name"), ("bill-timeout", "soon", 400, "FIELD_FORM", "value"),
            ("bill-timeout", "366 d", 422, "POLICY_BOUND", "value")):
        r = service.rest("POST", "/api/v1/policies", {"name": name, "value": value})
        assert (r.status, r.code, r.json["field"]) == (status, code, field), r
    r = service.rest("POST", "/api/v1/policies", {"name": "bill-timeout", "value": "1 d", "from": "2020-01-01T00:00:00Z"})
    assert (r.status, r.json["field"]) == (400, "from")
    assert "200 d" in service.rest("POST", "/api/v1/policies", {"name": "leaf-validity-max", "value": "201 d"}).json["detail"]


def test_staff_alone_set_figures(service):
    c = Customer(service, money=0)
    assert c.rest("GET", "/policies").status == 200
    for path, body in (("/policies", {"name": "bill-timeout", "value": "1 d"}), ("/policies:unset", {"name": "bill-timeout"})):
        assert c.rest("POST", path, body).code == "FORBIDDEN"


def test_the_command_line_lists_sets_and_unsets(service):
    assert "operator" in service.cli("policy", "set", "bill-timeout", "36 h")
    line = next(i for i in service.cli("policy", "list").splitlines() if "bill-timeout" in i and "operator" in i)
    assert "36 h" in line and "free" in line
    assert service.cli_json("policy", "unset", "bill-timeout")["text"] == "7 d"
    service.cli("policy", "unset", "bill-timeout", code=3)
    service.cli("policy", "set", "leaf-validity-max", "900 d", code=2)
