# SPDX-License-Identifier: Apache-2.0
"""RSA keys take seconds to make. Who does not want one does not wait for those who do."""
import threading
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from customer import Customer
from dnsserver import DnsServer
from signet import wait_for
from test_safety import request_of

PRODUCT = "digicert-dv-single"
WANTED = 20  # more than the lane of "verify now" and the job loop have threads


def held(s, point, act):
    """Has the next passing of the point sleep for longer than the test lasts, and waits until somebody sleeps there."""
    s.inject(point, "sleep:100000")
    act()
    wait_for(point, lambda: not s.armed(point), 30)


@pytest.mark.database("sqlite")
def test_others_are_served_while_more_rsa_keys_are_wanted_than_there_are_threads(database, make_signet):
    with DnsServer({"example.com": "signed", "example.net": "signed"}) as dns:
        s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor)
        s.start()
        greedy, other = Customer(s, money=1_000_000_000), Customer(s, money=1_000_000_000)
        greedy.buy(PRODUCT, quantity=WANTED)
        other.buy(PRODUCT, quantity=3)
        first = greedy.apply(PRODUCT, "example.com", key_alg="RSA_2048")
        greedy.publish_dns(first, dns)
        applications = [first]
        calls = []

        def press(application):
            """"Verify now", by a client that waits however long it takes."""
            calls.append(threading.Thread(target=lambda: quiet(greedy, application), daemon=True))
            calls[-1].start()

        def more():
            applications.append(greedy.apply(PRODUCT, f"www{len(applications)}.example.com", key_alg="RSA_2048"))

        held(s, "signer.key_made", lambda: press(first))
        held(s, "signer.key_made", more)  # the proof of the domain stands: a job takes it up
        while len(applications) < WANTED:
            more()
        for application in applications:
            press(application)
            press(application)
        time.sleep(1)  # so that they have come to where they wait

        began = time.monotonic()
        key = ec.generate_private_key(ec.SECP256R1())
        given = other.apply(PRODUCT, "www.example.net", key_source="csr", csr=request_of(key, "www.example.net"))
        other.publish_dns(given, dns)
        other.verify(given)
        other.issued(given)
        with_csr = time.monotonic() - began
        quick = other.apply(PRODUCT, "a.example.net", key_alg="EC_P256")  # made by the service, too
        other.issued(quick)
        took = time.monotonic() - began
        states = {greedy.ok("GET", f"/applications/{a['id']}")["state"] for a in applications}
        print(f"with {WANTED} RSA keys wanted: given key {with_csr:.2f} s, then one made {took - with_csr:.2f} s")
        assert "issued" not in states, "the keys of the others were made meanwhile: nothing was shown"
        s.kill_all()


def quiet(customer, application):
    try:
        customer.verify(application)
    except Exception:  # noqa: BLE001  the service ends under it
        pass
