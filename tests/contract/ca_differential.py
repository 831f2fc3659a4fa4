#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each profile, built by src/ca and by another library's X.509 builder, byte for byte.

usage: ca_differential.py CA_TOOL --signet PROGRAM [--zlint PROGRAM]
"""
import argparse
import datetime
import ipaddress
import json
import os
import subprocess
import sys
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import (AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from catool import ISSUERS, NOW, STATUS, CaTool, Refused, serial, when  # noqa: E402

P256_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
SM2_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
P256_SIG = bytes.fromhex("300a06082a8648ce3d040302")
SM2_SIG = bytes.fromhex("300a06082a811ccf55018375")
HOUR, DAY, SECOND = datetime.timedelta(hours=1), datetime.timedelta(days=1), datetime.timedelta(seconds=1)
DV, OV, EV, ANY = "2.23.140.1.2.1", "2.23.140.1.2.2", "2.23.140.1.1", "2.5.29.32.0"
ORDER = [("jurisdiction_c", NameOID.JURISDICTION_COUNTRY_NAME),
         ("jurisdiction_st", NameOID.JURISDICTION_STATE_OR_PROVINCE_NAME),
         ("jurisdiction_l", NameOID.JURISDICTION_LOCALITY_NAME), ("business_category", NameOID.BUSINESS_CATEGORY),
         ("serial_number", NameOID.SERIAL_NUMBER), ("c", NameOID.COUNTRY_NAME),
         ("st", NameOID.STATE_OR_PROVINCE_NAME), ("l", NameOID.LOCALITY_NAME), ("o", NameOID.ORGANIZATION_NAME),
         ("ou", NameOID.ORGANIZATIONAL_UNIT_NAME), ("cn", NameOID.COMMON_NAME)]
USAGES = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
          "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]

# -- the other builder

def name(subject):
    return x509.Name([x509.NameAttribute(oid, subject[key]) for key, oid in ORDER if subject.get(key)])


def usage(*names):
    return x509.KeyUsage(**{u: u in names for u in USAGES})


def key_bits(spki):
    """The subjectPublicKey: what follows the AlgorithmIdentifier, without the BIT STRING's head."""
    if spki[:2] == b"\x30\x59":
        return spki[26:]
    if spki[:2] == b"\x30\x76":
        return spki[23:]
    return serialization.load_der_public_key(spki).public_bytes(serialization.Encoding.DER,
                                                                serialization.PublicFormat.PKCS1)


def key_id(spki):
    h = hashes.Hash(hashes.SHA1())
    h.update(key_bits(spki))
    return h.finalize()


STANDIN = {"rsa": rsa.generate_private_key(65537, 2048), "P-256": ec.generate_private_key(ec.SECP256R1()),
           "P-384": ec.generate_private_key(ec.SECP384R1())}


class Other:
    """The certificate as the other library writes it. SM2 it does not know: a P-256 key and signature of the same length
    stand in and are replaced in the bytes."""

    def __init__(self, issuer_name, issuer_spki, subject_name, spki, number, not_before, not_after):
        self.sm2_key, self.sm2_sig = spki.startswith(SM2_SPKI), issuer_spki.startswith(SM2_SPKI)
        self.spki, self.issuer_spki = spki, issuer_spki
        public = STANDIN["P-256"].public_key() if self.sm2_key else serialization.load_der_public_key(spki)
        self.standin_spki = public.public_bytes(serialization.Encoding.DER,
                                                serialization.PublicFormat.SubjectPublicKeyInfo)
        self.builder = (x509.CertificateBuilder().issuer_name(issuer_name).subject_name(subject_name)
                        .public_key(public).serial_number(int(number, 16))
                        .not_valid_before(not_before).not_valid_after(not_after))

    def add(self, ext, critical=False):
        self.builder = self.builder.add_extension(ext, critical)
        return self

    def add_key_ids(self, ski):
        self.add(x509.AuthorityKeyIdentifier(key_id(self.issuer_spki), None, None))
        if ski:
            self.add(x509.SubjectKeyIdentifier(key_id(self.spki)))
        return self

    def add_policy(self, oid):
        return self.add(x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier(oid), None)]))

    def add_addresses(self, issuer):
        uri = x509.UniformResourceIdentifier
        self.add(x509.CRLDistributionPoints(
            [x509.DistributionPoint([uri(f"{STATUS}/crl/{issuer}/0.crl")], None, None, None)]))
        return self.add(x509.AuthorityInformationAccess([
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, uri(f"{STATUS}/ocsp/{issuer}")),
            x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, uri(f"{STATUS}/aia/{issuer}.cer"))]))

    def tbs(self):
        if self.sm2_sig or self.issuer_spki.startswith(P256_SPKI):
            key, digest = STANDIN["P-256"], hashes.SHA256()
        elif self.issuer_spki[:2] == b"\x30\x76":
            key, digest = STANDIN["P-384"], hashes.SHA384()
        else:
            key, digest = STANDIN["rsa"], hashes.SHA256()
        tbs = self.builder.sign(key, digest).tbs_certificate_bytes
        if self.sm2_key:
            assert tbs.count(self.standin_spki) == 1 and len(self.standin_spki) == len(self.spki)
            tbs = tbs.replace(self.standin_spki, self.spki)
        if self.sm2_sig:
            assert tbs.count(P256_SIG) == 1
            tbs = tbs.replace(P256_SIG, SM2_SIG)
        return tbs


