#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""policy/{schedule,profiles,hierarchies,bounds}.def -> C tables. Whatever is unknown, missing or out of order ends the build."""
import datetime
import re
import sys

UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "months": 1, "count": 1}
KEY_USAGES = {
    "digitalSignature": "KU_DIGITAL_SIGNATURE", "nonRepudiation": "KU_NON_REPUDIATION",
    "keyEncipherment": "KU_KEY_ENCIPHERMENT", "dataEncipherment": "KU_DATA_ENCIPHERMENT",
    "keyAgreement": "KU_KEY_AGREEMENT", "keyCertSign": "KU_CERT_SIGN", "cRLSign": "KU_CRL_SIGN",
}
USES = {"root": "PROFILE_ROOT", "intermediate": "PROFILE_INTERMEDIATE", "tls": "PROFILE_TLS",
        "sm2-sign": "PROFILE_SM2_SIGN", "sm2-enc": "PROFILE_SM2_ENC"}
KEYS = ["RSA_2048", "RSA_3072", "RSA_4096", "EC_P256", "EC_P384", "SM2"]
PROFILE_KEYS = ["use", "rules", "names", "key-usage-rsa", "key-usage-ec", "key-usage-sm2", "eku", "policies",
                "policies-org", "common-name", "ocsp", "ca-issuers", "cdp", "ski", "validity-max", "validity", "path-len"]
HIERARCHY_KEYS = ["family", "parent", "key", "profile", "c", "o", "cn", "validity", "shards", "limit-ca",
                  "limit-leaves", "limit-any-name", "limit-validity", "limit-key-usage"]


class Fault(Exception):
    pass


def lines(path):
    with open(path, encoding="utf-8") as f:
        for n, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield f"{path}:{n}", line


