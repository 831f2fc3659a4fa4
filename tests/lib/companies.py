# SPDX-License-Identifier: Apache-2.0
"""Companies that apply for OV and EV certificates, and contacts who open the links in their mails."""
import secrets

import pictures
from mailbox import page

ACME = {"name": "Acme Trading Co., Ltd.", "number": "91310000MA1FL0000X", "type": "commercial", "phone": "+86 21 5555 0000",
        "country": "CN", "province": "Shanghai", "city": "Pudong", "address": "1 Example Road", "postcode": "200000"}
EV = {"business_category": "private_organization", "jurisdiction_country": "CN", "jurisdiction_province": "Shanghai"}
LI = {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}


def licence(customer, content=None):
    """An uploaded picture; its number."""
    r = customer.rest("POST", "/attachments?file_name=licence.png", body=content or pictures.png())
    assert r.status == 201, r
    return r.json["id"]


def company(customer, **kw):
    """A stored company with a licence; kw: other values, or None to leave a member out."""
    body = {**ACME, **({} if "licence" in kw else {"licence": licence(customer)}), **kw}
    return customer.ok("POST", "/companies", {k: v for k, v in body.items() if v is not None})


def contact():
    """A contact with an address that no other test reads mails of."""
    return {**LI, "email": f"li-{secrets.token_hex(4)}@example.com"}


def asked(box, app, n=1):
    """The n-th mail that asks the application's contact for his word."""
    return box.wait(app["contact"]["email"], "Please confirm an application", n)


def times_asked(box, app):
    return len(box.all(app["contact"]["email"], "Please confirm an application"))


def confirm(s, box, app, n=1):
    """The application's contact presses the button of the n-th mail that asks him."""
    status, _, text = page(s, asked(box, app, n).link, "POST")
    assert status == 200, text
