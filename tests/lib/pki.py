# SPDX-License-Identifier: Apache-2.0
"""Certificates of others for tests: small hierarchies with one thing wrong, by another implementation."""
import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
DAY = datetime.timedelta(days=1)


def name(cn):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)] if cn else [])


class Cert:
    """A certificate with its key; issuer None signs itself."""

    def __init__(self, cn, issuer=None, *, ca=False, key=None, names=(), start=-1, days=60, sha1=False, path_length=None,
                 eku=(ExtendedKeyUsageOID.SERVER_AUTH,), sign_certs=True, signer=None, permitted=(), extra=()):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.issuer = issuer
        by = issuer or self
        b = x509.CertificateBuilder().subject_name(name(cn)).issuer_name(by.x.subject if issuer else name(cn))
        b = b.public_key(self.key.public_key()).serial_number(x509.random_serial_number())
        b = b.not_valid_before(NOW + start * DAY).not_valid_after(NOW + (start + days) * DAY)
        b = b.add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        b = b.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
        b = b.add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
        b = b.add_extension(x509.KeyUsage(not ca, False, False, False, False, ca and sign_certs, ca, False, False), critical=True)
        if permitted:
            b = b.add_extension(x509.NameConstraints([x509.DNSName(n) for n in permitted], None), critical=True)
        if not ca:
            if eku:
                b = b.add_extension(x509.ExtendedKeyUsage(eku), critical=False)
            b = b.add_extension(x509.SubjectAlternativeName([general(n) for n in names or (cn,)]), critical=False)
        for extension in extra:
            b = b.add_extension(extension, critical=False)
        sign_by = (signer or by).key
        self.x = b.sign(sign_by, None if isinstance(sign_by, ed25519.Ed25519PrivateKey) else hashes.SHA256())
        if sha1:
            self.x = with_sha1(self.x, sign_by)

    @property
    def pem(self):
        return self.x.public_bytes(serialization.Encoding.PEM).decode()

    def key_pem(self, password=None):
        how = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how).decode()

    def csr_pem(self):
        b = x509.CertificateSigningRequestBuilder().subject_name(self.x.subject)
        return b.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    def public_pem(self):
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    def crl_pem(self, *revoked):
        b = x509.CertificateRevocationListBuilder().issuer_name(self.x.subject).last_update(NOW - DAY).next_update(NOW + 7 * DAY)
        b = b.add_extension(x509.CRLNumber(1), critical=False)
        b = b.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        for c in revoked:
            b = b.add_revoked_certificate(x509.RevokedCertificateBuilder().serial_number(c.x.serial_number).revocation_date(NOW - DAY).build())
        return b.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def with_sha1(cert, key):
    """The same signed with sha1WithRSAEncryption, which newer libraries do not sign certificates with any more."""
    sha256, old = bytes.fromhex("06092a864886f70d01010b"), bytes.fromhex("06092a864886f70d010105")
    tbs = cert.tbs_certificate_bytes.replace(sha256, old)
    der = cert.public_bytes(serialization.Encoding.DER).replace(cert.tbs_certificate_bytes, tbs).replace(sha256, old)
    return x509.load_der_x509_certificate(der.replace(cert.signature, key.sign(tbs, padding.PKCS1v15(), hashes.SHA1())))


def general(text):
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def rsa_key(bits=2048):
    return rsa.generate_private_key(65537, bits)