def quote(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one_of(where, value, known):
    if value not in known:
        raise Fault(f'{where}: "{value}" is none of {", ".join(known)}')
    return value


def number(where, value, low, high):
    if not re.fullmatch(r"0|[1-9][0-9]*", value) or not low <= int(value) <= high:
        raise Fault(f'{where}: "{value}" is no number from {low} to {high}')
    return int(value)


# -- schedule

def from_ms(where, text):
    if text == "-":
        return None
    try:
        day = datetime.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        raise Fault(f'{where}: "{text}" is no date like 2026-03-15, nor "-"') from None
    return int(day.timestamp()) * 1000


def read_schedule(path):
    rows = []
    for where, line in lines(path):
        cells = [c.strip() for c in line.split(" | ")]
        if len(cells) != 5 or not all(cells):
            raise Fault(f"{where}: a row has five cells: name | from | value | unit | source")
        name, date, value, unit, source = cells
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            raise Fault(f'{where}: "{name}" is no row name')
        one_of(where, unit, UNITS)
        at = from_ms(where, date)
        last = rows[-1] if rows and rows[-1]["name"] == name else None
        if last is None and any(r["name"] == name for r in rows):
            raise Fault(f'{where}: the rows of "{name}" do not stand together')
        if (last is None) != (at is None):
            raise Fault(f'{where}: the first row of "{name}", and it alone, is from "-"')
        if last and last["unit"] != unit:
            raise Fault(f'{where}: "{name}" changes its unit')
        if last and last["from"] is not None and last["from"] >= at:
            raise Fault(f'{where}: the rows of "{name}" are not in order of time')
        rows.append({"name": name, "from": at, "value": number(where, value, 0, 10**9) * UNITS[unit], "unit": unit,
                     "text": f"{value} {unit}" if unit != "count" else value, "source": source})
    return rows


# -- bounds: which rows an operator may change

RULES = {"down": "POLICY_DOWN", "up": "POLICY_UP", "free": "POLICY_FREE"}


def read_bounds(path, schedule):
    units = {r["name"]: UNITS[r["unit"]] for r in schedule}
    out = []
    for where, line in lines(path):
        cells = [c.strip() for c in line.split(" | ")]
        if len(cells) != 4:
            raise Fault(f"{where}: a row has four cells: name | rule | least | most")
        name, rule, least, most = cells
        one_of(where, name, units)
        one_of(where, rule, RULES)
        if any(b["name"] == name for b in out):
            raise Fault(f'{where}: "{name}" stands twice')
        low = number(where, least, 0, 10**9) * units[name]
        high = number(where, most, 0, 10**9) * units[name]
        for r in schedule:
            if r["name"] == name and not low <= r["value"] <= high:
                raise Fault(f'{where}: {r["text"]} of the schedule is not within them')
        out.append({"name": name, "rule": RULES[rule], "least": low, "most": high})
    return out


# -- blocks of "key value" lines

def read_blocks(path, word, fields, keys):
    blocks = []
    for where, line in lines(path):
        key, _, value = line.partition(" ")
        value = value.strip()
        if not value:
            raise Fault(f'{where}: "{key}" has no value')
        if key == word:
            head = value.split()
            if len(head) != fields:
                raise Fault(f'{where}: "{word}" takes {fields} word(s)')
            blocks.append({"where": where, "head": head})
            continue
        if not blocks or key not in keys:
            raise Fault(f'{where}: "{key}" is not known')
        if key in blocks[-1]:
            raise Fault(f'{where}: "{key}" stands twice')
        blocks[-1][key] = value
    for b in blocks:
        check_complete(b, keys)
    return blocks


def check_complete(block, keys):
    missing = [k for k in keys if k not in block]
    if missing:
        raise Fault(f'{block["where"]}: {", ".join(missing)} missing')


def yes_no(b, key):
    return "true" if one_of(f'{b["where"]}: {key}', b[key], ["yes", "no"]) == "yes" else "false"


def key_usage(b, key):
    if b[key] == "-":
        return "0"
    return " | ".join(KEY_USAGES[one_of(f'{b["where"]}: {key}', w, KEY_USAGES)] for w in b[key].split())


def oid_der(where, dotted):
    if not re.fullmatch(r"[012](\.(0|[1-9][0-9]*)){1,15}", dotted):
        raise Fault(f'{where}: "{dotted}" is no OID')
    arcs = [int(a) for a in dotted.split(".")]
    if (arcs[0] < 2 and arcs[1] > 39) or max(arcs) >= 2**31:
        raise Fault(f'{where}: "{dotted}" is no OID that every reader takes')
    out = b""
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        part = [arc & 0x7f]
        while arc > 0x7f:
            arc >>= 7
            part.append(0x80 | (arc & 0x7f))
        out += bytes(reversed(part))
    return tlv(0x06, out)


def tlv(tag, body):
    if len(body) >= 128:
        raise Fault("an extension of more than 127 octets")
    return bytes([tag, len(body)]) + body


def oids(b, key):
    if b[key] == "-":
        return []
    out = b[key].split()
    if len(out) > 3:
        raise Fault(f'{b["where"]}: {key} has more than three OIDs')
    return out


def c_bytes(data):
    """A struct blob of constant bytes."""
    if not data:
        return "{NULL, 0}"
    return '{(const uint8_t *)"' + "".join(f"\\x{o:02x}" for o in data) + f'", {len(data)}}}'


def c_oids(values):
    return "{" + ", ".join(quote(v) for v in values) + ("" if values else "NULL") + "}"


def ext_of(b, key, wrap):
    values = oids(b, key)
    return tlv(0x30, b"".join(wrap(oid_der(b["where"], v)) for v in values)) if values else b""


# -- profiles

def profile_row(b, schedule):
    where, (name, version) = b["where"], b["head"]
    use = one_of(f"{where}: use", b["use"], USES)
    ca = use in ("root", "intermediate")
    names = one_of(f"{where}: names", b["names"], ["public", "any", "none"])
    if ca != (names == "none"):
        raise Fault(f"{where}: names: CAs have none, and they alone")
    if not ca and b["path-len"] != "-":
        raise Fault(f"{where}: path-len is for CAs")
    for key in ("validity-max", "validity"):
        one_of(f"{where}: {key}", b[key], schedule)
    path_len = "PROFILE_NO_PATH_LEN" if b["path-len"] == "-" else number(f"{where}: path-len", b["path-len"], 0, 9)
    rules = one_of(f"{where}: rules", b["rules"], ["public", "private"])
    cells = {
        "name": quote(name), "version": number(where, version, 1, 9999), "use": USES[use],
        "public_rules": "true" if rules == "public" else "false",
        "key_usage_rsa": key_usage(b, "key-usage-rsa"), "key_usage_ec": key_usage(b, "key-usage-ec"),
        "key_usage_sm2": key_usage(b, "key-usage-sm2"),
        "eku": c_oids(oids(b, "eku")), "policies": c_oids(oids(b, "policies")),
        "policies_org": c_oids(oids(b, "policies-org")),
        "common_name": yes_no(b, "common-name"), "ocsp": yes_no(b, "ocsp"), "ca_issuers": yes_no(b, "ca-issuers"), "cdp": yes_no(b, "cdp"),
        "ski": yes_no(b, "ski"),
        "validity_policy": quote(b["validity-max"]), "default_validity_policy": quote(b["validity"]),
        "any_name": "true" if names == "any" else "false", "path_len": path_len,
        "eku_der": c_bytes(ext_of(b, "eku", lambda o: o)),
        "policies_der": c_bytes(ext_of(b, "policies", lambda o: tlv(0x30, o))),
        "policies_org_der": c_bytes(ext_of(b, "policies-org", lambda o: tlv(0x30, o))),
    }
    return "\t{" + ",\n\t\t".join(f".{k} = {v}" for k, v in cells.items()) + "},"


def profile_table(blocks, schedule):
    seen = {}
    for b in blocks:
        name, version = b["head"]
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", name):
            raise Fault(f'{b["where"]}: "{name}" is no profile name')
        if int(version) != seen.get(name, 0) + 1:
            raise Fault(f'{b["where"]}: the next version of "{name}" is {seen.get(name, 0) + 1}')
        seen[name] = int(version)
    return [profile_row(b, schedule) for b in blocks]


# -- hierarchies

def hierarchy_row(b, issuers, profiles):
    where, name = b["where"], b["head"][0]
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name) or name in issuers:
        raise Fault(f'{where}: "{name}" is no issuer name, or stands twice')
    root = b["parent"] == "-"
    if not root:
        one_of(f"{where}: parent", b["parent"], issuers)
    one_of(f"{where}: profile", b["profile"], profiles)
    if root != (profiles[b["profile"]] == "root"):
        raise Fault(f"{where}: a root has a root's profile and no parent")
    if not re.fullmatch(r"[A-Z]{2}", b["c"]) or len(b["o"]) > 64 or len(b["cn"]) > 64:
        raise Fault(f"{where}: c is two capitals, o and cn are at most 64 characters (RFC 5280, A.1)")
    day = UNITS["d"]
    cells = {
        "name": quote(name), "family": quote(one_of(f"{where}: family", b["family"], ["rsa", "ecdsa", "sm2"])),
        "parent": "NULL" if root else quote(b["parent"]),
        "alg": "KEY_" + one_of(f"{where}: key", b["key"], KEYS), "profile": quote(b["profile"]),
        "c": quote(b["c"]), "o": quote(b["o"]), "cn": quote(b["cn"]),
        "validity_ms": f'INT64_C({number(where, b["validity"], 1, 9999) * day})',
        "shards": number(where, b["shards"], 1, 65536),
        "limits": "{" + ", ".join([
            f'.ca = {yes_no(b, "limit-ca")}', f'.leaves = {yes_no(b, "limit-leaves")}',
            f'.max_validity_ms = INT64_C({number(where, b["limit-validity"], 1, 9999) * day})',
            f'.key_usages = {key_usage(b, "limit-key-usage")}', f'.any_name = {yes_no(b, "limit-any-name")}']) + "}",
    }
    issuers.append(name)
    return "\t{" + ",\n\t\t".join(f".{k} = {v}" for k, v in cells.items()) + "},"


