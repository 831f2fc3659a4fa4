# SPDX-License-Identifier: Apache-2.0
"""As much DER as tests need to look at what was signed."""


def cut(der):
    """(tag, header length, whole length) of the first value."""
    n, at = der[1], 2
    if n & 0x80:
        k = n & 0x7F
        n, at = int.from_bytes(der[2:2 + k], "big"), 2 + k
    return der[0], at, at + n


def parts(der):
    """The values inside the first value, each whole."""
    _, at, end = cut(der)
    out = []
    while at < end:
        _, _, n = cut(der[at:])
        out.append(der[at:at + n])
        at += n
    return out


def content(der):
    _, at, end = cut(der)
    return der[at:end]


def signed(der):
    """(what is signed, the signature) of a certificate, list, request or basic OCSP response."""
    tbs, _, signature = parts(der)[:3]
    return tbs, content(signature)[1:]


def basic_response(ocsp):
    """The BasicOCSPResponse of an OCSPResponse (RFC 6960 4.2.1)."""
    return content(parts(parts(parts(ocsp)[1])[0])[1])


def spki(certificate):
    fields = parts(parts(certificate)[0])
    return fields[6 if fields[0][0] == 0xA0 else 5]
