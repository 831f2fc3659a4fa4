# SPDX-License-Identifier: Apache-2.0
"""What is issued, read by zlint (RFC 5280, CA/Browser Baseline Requirements). SIGNET_ZLINT names the program."""
import subprocess

import pytest
from companies import EV, company, confirm, contact
from customer import Customer
from dnsserver import DnsServer
from mailbox import Mailbox
from relying import NO_ZLINT, zlint, zlint_program
from staff import Reviewer

pytestmark = pytest.mark.skipif(not zlint_program(), reason=NO_ZLINT)


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def box():
    with Mailbox() as b:
        yield b


@pytest.fixture(scope="module")
def ca(database, dns, box, request):
    from conftest import database_url, serve
    # an address as a real service has it: zlint takes a loopback one in the certificates for the fault that it is
    yield from serve(database_url(database, request), fresh=True, resolver=dns.address, trust_anchor=dns.trust_anchor,
                     status_url="http://status.example.com", args=box.args)


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca)


def leaf_of(customer, cert):
    return first(customer.ok("GET", f"/certificates/{cert['id']}/pem").decode())


def first(text):
    return text[text.index("-----BEGIN"):].split("-----END")[0] + "-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("alg", ["RSA_2048", "EC_P256"])
def test_zlint_finds_nothing_in_what_is_issued(ca, customer, dns, alg):
    assert zlint(leaf_of(customer, customer.certificate(dns, key_alg=alg))) == set()


@pytest.mark.parametrize("product", ["digicert-ov-single", "digicert-ev-single"])
def test_zlint_finds_nothing_in_certificates_that_name_a_company(ca, box, dns, product):
    acme, reviewer = Customer(ca), Reviewer(ca)
    company(acme, name="示例贸易有限公司", jurisdiction_locality="浦东", **EV)
    acme.buy(product)
    app = acme.apply(product, "www.example.com", key_alg="RSA_2048", contact=contact())
    acme.publish_dns(app, dns)
    acme.verify(app)
    confirm(ca, box, app)
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
    assert zlint(leaf_of(acme, acme.issued(app)["certificates"][0])) == set()


@pytest.mark.parametrize("name", ["rsa-1", "rsa-root-1", "ecdsa-1", "ecdsa-root-1"])
def test_zlint_finds_nothing_in_the_authorities(ca, name):
    with open(ca.ca()[name]) as f:
        assert zlint(f.read()) == set()


def test_zlint_finds_nothing_in_wildcards_and_only_names_in_private_certificates(ca, customer, dns):
    customer.buy("digicert-dv-wildcard")
    app = customer.apply("digicert-dv-wildcard", "*.example.com")
    customer.publish_dns(app, dns)
    customer.verify(app)
    assert zlint(leaf_of(customer, customer.issued(app)["certificates"][0])) == set()
    own = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{ca.https_port}"], input="", text=True,
                         capture_output=True, timeout=30).stdout
    found = zlint(first(own))
    names = {"e_dnsname_not_valid_tld", "e_dnsname_contains_bare_iana_suffix", "e_ext_san_contains_reserved_ip",
             "e_san_dns_name_includes_bare_label", "w_dnsname_underscore_in_trd", "e_san_bare_wildcard",
             "e_tls_server_cert_valid_time_longer_than_398_days", "w_tls_server_cert_valid_time_longer_than_397_days"}
    assert found <= names, found - names
