#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""CRLs and OCSP answers of src/ca, judged by OpenSSL's command line and by another library.

usage: ca_status.py CA_TOOL
"""
import datetime
import os
import subprocess
import sys
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtensionOID

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from catool import NOW, STATUS, CaTool, serial, when  # noqa: E402

DAY = datetime.timedelta(days=1)
REASONS = {0: None, 1: x509.ReasonFlags.key_compromise, 3: x509.ReasonFlags.affiliation_changed,
           4: x509.ReasonFlags.superseded, 5: x509.ReasonFlags.cessation_of_operation,
           9: x509.ReasonFlags.privilege_withdrawn}
AT = str(int(NOW.replace(tzinfo=datetime.timezone.utc).timestamp()) + 60)


def run(*args, **kw):
    return subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **kw).stdout


def expect(text, *words):
    for word in words:
        assert word in text, f'"{word}" is not in:\n{text}'


def verify_sig(cert, data, sig, digest):
    key = cert.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(sig, data, ec.ECDSA(digest))
    else:
        key.verify(sig, data, padding.PKCS1v15(), digest)


class Status:
    def __init__(self, tool, folder, family):
        self.tool, self.folder = tool, folder
        self.root_name, self.name = f"{family}-root-1", f"{family}-1"
        self.root, self.sub = (x509.load_der_x509_certificate(tool.birth(n)["cert"]) for n in (self.root_name, self.name))
        self.serials = [serial(NOW) for _ in range(8)]
        self.leaves = [self.leaf(s) for s in self.serials]
        self.pem("root.pem", self.root)
        self.pem("sub.pem", self.sub)
        self.pem("leaf.pem", self.leaves[1])
        self.pem("other.pem", self.leaves[7])

    def path(self, name):
        return os.path.join(self.folder, name)

    def pem(self, name, thing):
        with open(self.path(name), "wb") as f:
            f.write(thing.public_bytes(serialization.Encoding.PEM))

    def leaf(self, number):
        spki = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        got = self.tool.ask("leaf", issuer=self.name, profile="public-tls-dv", serial=number, now=when(NOW), spki=spki.hex(),
                            dns=["www.example.com"])
        return x509.load_der_x509_certificate(got["cert"])

    def crl(self, issuer, entries, number=5):
        got = self.tool.ask("crl", issuer=issuer, number=number, this_update=when(NOW), next_update=when(NOW + 7 * DAY),
                            entry=[f"{s} {AT} {r}" for s, r in entries])["crl"]
        return got

    # -- the rules

    def a_crl_verifies_and_lists_what_was_revoked(self):
        entries = list(zip(self.serials, REASONS))
        crl = x509.load_der_x509_crl(self.crl(self.name, entries))
        assert crl.is_signature_valid(self.sub.public_key()) and len(crl) == len(REASONS)
        assert crl.issuer == self.sub.subject and crl.last_update == NOW and crl.next_update == NOW + 7 * DAY
        for number, reason in entries:
            entry = crl.get_revoked_certificate_by_serial_number(int(number, 16))
            assert int(entry.revocation_date.replace(tzinfo=datetime.timezone.utc).timestamp()) == int(AT)
            if REASONS[reason] is None:
                assert len(entry.extensions) == 0
            else:
                assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason == REASONS[reason]
        assert crl.get_revoked_certificate_by_serial_number(int(self.serials[7], 16)) is None
        assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 5

    def the_crls_address_is_that_of_the_certificate(self):
        crl = x509.load_der_x509_crl(self.crl(self.name, []))
        idp = crl.extensions.get_extension_for_oid(ExtensionOID.ISSUING_DISTRIBUTION_POINT)
        assert idp.critical and idp.value.only_contains_user_certs and not idp.value.only_contains_ca_certs
        cdp = self.leaves[0].extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        assert idp.value.full_name == cdp[0].full_name
        assert idp.value.full_name[0].value == f"{STATUS}/crl/{self.name}/0.crl"
        root = x509.load_der_x509_crl(self.crl(self.root_name, []))
        assert root.is_signature_valid(self.root.public_key()) and len(root) == 0
        idp = root.extensions.get_extension_for_oid(ExtensionOID.ISSUING_DISTRIBUTION_POINT).value
        assert idp.full_name is None and idp.only_contains_ca_certs and not idp.only_contains_user_certs
        aki = root.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        assert aki == self.root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest

    def openssl_refuses_a_revoked_leaf_and_accepts_another(self):
        with open(self.path("crl.pem"), "w", encoding="ascii") as f:
            for name, entries in ((self.name, [(self.serials[1], 1)]), (self.root_name, [])):
                der = self.crl(name, entries)
                out = subprocess.run(["openssl", "crl", "-inform", "DER"], input=der, stdout=subprocess.PIPE, check=True)
                f.write(out.stdout.decode())
        base = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "www.example.com", "-attime",
                AT, "-CAfile", self.path("root.pem"), "-untrusted", self.path("sub.pem"), "-crl_check_all", "-CRLfile",
                self.path("crl.pem")]
        expect(run(*base, self.path("leaf.pem")), "error 23 at 0 depth lookup: certificate revoked")
        expect(run(*base, self.path("other.pem")), "other.pem: OK")
        out = subprocess.run(["openssl", "crl", "-inform", "DER", "-noout", "-text", "-CAfile", self.path("sub.pem"), "-verify"],
                             input=self.crl(self.name, [(self.serials[1], 1)]), stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, check=True).stdout.decode()
        expect(out, "verify OK", "Issuing Distribution Point: critical", "Only User Certificates", "Key Compromise")

    def ocsp_answers_load_and_verify(self):
        for digest in (hashes.SHA1(), hashes.SHA256()):
            request = ocsp.OCSPRequestBuilder().add_certificate(self.leaves[1], self.sub, digest).build()
            for status, reason in (("good", 0), ("revoked", 4), ("revoked", 0), ("unknown", 0)):
                der = self.answer(request.public_bytes(serialization.Encoding.DER), status, reason)
                response = ocsp.load_der_ocsp_response(der)
                assert response.response_status == ocsp.OCSPResponseStatus.SUCCESSFUL
                assert response.certificate_status == getattr(ocsp.OCSPCertStatus, status.upper())
                assert response.serial_number == self.leaves[1].serial_number
                assert response.this_update == NOW and response.next_update == NOW + 3 * DAY
                if status == "revoked":
                    assert response.revocation_time == NOW - DAY and response.revocation_reason == REASONS[reason]
                verify_sig(self.sub, response.tbs_response_bytes, response.signature, response.signature_hash_algorithm)

    def answer(self, request, status, reason=0):
        return self.tool.ask("ocsp", issuer=self.name, request=request.hex(), status=status, reason=reason,
                             revoked=when(NOW - DAY), this_update=when(NOW), next_update=when(NOW + 3 * DAY))["response"]

    def openssl_believes_the_answers_and_their_nonce(self):
        for status, words in (("good", ["leaf.pem: good"]), ("unknown", ["leaf.pem: unknown"]),
                              ("revoked", ["leaf.pem: revoked", "Reason: superseded", "Revocation Time: Nov 20 08:48:14 2026"])):
            cmd = ["openssl", "ocsp", "-issuer", self.path("sub.pem"), "-cert", self.path("leaf.pem")]
            run(*cmd, "-nonce", "-reqout", self.path("request.der"))
            with open(self.path("request.der"), "rb") as f:
                request = f.read()
            with open(self.path("response.der"), "wb") as f:
                f.write(self.answer(request, status, 4))
            out = run(*cmd, "-no_nonce", "-reqin", self.path("request.der"), "-respin", self.path("response.der"), "-CAfile",
                      self.path("root.pem"), "-verify_other", self.path("sub.pem"), "-attime", AT, "-no_check_time",
                      "-text")
            expect(out, "Response verify OK", "OCSP Nonce", *words)
            assert "Nonce Verify error" not in out, out

    def other_issuers_and_junk_get_unsigned_failures(self):
        other = ocsp.OCSPRequestBuilder().add_certificate(self.sub, self.root, hashes.SHA1()).build()
        der = self.answer(other.public_bytes(serialization.Encoding.DER), "good")
        assert ocsp.load_der_ocsp_response(der).response_status == ocsp.OCSPResponseStatus.UNAUTHORIZED
        der = self.answer(b"junk", "good")
        assert ocsp.load_der_ocsp_response(der).response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def main():
    tool = CaTool(sys.argv[1])
    faults = 0
    for family in ("ecdsa", "rsa"):
        with tempfile.TemporaryDirectory() as folder:
            status = Status(tool, folder, family)
            for rule in (status.a_crl_verifies_and_lists_what_was_revoked, status.the_crls_address_is_that_of_the_certificate,
                         status.openssl_refuses_a_revoked_leaf_and_accepts_another, status.ocsp_answers_load_and_verify,
                         status.openssl_believes_the_answers_and_their_nonce,
                         status.other_issuers_and_junk_get_unsigned_failures):
                try:
                    rule()
                    print(f"ok {family} {rule.__name__}")
                except AssertionError as e:
                    faults += 1
                    print(f"not ok {family} {rule.__name__}: {e}")
    tool.close()
    sys.exit(1 if faults else 0)


main()