# -- comparing

class Comparison:
    def __init__(self, tool, zlint, signet):
        self.tool, self.zlint, self.signet = tool, zlint, signet
        self.issuer = {}
        self.done, self.faults = 0, []

    def same(self, what, ours, other):
        self.done += 1
        if ours == other:
            return
        at = next((i for i, (x, y) in enumerate(zip(ours, other)) if x != y), min(len(ours), len(other)))
        self.faults.append(f"{what}: differs at octet {at}: {ours[at - 4:at + 12].hex()} ours, {other[at - 4:at + 12].hex()}")

    def lint(self, what, cert, private):
        """zlint says nothing of what we issue but one of two contradicting opinions on subjectKeyIdentifier, and, of
        private names, that they are private."""
        if not self.zlint:
            return
        with tempfile.NamedTemporaryFile(suffix=".der") as f:
            f.write(cert)
            f.flush()
            out = subprocess.run([self.zlint, "-format", "der", "-includeSources", "RFC5280,CABF_BR,CABF_EV,Mozilla",
                                  f.name], check=True, stdout=subprocess.PIPE).stdout
        allowed = {"w_ext_subject_key_identifier_missing_sub_cert", "w_ext_subject_key_identifier_not_recommended_subscriber"}
        if private:
            allowed |= {"e_dnsname_not_valid_tld", "e_ext_san_contains_reserved_ip"}
        for lint, verdict in json.loads(out).items():
            if verdict["result"] in ("warn", "error", "fatal") and lint not in allowed:
                self.faults.append(f"{what}: zlint: {lint} {verdict}")

    def own_lint(self, what, cert, private):
        """Our own rules of the world find neither errors nor warnings in what we issue."""
        with tempfile.NamedTemporaryFile(suffix=".der") as f:
            f.write(cert)
            f.flush()
            out = subprocess.run([self.signet, "lint", "--json", *(["--private"] if private else []), f.name], check=False,
                                 stdout=subprocess.PIPE).stdout
        for found in json.loads(out)["findings"]:
            if found["severity"] != "notice":
                self.faults.append(f"{what}: {found['severity']} {found['rule']} ({found['source']}) {found['place']}")

    def crl(self, issuer, entry):
        der = self.tool.ask("crl", issuer=issuer, number=7, this_update=when(NOW), next_update=when(NOW + 7 * DAY),
                            entry=entry)["crl"]
        self.own_lint(f"list of {issuer}", der, False)

    def birth(self, issuer, row):
        born = self.tool.birth(issuer)
        cert = x509.load_der_x509_certificate(born["cert"]) if "sm2" not in issuer else None
        parent = self.issuer.get(row.get("parent"))
        number = serial_of(born["tbs"])
        subject = name({"c": "CN", "o": "Signet", "cn": row["cn"]})
        start = NOW - HOUR
        other = Other(parent["subject"] if parent else subject, parent["spki"] if parent else born["spki"], subject,
                      born["spki"], number, start, start + row["days"] * DAY - SECOND)
        other.add(x509.BasicConstraints(True, 0 if parent else None), True).add_key_ids(True)
        other.add(usage("digital_signature", "key_cert_sign", "crl_sign"), True)
        if parent:
            other.add_policy(ANY).add(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))
            other.add_addresses(row["parent"])
        self.same(issuer, born["tbs"], other.tbs())
        if cert:
            self.lint(issuer, born["cert"], False)
        self.own_lint(issuer, born["cert"], "sm2" in issuer)
        self.issuer[issuer] = {"subject": subject, "spki": born["spki"], "cert": born["cert"], "start": start}

    def leaf(self, what, issuer, profile, spki, subject, dns, ip=(), *, days, policy, uses, ski=False, staple=False,
             start=NOW - HOUR, period=None):
        number = serial(NOW)
        end = start + (period or days * DAY) - SECOND
        got = self.tool.ask("leaf", issuer=issuer, profile=profile, serial=number, not_before=when(start),
                            not_after=when(end), spki=spki.hex(), dns=list(dns), must_staple="yes" if staple else None,
                            ip=[ipaddress.ip_address(i).packed.hex() for i in ip], **subject)
        by = self.issuer[issuer]
        if not profile.startswith("sm2"):
            subject = {k: v for k, v in subject.items() if k != "cn"}
        other = Other(by["subject"], by["spki"], name(subject), spki, number, start, end).add_key_ids(ski)
        other.add(usage(*uses), True).add_policy(policy)
        other.add(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))
        other.add(x509.SubjectAlternativeName([x509.DNSName(d) for d in dns] +
                                              [x509.IPAddress(ipaddress.ip_address(i)) for i in ip]), not subject)
        other.add_addresses(issuer).add(x509.BasicConstraints(False, None), True)
        if staple:
            other.add(x509.TLSFeature([x509.TLSFeatureType.status_request]))
        self.same(what, got["tbs"], other.tbs())
        if "sm2" not in issuer:
            self.lint(what, got["cert"], profile == "private-tls")
        self.own_lint(what, got["cert"], "sm2" in issuer or profile == "private-tls")