def c_file(schedule, bounds, profiles, hierarchies):
    out = ["/* Generated from the files in policy/. */", '#include "ca/profile_priv.h"', "",
           "const struct policy_row policy_table[] = {"]
    for r in schedule:
        at = "INT64_MIN" if r["from"] is None else f'INT64_C({r["from"]})'
        unit = r["unit"] if r["unit"] in ("months", "count") else "ms"
        out.append(f'\t{{{quote(r["name"])}, {quote(unit)}, {quote(r["source"])}, {at}, INT64_C({r["value"]}), '
                   f'{quote(r["text"])}}},')
    out += ["};", "const unsigned policy_count = sizeof(policy_table) / sizeof(policy_table[0]);", "",
            "const struct policy_bounds policy_bounds_table[] = {"]
    for b in bounds:
        out.append(f'\t{{{quote(b["name"])}, {b["rule"]}, INT64_C({b["least"]}), INT64_C({b["most"]})}},')
    out += ["};", "const unsigned policy_bounds_count = sizeof(policy_bounds_table) / sizeof(policy_bounds_table[0]);", "",
            "const struct profile profile_table[] = {", *profiles, "};",
            "const unsigned profile_count = sizeof(profile_table) / sizeof(profile_table[0]);", "",
            "const struct hierarchy_row hierarchy_table[] = {", *hierarchies, "};",
            "const unsigned hierarchy_count = sizeof(hierarchy_table) / sizeof(hierarchy_table[0]);", ""]
    return "\n".join(out)


def main():
    schedule_path, profiles_path, hierarchies_path, bounds_path, dst = sys.argv[1:6]
    try:
        schedule = read_schedule(schedule_path)
        blocks = read_blocks(profiles_path, "profile", 2, PROFILE_KEYS)
        profiles = profile_table(blocks, {r["name"] for r in schedule})
        uses = {b["head"][0]: b["use"] for b in blocks}
        issuers = []
        hierarchies = [hierarchy_row(b, issuers, uses)
                       for b in read_blocks(hierarchies_path, "issuer", 1, HIERARCHY_KEYS)]
        text = c_file(schedule, read_bounds(bounds_path, schedule), profiles, hierarchies)
    except Fault as f:
        sys.exit(f"gen_profiles: {f}")
    with open(dst, "w", encoding="utf-8") as f:
        f.write(text)


main()
