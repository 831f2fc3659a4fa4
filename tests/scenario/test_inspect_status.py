# SPDX-License-Identifier: Apache-2.0
"""What OCSP responses and lists say of the certificates of a chain: `signet verify --ocsp`, `signet inspect --ocsp`. No service runs."""
import json
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from pki import DAY, NOW, Cert

import signet

WWW = "www.example.com"
OCSP_SIGNING = ExtendedKeyUsageOID.OCSP_SIGNING


class Pki:
    def __init__(self):
        self.root = Cert("Root", ca=True, days=4000, start=-10)
        self.ca = Cert("Issuer", self.root, ca=True, days=2000, start=-10)
        self.leaf = Cert(WWW, self.ca, start=-8)
        self.other = Cert("other.example.com", self.ca, start=-8)
        self.responder = Cert("Responder", self.ca, eku=[OCSP_SIGNING], start=-8)

    def response(self, *, of=None, issuer=None, by=None, status="GOOD", at=-1, days=7, by_name=False, certs=(), digest=hashes.SHA1):
        """What `by` (the issuer) says of the certificate `of` (the leaf)."""
        of, issuer = of or self.leaf, issuer or self.ca
        by, revoked = by or issuer, status == "REVOKED"
        b = ocsp.OCSPResponseBuilder().add_response(
            cert=of.x, issuer=issuer.x, algorithm=digest(), cert_status=getattr(ocsp.OCSPCertStatus, status), this_update=NOW + at * DAY,
            next_update=NOW + (at + days) * DAY, revocation_time=NOW - DAY if revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked else None)
        b = b.responder_id(ocsp.OCSPResponderEncoding.NAME if by_name else ocsp.OCSPResponderEncoding.HASH, by.x)
        if certs:
            b = b.certificates([c.x for c in certs])
        return b.sign(by.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@pytest.fixture(scope="module")
def p():
    return Pki()


@pytest.fixture()
def run(tmp_path, p):
    """run(command, files, option...): exit code and answer. Files named ocspN are responses."""
    def ask(command, files, *argv):
        base = {"leaf": p.leaf.pem + p.ca.pem, "roots": p.root.pem}
        for name, data in {**base, **files}.items():
            (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        given = [a for name in files if name.startswith("ocsp") for a in ("--ocsp", name)]
        given += ["--crls", "crls"] if "crls" in files else []
        head = ["verify", "--leaf", "leaf"] if command == "verify" else ["inspect", "leaf"]
        r = subprocess.run([signet.program("signet"), *head, "--roots", "roots", *given, *argv, "--json"], cwd=tmp_path, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
        assert r.returncode in (0, 1), r.stderr
        return r.returncode, json.loads(r.stdout)
    return ask


def delegate(p, **kw):
    return Cert("Responder", kw.pop("issuer", p.ca), start=-8, **{"eku": [OCSP_SIGNING], **kw})


def by(p, responder, **kw):
    return p.response(by=responder, certs=[responder], **kw)


# what, the responses, the fault or None
ANSWERS = [
    ("the issuer says good", lambda p: [p.response()], None),
    ("by its name", lambda p: [p.response(by_name=True)], None),
    ("which names the issuer by SHA-256", lambda p: [p.response(digest=hashes.SHA256)], None),
    ("by SHA-384", lambda p: [p.response(digest=hashes.SHA384)], None),
    ("by SHA-512", lambda p: [p.response(digest=hashes.SHA512)], None),
    ("revoked by SHA-512, good by SHA-1", lambda p: [p.response(digest=hashes.SHA512, status="REVOKED"), p.response()], "revoked"),
    ("a delegate says good", lambda p: [by(p, p.responder)], None),
    ("a delegate by its name", lambda p: [by(p, p.responder, by_name=True)], None),
    ("the issuer says revoked", lambda p: [p.response(status="REVOKED")], "revoked"),
    ("a delegate says revoked", lambda p: [by(p, p.responder, status="REVOKED")], "revoked"),
    ("revoked wins over good", lambda p: [p.response(), p.response(status="REVOKED")], "revoked"),
    ("and in the other order", lambda p: [p.response(status="REVOKED"), p.response()], "revoked"),
    ("unknown", lambda p: [p.response(status="UNKNOWN")], "status_unknown"),
    ("good outweighs unknown", lambda p: [p.response(status="UNKNOWN"), p.response()], None),
    ("about another", lambda p: [p.response(of=p.other)], "status_unknown"),
    ("out of date", lambda p: [p.response(at=-6, days=3)], "status_unknown"),
    ("from the future", lambda p: [p.response(at=2)], "status_unknown"),
    ("revoked, out of date", lambda p: [p.response(status="REVOKED", at=-6, days=3), p.response()], None),
    ("a delegate whose certificate is not there", lambda p: [p.response(by=p.responder)], "status_unknown"),
    ("a delegate not made for it", lambda p: [by(p, p.other)], "status_unknown"),
    ("a delegate of another issuer", lambda p: [by(p, delegate(p, issuer=p.root))], "status_unknown"),
    ("a delegate that has ended", lambda p: [by(p, delegate(p, days=3))], "status_unknown"),
    ("a delegate nobody has signed", lambda p: [by(p, delegate(p, signer=p.other))], "status_unknown"),
    ("another's word of revocation", lambda p: [p.response(), by(p, delegate(p, issuer=p.root), status="REVOKED")], None),
]


@pytest.mark.parametrize("what, responses, fault", ANSWERS, ids=[a[0] for a in ANSWERS])
def test_a_response_counts_when_the_issuer_or_its_delegate_has_signed_it_for_now(p, run, what, responses, fault):
    files = {f"ocsp{i}": r for i, r in enumerate(responses(p))}
    code, answer = run("verify", files)
    assert [f["code"] for f in answer["faults"]] == ([fault] if fault else []), answer
    assert code == (1 if fault else 0)
    code, answer = run("inspect", files)
    assert {f["code"]: f["severity"] for f in answer["findings"]} == ({fault: "error" if fault == "revoked" else "warning"} if fault else {})
    assert code == (1 if fault == "revoked" else 0)


def list_of(p, *reasons, delta=None, number=5):
    """The issuer's list with one entry about the leaf for each reason."""
    b = x509.CertificateRevocationListBuilder().issuer_name(p.ca.x.subject).last_update(NOW - DAY).next_update(NOW + DAY)
    b = b.add_extension(x509.CRLNumber(number), critical=False)
    b = b.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(p.ca.key.public_key()), critical=False)
    if delta:
        b = b.add_extension(x509.DeltaCRLIndicator(delta), critical=True)
    for reason in reasons:
        entry = x509.RevokedCertificateBuilder().serial_number(p.leaf.x.serial_number).revocation_date(NOW - DAY)
        b = b.add_revoked_certificate(entry.add_extension(x509.CRLReason(x509.ReasonFlags[reason]), critical=False).build())
    return b.sign(p.ca.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


# RFC 5280 5.3.1: a delta takes off a complete list what was on hold, and nothing else does
ENTRIES = [
    (["key_compromise", "remove_from_crl"], [], "revoked"),
    (["certificate_hold", "remove_from_crl"], [], "revoked"),
    (["remove_from_crl", "key_compromise"], [], "revoked"),
    (["certificate_hold"], ["remove_from_crl"], None),
    (["key_compromise"], ["remove_from_crl"], "revoked"),
    ([], ["certificate_hold", "remove_from_crl"], None),
    ([], ["key_compromise", "remove_from_crl"], "revoked"),
]


@pytest.mark.parametrize("complete, delta, fault", ENTRIES)
def test_only_a_hold_is_taken_back_and_only_by_a_delta(p, run, complete, delta, fault):
    files = {"crls": list_of(p, *complete) + (list_of(p, *delta, delta=5, number=6) if delta else "")}
    code, answer = run("verify", files)
    assert [f["code"] for f in answer["faults"]] == ([fault] if fault else []), answer
    assert code == (1 if fault else 0)


def test_lists_and_responses_add_up_and_revoked_wins(p, run):
    good, bad = p.ca.crl_pem(p.other), p.ca.crl_pem(p.leaf)
    for crl, response, fault in ((good, "UNKNOWN", []), (good, "REVOKED", ["revoked"]), (bad, "GOOD", ["revoked"]), (good, "GOOD", [])):
        _, answer = run("verify", {"crls": crl, "ocsp": p.response(status=response)})
        assert [f["code"] for f in answer["faults"]] == fault, (response, answer)


def a_list(by, number, *entries, delta=None, idp=None):
    """A list of the issuer; entries: (certificate, reason or None)."""
    b = x509.CertificateRevocationListBuilder().issuer_name(by.x.subject).last_update(NOW - DAY).next_update(NOW + 7 * DAY)
    b = b.add_extension(x509.CRLNumber(number), critical=False)
    b = b.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
    if delta is not None:
        b = b.add_extension(x509.DeltaCRLIndicator(delta), critical=True)
    if idp:
        b = b.add_extension(idp, critical=True)
    for c, reason in entries:
        e = x509.RevokedCertificateBuilder().serial_number(c.x.serial_number).revocation_date(NOW - DAY)
        b = b.add_revoked_certificate((e.add_extension(x509.CRLReason(reason), critical=False) if reason else e).build())
    return b.sign(by.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def test_the_order_of_lists_does_not_decide(p, run):
    scope = x509.IssuingDistributionPoint(None, None, True, False, None, False, False)
    for old in (a_list(p.ca, 1), a_list(p.ca, 1, idp=scope), a_list(p.ca, 9)):
        new = a_list(p.ca, 2, (p.leaf, None))
        for lists in (old + new, new + old):
            _, answer = run("verify", {"crls": lists})
            assert [f["code"] for f in answer["faults"]] == ["revoked"], answer
            _, answer = run("inspect", {"leaf": p.leaf.pem + p.ca.pem + lists})
            assert "revoked" in [f["code"] for f in answer["findings"]], answer


def test_of_all_lists_in_a_file_revoked_wins_then_good(p, tmp_path):
    foreign, good, bad = a_list(p.root, 1), a_list(p.ca, 1), a_list(p.ca, 2, (p.leaf, None))
    (tmp_path / "leaf").write_text(p.leaf.pem)
    (tmp_path / "issuer").write_text(p.ca.pem)
    for lists, word in (((foreign,), "unknown"), ((foreign, good), "good"), ((good, foreign), "good"), ((good, bad), "revoked"),
                        ((foreign, bad, good), "revoked"), ((good, a_list(p.ca, 2, (p.leaf, None), delta=1)), "revoked"),
                        ((a_list(p.ca, 2, delta=1),), "unknown")):
        (tmp_path / "crl").write_text("".join(lists))
        r = subprocess.run([signet.program("signet"), "crl-check", "--leaf", "leaf", "--issuer", "issuer", "--crl", "crl"], cwd=tmp_path,
                           stdout=subprocess.PIPE, text=True)
        assert (r.stdout.split("\n")[0], r.returncode) == (word, 0 if word == "good" else 1), lists


def test_a_delta_takes_off_what_was_on_hold_and_nothing_else(p, run):
    gone = x509.ReasonFlags.remove_from_crl
    for reason, codes in ((x509.ReasonFlags.certificate_hold, []), (x509.ReasonFlags.key_compromise, ["revoked"]), (None, ["revoked"])):
        _, answer = run("verify", {"crls": a_list(p.ca, 5, (p.leaf, reason)) + a_list(p.ca, 6, (p.leaf, gone), delta=5)})
        assert [f["code"] for f in answer["faults"]] == codes, (reason, answer)
    _, answer = run("verify", {"crls": a_list(p.ca, 5) + a_list(p.ca, 6, (p.leaf, None), delta=5)})
    assert [f["code"] for f in answer["faults"]] == ["revoked"]


def test_a_revoked_delegate_is_not_believed(p, run):
    _, answer = run("verify", {"crls": p.ca.crl_pem(p.responder), "leaf": p.leaf.pem + p.ca.pem, "ocsp": by(p, p.responder, status="REVOKED")})
    assert answer["ok"], answer


def test_every_certificate_may_be_asked_for(p, run):
    leaf, ca = p.response(), p.response(of=p.ca, issuer=p.root)
    code, answer = run("verify", {"ocsp0": leaf}, "--check-all-crls")
    assert (code, [(f["code"], f["certificate"]) for f in answer["faults"]]) == (1, [("status_unknown", 1)])
    assert run("verify", {"ocsp0": leaf, "ocsp1": ca}, "--check-all-crls")[0] == 0
    _, answer = run("verify", {"ocsp0": leaf, "ocsp1": p.response(of=p.ca, issuer=p.root, status="REVOKED")})
    assert [(f["code"], f["certificate"]) for f in answer["faults"]] == [("revoked", 1)]


def test_each_status_is_shown_and_asked_for_on_demand(p, run):
    _, answer = run("inspect", {"ocsp": p.response()})
    assert [c["status"] for c in answer["chain"]] == ["good", "unknown", None] and not answer["findings"], answer
    _, answer = run("inspect", {"ocsp": p.response()}, "--status")
    assert [(f["code"], f["certificate"], f["found"]) for f in answer["findings"]] == [
        ("status_unknown", 1, "it names no address of a revocation list or OCSP responder")]
    _, answer = run("inspect", {"ocsp": p.response(at=-6, days=3)}, "--status")
    assert {f["certificate"] for f in answer["findings"] if f["code"] == "status_unknown"} == {0, 1}
    _, answer = run("inspect", {}, "--status")
    assert [c["status"] for c in answer["chain"]] == ["unknown", "unknown", None]
    # who lives for days needs no address
    brief = Cert(WWW, p.ca, days=6)
    _, answer = run("inspect", {"leaf": brief.pem + p.ca.pem}, "--status")
    assert {f["certificate"] for f in answer["findings"] if f["code"] == "status_unknown"} == {1}


@pytest.mark.parametrize("answer", [b"<html>", ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
    serialization.Encoding.DER)], ids=["no response", "try later"])
def test_an_address_without_an_answer_is_named(p, run, tmp_path, answer):
    url = "http://ocsp.example"
    access = x509.AccessDescription(x509.AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(url))
    leaf = Cert(WWW, p.ca)
    b = x509.CertificateBuilder(leaf.x.issuer, leaf.x.subject, leaf.key.public_key(), 9, leaf.x.not_valid_before, leaf.x.not_valid_after,
                                list(leaf.x.extensions))
    x = b.add_extension(x509.AuthorityInformationAccess([access]), critical=False).sign(p.ca.key, hashes.SHA256())
    (tmp_path / "http:").mkdir()
    (tmp_path / "http:" / "ocsp.example").write_bytes(answer)
    pem = x.public_bytes(serialization.Encoding.PEM).decode()
    _, found = run("inspect", {"leaf": pem + p.ca.pem}, "--status", "--ocsp", url)
    texts = {f["certificate"]: f["found"] for f in found["findings"] if f["code"] == "status_unknown"}
    assert texts[0] == f"no answer, or none that tells anything, of {url}" and "no address" in texts[1]


def test_a_list_without_number_and_key_identifier_is_enough_for_a_check(p, run):
    b = x509.CertificateRevocationListBuilder().issuer_name(p.ca.x.subject).last_update(NOW - DAY).next_update(NOW + DAY)
    b = b.add_revoked_certificate(x509.RevokedCertificateBuilder().serial_number(p.leaf.x.serial_number).revocation_date(NOW - DAY).build())
    b = b.add_extension(x509.CRLNumber(1), critical=False)
    crl = b.sign(p.ca.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    _, answer = run("inspect", {"leaf": p.leaf.pem + p.ca.pem + crl})
    assert [f["code"] for f in answer["findings"]] == ["revoked"]


def test_a_response_is_judged_without_the_certificate_it_speaks_of(p, tmp_path):
    (tmp_path / "issuer").write_text(p.ca.pem)
    for status in ("GOOD", "REVOKED", "UNKNOWN"):
        (tmp_path / "answer").write_bytes(by(p, p.responder, status=status))
        r = subprocess.run([signet.program("signet"), "ocsp-check", "--issuer", "issuer", "--response", "answer"], cwd=tmp_path,
                           stdout=subprocess.PIPE, text=True)
        assert (r.stdout.split()[0], r.returncode) == (status.lower(), 0 if status == "GOOD" else 1)