def serial_of(tbs):
    """The serial of a to-be-signed: after SEQUENCE and version."""
    at = tbs.index(b"\xa0\x03\x02\x01\x02") + 5
    return tbs[at + 2:at + 2 + tbs[at + 1]].hex()


HIERARCHIES = {
    "rsa-root-1": {"cn": "Signet RSA Root 1", "days": 5479},
    "rsa-1": {"cn": "Signet RSA CA 1", "days": 3652, "parent": "rsa-root-1"},
    "ecdsa-root-1": {"cn": "Signet ECDSA Root 1", "days": 5479},
    "ecdsa-1": {"cn": "Signet ECDSA CA 1", "days": 3652, "parent": "ecdsa-root-1"},
    "sm2-root-1": {"cn": "Signet SM2 Root 1", "days": 5479},
    "sm2-1": {"cn": "Signet SM2 CA 1", "days": 3652, "parent": "sm2-root-1"},
}
OV_SUBJECT = {"c": "CN", "st": "浙江省", "l": "杭州市", "o": "示例有限公司", "cn": "www.example.com"}
EV_SUBJECT = {"jurisdiction_c": "CN", "business_category": "Private Organization", "serial_number": "91330100799655058B",
              "jurisdiction_st": "Zhejiang", "jurisdiction_l": "杭州市", "c": "CN", "st": "Zhejiang", "l": "Hangzhou",
              "o": "Example Co., Ltd.", "cn": "www.example.com"}
NAMES = ["www.example.com", "example.com", "*.example.com", "xn--fiq228c.example.com"]


def public_leaves(c, keys):
    for alg, key in keys.items():
        issuer = "rsa-1" if alg.startswith("RSA") else "ecdsa-1"
        uses = ["digital_signature", "key_encipherment"] if alg.startswith("RSA") else ["digital_signature"]
        spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        common = {"days": 199, "uses": uses}
        c.leaf(f"DV {alg}", issuer, "public-tls-dv", spki, {"cn": NAMES[0]}, NAMES, policy=DV, **common)
        c.leaf(f"DV {alg} without CN", issuer, "public-tls-dv", spki, {}, ["a" * 60 + ".example.com"], policy=DV, **common)
        c.leaf(f"OV {alg}", issuer, "public-tls-ov", spki, OV_SUBJECT, NAMES, policy=OV, **common)
        c.leaf(f"EV {alg}", issuer, "public-tls-ev", spki, EV_SUBJECT, NAMES[:2], policy=EV, staple=True, **common)
        c.leaf(f"DV {alg} with address", issuer, "public-tls-dv", spki, {"cn": "1.1.1.1"}, [], ["1.1.1.1", "2606:4700::1111"],
               policy=DV, **common)
        c.leaf(f"private {alg}", issuer, "private-tls", spki, {"cn": "intranet"}, ["intranet", "localhost"],
               ["127.0.0.1", "::1", "10.0.0.1"], policy=DV, days=825, uses=uses)
        c.leaf(f"private {alg} with organization", issuer, "private-tls", spki, dict(OV_SUBJECT, cn="a.corp.example.com"),
               ["a.corp.example.com"], policy=OV, days=366, uses=uses)
    many = [f"n{i}.example.com" for i in range(250)]
    spki = keys["EC_P256"].public_key().public_bytes(serialization.Encoding.DER,
                                                     serialization.PublicFormat.SubjectPublicKeyInfo)
    c.leaf("250 names", "ecdsa-1", "public-tls-dv", spki, {"cn": many[0]}, many, policy=DV, days=199,
           uses=["digital_signature"])
    c.leaf("one second", "ecdsa-1", "public-tls-dv", spki, {"cn": many[0]}, many[:1], policy=DV, days=0, period=SECOND,
           uses=["digital_signature"])


