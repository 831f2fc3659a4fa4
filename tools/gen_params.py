#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""params.def -> table (params_table.c), docs/operate/parameters.md."""
import sys

KINDS = "text path url db server file names port nets listen flag role perspectives mail address base level".split()
COUNTS = {"caa_identities": "n_caa_identities", "validation_allow": "n_validation_allow", "webhook_allow": "n_webhook_allow",
          "fetch_allow": "n_fetch_allow", "scan_allow": "n_scan_allow",
          "perspectives": "n_perspectives", "listen_https": "n_https", "listen_http": "n_http"}


def rows(path):
    out, seen = [], set()
    for n, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.split(" | ")]
        if len(cells) != 8:
            sys.exit(f"{path}:{n}: a row has eight cells")
        name, kind, _field, _default, _arg, secret, reload, text = cells
        if kind not in KINDS or {secret, reload} - {"yes", "no"} or not text or name in seen:
            sys.exit(f"{path}:{n}: unknown kind, secret or reload, no help, or a name that stands twice")
        seen.add(name)
        out.append(cells)
    return out


def quote(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table(params):
    out = ["/* Generated from params.def. */", '#include "daemon/config_priv.h"', "",
           "const struct param param_table[] = {"]
    for name, kind, field, default, arg, secret, reload, text in params:
        count = f"offsetof(struct config, {COUNTS[field]})" if field in COUNTS else "0"
        out.append(f"\t{{{quote(name)}, PARAM_{kind.upper()}, offsetof(struct config, {field}), {count},")
        out.append(f"\t\t{'NULL' if default == '-' else quote(default)}, {quote('' if arg == '-' else arg)}, "
                   f"{'true' if secret == 'yes' else 'false'}, {'true' if reload == 'yes' else 'false'}, {quote(text)}}},")
    out += ["};", f"const unsigned param_count = {len(params)};", ""]
    return "\n".join(out)


def markdown(params):
    out = ["# Parameters of signetd", "", "Generated from `src/daemon/params.def`. On the command line they are written `--NAME VALUE` or",
           "`--NAME=VALUE`; `--config FILE` names a file of lines `NAME = VALUE` (`#` begins a comment, a flag is `yes` or `no`).",
           "The command line goes before the file, the file before the default.", "",
           "SIGHUP to signetd (`systemctl reload`) reads the file of `--config` and the files that parameters name again. What the",
           "column *reload* says yes to is then used at once; what it says no to keeps its value until a restart, and the log names",
           "it (`config.needs_restart`). Where anything is wrong nothing changes, and the log says what, where and the cure",
           "(`config.refused`).", "",
           "| name | value | default | reload | meaning |", "| --- | --- | --- | --- | --- |"]
    for name, kind, _field, default, arg, _secret, reload, text in params:
        shown = "" if default == "-" or kind == "flag" else f"`{default}`"
        out.append(f"| `{name}` | {arg if arg != '-' else 'flag'} | {shown} | {reload} | {text} |")
    return "\n".join(out) + "\n"


def main():
    what, src, dst = sys.argv[1:4]
    text = {"--table": table, "--docs": markdown, "--check-docs": markdown}[what](rows(src))
    if what != "--check-docs":
        with open(dst, "w", encoding="utf-8") as f:
            f.write(text)
    elif open(dst, encoding="utf-8").read() != text:
        sys.exit(f"{dst} is out of step: tools/gen_params.py --docs {src} {dst}")


main()
