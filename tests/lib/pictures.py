# SPDX-License-Identifier: Apache-2.0
"""Small files of the kinds that people attach: made here, whole, and of any size wanted."""
import base64
import os
import struct
import zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(size=0, side=2):
    """A grey picture; `size`: of so many bytes in all, filled up with a private chunk."""
    rows = b"".join(b"\0" + b"\x80" * side for _ in range(side))
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    tail = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    if size:
        head += chunk(b"fiLl", os.urandom(size - len(head) - len(tail) - 12))
    return head + tail


# 1 x 1, baseline, grey: SOI, DQT, SOF0, two DHT, SOS, EOI
JPEG = base64.b64decode(
    "/9j/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QA"
    "FAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TEXT = "Guten Tag, 您好\n".encode()
