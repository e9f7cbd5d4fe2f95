"""Writes fuzz/targets/src/functions/table.rs from include/redpack.h: every function of the C interface, with what it
takes and gives. core/tests/supply_chain.rs says when it is no longer fresh."""

import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
# What has an effect outside of the process for some texts: files, hosts. These take words of the target's own.
OWN_WORDS = {
    "certificate_path": "path", "private_key_path": "path", "path": "path", "url": "journal_url", "base_url": "host",
    "backup_url": "host", "proxy": "host", "source_address": "host",
}
NUMBERS = {"int32_t": "i32", "int64_t": "i64", "uint32_t": "u32", "uint64_t": "u64", "size_t": "usize", "bool": "bool", "void": "nothing"}


def handle(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))


def kind(function: str, parameter: str) -> str:
    what, name = re.fullmatch(r"(.*?)(\w+)", parameter).groups()
    what = " ".join(what.split()).replace(" *", "*")
    of_handle = re.fullmatch(r"(const )?struct redpack_(\w+?)(\*+)", what)
    if of_handle:
        const, handle_name, stars = of_handle.groups()
        if handle_name == "error" and stars == "**":
            return "error"
        if stars == "**":
            return f"(out {handle(handle_name)})"
        return f"(free {handle(handle_name)})" if function.endswith("_free") else f"(live {handle(handle_name)})"
    if what == "const char*":
        # A call's path is one on the wire.
        return "text" if function == "redpack_call_new" else OWN_WORDS.get(name, "text")
    if what.startswith("enum redpack_") and what.endswith("*"):
        return "place"
    if name.endswith("_ms"):
        return {"uint32_t": "limit", "uint64_t": "long_limit"}[what]
    return {
        "const uint8_t*": "bytes", "char*": "buffer", "int64_t*": "place", "bool*": "place", "size_t*": "place", "void*": "null",
        "redpack_attempt_callback": "null", "redpack_log_callback": "null",
    }.get(what) or ("length" if name.endswith("length") and what == "size_t" else NUMBERS[what])


def result(given: str) -> str:
    given = " ".join(given.split()).replace(" *", "*")
    if given == "const char*":
        return "text"
    if given.endswith("*"):
        return "borrowed"
    return "status" if given == "enum redpack_status" else "i32" if given.startswith("enum ") else NUMBERS[given]


def main() -> None:
    header = (TOP / "include" / "redpack.h").read_text()
    header = re.sub(r"/\*.*?\*/|//[^\n]*", "", header, flags=re.S)
    header = re.sub(r"^\s*#.*$", "", header, flags=re.M)
    found = re.findall(r"^((?:const )?(?:enum |struct )?\w+ \**)\s*(redpack_\w+)\(([^)]*)\);", header, flags=re.M)
    lines = [
        "//! Every function of the C interface. Written by fuzz/declarations.py from include/redpack.h.",
        "",
        "use super::every_function;",
        "",
        "every_function! {",
    ]
    for given, name, parameters in found:
        kinds = [] if parameters.strip() == "void" else [kind(name, " ".join(one.split())) for one in parameters.split(",")]
        lines.append(f"    {name} [{' '.join(kinds)}] {result(given)};")
    (TOP / "fuzz" / "targets" / "src" / "functions" / "table.rs").write_text("\n".join([*lines, "}"]) + "\n")


main()
