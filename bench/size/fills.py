#!/usr/bin/env python3
"""What fills a shared library: its sections, then code and data by crate. fills.py LIBRARY [ARCHIVE...]

Run it in the workspace. The library must still have its symbols. The archives are those of the C sources in it (SQLite's, ring's), whose own
functions bear no common name. Generic code counts for the crate that it works on, the standard library's for `std`.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

KINDS = {
    ".text": "code",
    ".rodata": "constants",
    ".data.rel.ro": "tables with addresses",
    ".rela.dyn": "relocations",
    ".eh_frame": "unwinding",
    ".eh_frame_hdr": "unwinding",
    ".gcc_except_table": "unwinding",
}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def sections(library):
    sizes = Counter()
    for line in run("readelf", "-SW", library):
        fields = line.replace("[ ", "[").split()
        # Those that are loaded: debug information and symbol names are stripped.
        if len(fields) > 8 and fields[0][0] == "[" and fields[0][1].isdigit() and "A" in fields[7] and fields[2] != "NOBITS":
            sizes[KINDS.get(fields[1], "other")] += int(fields[5], 16)
    return sizes


def owners_of_c(archives):
    owners = {}
    for archive in archives:
        owner = re.sub(r"-[0-9a-f]+$", "", Path(archive).parents[1].name)
        for line in run("nm", "--defined-only", archive):
            fields = line.split()
            if len(fields) == 3:
                owners[fields[2]] = f"{owner} (C)"
    return owners


def crate_of(symbol, owners, known):
    if symbol in owners:
        return owners[symbol]
    plain = re.sub(r"\.(constprop|isra|part|cold|lto_priv|llvm).*", "", symbol)
    if plain in owners:
        return owners[plain]
    if "ring_core" in symbol or symbol.startswith("ecp_nistz256"):
        return "ring (C)"
    names = re.findall(r"([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::", symbol)
    if not names:
        return "C runtime and unnamed"
    return next((name for name in names if name in known), "std")


def linked_crates():
    """The crates in it: any other path in a symbol is the standard library's."""
    lines = run("cargo", "tree", "--locked", "--package", "redpack-ffi", "--edges", "normal", "--prefix", "none")
    return {line.split()[0].replace("-", "_") for line in lines if line.strip()}


def crates(library, owners):
    known = linked_crates() | {"webpki"}
    mangled = run("nm", "-S", "--defined-only", library)
    plain = run("nm", "-S", "--defined-only", "-C", library)
    sizes = Counter()
    for raw, shown in zip(mangled, plain, strict=True):
        fields = raw.split(" ", 3)
        if len(fields) == 4 and fields[2].lower() in "tdrb":
            name = fields[3] if fields[3] in owners else shown.split(" ", 3)[3]
            sizes[crate_of(name, owners, known)] += int(fields[1], 16)
    return sizes


def show(title, sizes, most):
    print(title)
    for name, size in sizes.most_common(most):
        print(f"  {size / 1000:8.0f} kB  {name}")
    rest = sum(size for _, size in sizes.most_common()[most:])
    if rest:
        print(f"  {rest / 1000:8.0f} kB  the rest")


def main():
    library, archives = sys.argv[1], sys.argv[2:]
    show("sections", sections(library), 10)
    show("code and data with a name, by crate", crates(library, owners_of_c(archives)), 25)


main()