def sm2_leaves(c):
    """The key of any SM2 issuer will do as a subject's."""
    spki = c.issuer["sm2-root-1"]["spki"]
    pair = {"sm2-sign": ["digital_signature", "content_commitment"],
            "sm2-enc": ["key_encipherment", "data_encipherment", "key_agreement"]}
    for profile, uses in pair.items():
        c.leaf(f"{profile} DV", "sm2-1", profile, spki, {"cn": NAMES[0]}, NAMES, policy=DV, days=199, uses=uses, ski=True)
        c.leaf(f"{profile} OV", "sm2-1", profile, spki, OV_SUBJECT, NAMES, policy=OV, days=199, uses=uses, ski=True)
        c.leaf(f"{profile} EV", "sm2-1", profile + "-ev", spki, EV_SUBJECT, NAMES[:2], policy=EV, days=199, uses=uses,
               ski=True)


def refusals(c, keys):
    spki = keys["EC_P256"].public_key().public_bytes(serialization.Encoding.DER,
                                                     serialization.PublicFormat.SubjectPublicKeyInfo)
    good = {"issuer": "ecdsa-1", "profile": "public-tls-dv", "serial": serial(NOW), "not_before": when(NOW - HOUR),
            "not_after": when(NOW - HOUR + 200 * DAY - SECOND), "spki": spki.hex(), "cn": NAMES[0], "dns": NAMES, "ip": []}
    c.tool.ask("leaf", **good)
    for what, change, word in [
            ("a second more than 200 days", {"not_after": when(NOW - HOUR + 200 * DAY)}, "validity-max"),
            ("no name", {"dns": []}, "no name"),
            ("a single label", {"dns": NAMES + ["intranet"]}, "single label"),
            ("a private address", {"ip": ["0a000001"]}, "private addresses"),
            ("an organization in DV", {"o": "Example"}, "no organisation"),
            ("a subject without organization in OV", {"profile": "public-tls-ov"}, "only a subject with an organisation"),
            ("longer than the issuer", {"not_after": when(NOW + 4000 * DAY)}, "validity is not inside"),
            ("a key that the profile does not take", {"profile": "sm2-sign"}, "no key usage"),
            ("capitals", {"dns": NAMES + ["A.example.com"]}, "dns-lower-case"),
            ("an underscore", {"dns": NAMES + ["a_b.example.com"]}, "dns-syntax")]:
        c.done += 1
        try:
            c.tool.ask("leaf", **dict(good, **change))
            c.faults.append(f"{what}: was not refused")
        except Refused as r:
            if word not in str(r):
                c.faults.append(f"{what}: {r}")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("tool")
    args.add_argument("--zlint")
    args.add_argument("--signet", required=True)
    args = args.parse_args()
    tool = CaTool(args.tool)
    c = Comparison(tool, args.zlint, args.signet)
    keys = {"RSA_2048": rsa.generate_private_key(65537, 2048), "EC_P256": ec.generate_private_key(ec.SECP256R1()),
            "EC_P384": ec.generate_private_key(ec.SECP384R1())}
    for issuer in ISSUERS:
        c.birth(issuer, HIERARCHIES[issuer])
        c.crl(issuer, [])
        c.crl(issuer, [f"{serial(NOW)} {int(NOW.replace(tzinfo=datetime.timezone.utc).timestamp())} 4"])
    public_leaves(c, keys)
    sm2_leaves(c)
    refusals(c, keys)
    tool.close()
    for fault in c.faults:
        print(fault)
    print(f"{c.done} comparisons, {len(c.faults)} differ")
    sys.exit(1 if c.faults or c.done < 40 else 0)


main()
