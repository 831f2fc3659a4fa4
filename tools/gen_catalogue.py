#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""policy/catalogue.def -> a C table of products and advice. Whatever is unknown, missing or doubled ends the build."""
import json
import re
import sys

TYPES, KINDS = ["DV", "OV", "EV"], ["single", "multi", "wildcard", "hybrid"]
KEYS = ["RSA_2048", "RSA_3072", "RSA_4096", "EC_P256", "EC_P384", "SM2"]
FLAGS = ["test", "ip", "professional", "internal", "unsold"]
MONTHS = ["6", "12", "24", "36"]


def die(where, what):
    sys.exit(f"{where}: {what}")


def subset(where, text, known):
    """Words of a cell; "-" is none."""
    words = [] if text == "-" else text.split()
    for w in words:
        if w not in known:
            die(where, f'"{w}" is none of {" ".join(known)}')
    return words


def number(where, text, low, high):
    if not re.fullmatch(r"0|[1-9][0-9]*", text) or not low <= int(text) <= high:
        die(where, f'"{text}" is no number from {low} to {high}')
    return int(text)


def rows(path):
    with open(path, encoding="utf-8") as f:
        for n, line in enumerate(f, 1):
            line = line.strip()
            if line and not line.startswith("#"):
                word, _, rest = line.partition(" ")
                yield f"{path}:{n}", word, [c.strip() for c in rest.split(" | ")]


def product(where, brand, cells):
    if len(cells) != 9 or not brand:
        die(where, "a product has nine cells and stands below its brand")
    code, kind_of, kind, price, names, months, profile, flags, text = cells
    if not re.fullmatch(r"[a-z0-9-]{1,64}", code):
        die(where, f'"{code}" is no code of small letters, digits and hyphens')
    flags = subset(where, flags, FLAGS)
    if kind_of not in TYPES or kind not in KINDS or not subset(where, months, MONTHS):
        die(where, "type, kind or months are none")
    if kind == "hybrid" and "unsold" not in flags:
        die(where, "a hybrid product is not for sale")
    fields = {"code": code, "brand": brand[1], "type": TYPES.index(kind_of), "kind": KINDS.index(kind),
              "algorithms": brand[3], "price_year": number(where, price, 0, 10**9), "currency": "CNY",
              "names_max": number(where, names, 1, 1000), "months": months, "rank": number(where, brand[2], 1, 99),
              "test": "test" in flags, "ip": "ip" in flags, "professional": "professional" in flags,
              "internal": "internal" in flags, "sold": "unsold" not in flags, "profile": profile, "guidance": text}
    return fields


def c_value(v):
    if isinstance(v, str):
        return f"{{{json.dumps(v)}, {len(v.encode())}}}"
    return str(int(v))


def advice(where, brands, cells):
    if len(cells) != 6 or not re.fullmatch(r"[a-z_]+", cells[0]):
        die(where, "advice has six cells: purpose | types | kinds | brands | flags | reason")
    types = subset(where, cells[1], TYPES) or TYPES
    kinds = subset(where, cells[2], KINDS) or KINDS
    names = [brands[b][1] for b in subset(where, cells[3], brands)]
    flags = subset(where, cells[4], FLAGS[:3])
    mask = (sum(1 << TYPES.index(t) for t in types), sum(1 << KINDS.index(k) for k in kinds),
            sum(1 << FLAGS.index(f) for f in flags))
    # names of brands, each ended by a line feed
    return f"\t{{{json.dumps(cells[0])}, {mask[0]}, {mask[1]}, {mask[2]}, " \
           f"{json.dumps(''.join(n + chr(10) for n in names))}, {json.dumps(cells[5])}}},"


def main(path, out_path):
    brands, products, advices, now = {}, {}, [], None
    for where, word, cells in rows(path):
        if word == "brand" and len(cells) == 4 and cells[0] not in brands:
            subset(where, cells[3], KEYS)
            now = brands[cells[0]] = cells
        elif word == "product" and cells[0] not in products:
            products[cells[0]] = product(where, now, cells)
        elif word == "advice":
            advices.append(advice(where, brands, cells))
        else:
            die(where, f"{word}: unknown, doubled or with the wrong number of cells")
    out = ["/* Generated from policy/catalogue.def. */", '#include "service/catalogue.h"', "",
           "const struct in_product_put catalogue_products[] = {"]
    for p in products.values():
        out.append("\t{" + ", ".join(f".{k} = {c_value(v)}" for k, v in p.items()) + "},")
    out += ["};", f"const size_t catalogue_n_products = {len(products)};", "const struct advice_row catalogue_advice[] = {",
            *advices, "};", f"const size_t catalogue_n_advice = {len(advices)};", ""]
    with open(out_path, "w", encoding="utf-8") as f:
        f.write("\n".join(out))


main(*sys.argv[1:])
