"""What doesn't drift with the machine: instructions and allocations, counted by valgrind. And beside them the processor
time of the protocol layer alone, ours and the SDKs'. Each figure of Rust's is the difference of two runs."""

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

from gateway import Gateway, answer
from measure import surroundings
from programs import protocol_programs

FEW, MANY, LOTS = 100, 1_100, 400_100


def processor_seconds(command: list[str]) -> float:
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"ended with {process.returncode}: {command}")
    return used.ru_utime + used.ru_stime


def under_valgrind(tool: list[str], command: list[str]) -> str:
    done = subprocess.run(["valgrind", *tool, *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"valgrind: {command}: {done.stderr[-2000:]}")
    return done.stderr


def instructions(command: list[str], file: Path) -> Counter[str]:
    """How many each function took, callees not counted."""
    under_valgrind(["--tool=callgrind", f"--callgrind-out-file={file}"], command)
    told = subprocess.run(
        ["callgrind_annotate", "--threshold=100", "--auto=no", "--show-percs=no", str(file)],
        check=True, capture_output=True, text=True,
    ).stdout
    found: Counter[str] = Counter()
    for line in told.splitlines():
        function = re.fullmatch(r"\s*([\d,]+)\s+\S*?:(.*?)(?: \[.*\])?", line)
        if function is not None:
            found[function[2]] += int(function[1].replace(",", ""))
    if not found:
        raise SystemExit(f"callgrind counted nothing: {told[:2000]}")
    return found


def allocations(command: list[str], file: Path) -> Counter[tuple[str, ...]]:
    """How often each chain of callers allocated; the innermost function first."""
    under_valgrind(["--tool=dhat", f"--dhat-out-file={file}", "--num-callers=40"], command)
    told = json.loads(file.read_text())
    found: Counter[tuple[str, ...]] = Counter()
    for point in told["pps"]:
        found[tuple(told["ftbl"][frame] for frame in point["fs"])] += point["tbk"]
    return found


# Whose work an allocation is: that of the innermost function which says it.
PLACES = {
    "rustls::": "tls",
    "redpack::answer::": "answer",
    "redpack::request::": "encode",
    "redpack::sign::": "encode",
    "redpack::client::": "exchange",
    "redpack::transport::": "exchange",
    "redpack_bench_programs::orders::": "order",
}


def place(callers: tuple[str, ...]) -> str:
    for caller in callers:
        for name, what in PLACES.items():
            # `rustls::` is in no other crate's name, but `redpack::` might be a type's in a foreign function.
            if re.search(rf"(?<![\w:]){name}", caller):
                return what
    return "elsewhere"


# Whose work an instruction is, by the function that it stands in; the first that fits.
PARTS = {
    "sha256": r"sha2::",
    "md5": r"md5::|md5_with",
    "tls": r"rustls|ring_core|ring::|_aesni|_aes_|ghash|gcm",
    "allocator": r"malloc|_int_free|\bfree\b|realloc|calloc|unlink_chunk|rust_alloc|rust_dealloc|rust_realloc|drop_in_place",
    "bytes": r"memcmp|memcpy|memmove|memset|memchr|core::str::|alloc::str::",
    "encode": r"redpack::(request|sign|xml::write|billno|fen)|bench_programs::orders",
    "answer": r"redpack::(answer|xml|outcome|error)",
    "exchange": r"redpack::(client|transport|process|event)|httparse|arc_swap|recv|send|clock_gettime|Timespec|Instant",
}


def part(function: str) -> str:
    return next((name for name, pattern in PARTS.items() if re.search(pattern, function)), "elsewhere")


def difference(rust: str, arguments: list[str], folder: Path, after: list[str]) -> dict:
    """Of one: instructions, allocations, and whose these are."""
    few, many = ([rust, *arguments, str(times), *after] for times in (FEW, MANY))
    counted = allocations(many, folder / "many")
    counted.subtract(allocations(few, folder / "few"))
    places: Counter[str] = Counter()
    for callers, times in counted.items():
        places[place(callers)] += times
    each = MANY - FEW
    taken = instructions(many, folder / "many")
    taken.subtract(instructions(few, folder / "few"))
    parts: Counter[str] = Counter()
    for function, times in taken.items():
        parts[part(function)] += times
    return {
        "instructions": sum(taken.values()) / each,
        "parts": {what: times / each for what, times in parts.items()},
        "allocations": sum(counted.values()) / each,
        "places": {what: times / each for what, times in places.items() if abs(times) > each / 20},
    }


def protocol(rust: str, folder: Path, rounds: int) -> dict[str, dict]:
    """What one request and one answer cost."""
    figures = {}
    for what in ("encode", "answer"):
        few, lots = ([rust, what, str(times)] for times in (FEW, LOTS))
        times = [(processor_seconds(lots) - processor_seconds(few)) / (LOTS - FEW) * 1e6 for _ in range(rounds)]
        figures[what] = {"us": times, **difference(rust, [what], folder, [])}
    return figures


def one_send(rust: str, gateway: Gateway, folder: Path) -> dict:
    """A whole send on a kept connection, TLS included."""
    return difference(rust, ["count"], folder, [gateway.url, str(gateway.folder)])


def protocol_beside(folder: Path, rounds: int, seconds: float) -> list[dict]:
    """The same two things in Python and Node, beside the SDKs there: one record for each program and round."""
    file = folder / "answer.xml"
    file.write_text(answer())
    records = []
    for number in range(rounds):
        for key, command in protocol_programs().items():
            done = subprocess.run(
                [*command, str(seconds), str(file)], check=True, capture_output=True, text=True, env=surroundings()
            )
            records.append({"program": key, "round": number, **json.loads(done.stdout)})
    return records
