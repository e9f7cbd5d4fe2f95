"""Runs the programs in turn, round by round, so that load of the machine meets all alike."""

import itertools
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from gateway import Gateway
from programs import Program

AT_ONCE = (1, 8, 64)
# A program that isn't done by then hangs.
LIMIT_SECONDS = 120


def surroundings() -> dict[str, str]:
    """The environment without proxies: libcurl and axios would ask one even for loopback."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def high_water_kib(process: int) -> int:
    """The most memory that a process, or one of its children, has had so far; 0 when it is over.

    Not what wait4 says: that begins with what the parent had when it started the process."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        texts = [Path(f"/proc/{each}/status").read_text() for each in (process, *children)]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = [re.search(r"^VmHWM:\s*(\d+) kB$", text, re.MULTILINE) for text in texts]
    return max((int(one[1]) for one in found if one is not None), default=0)


class Run:
    """One program, once: its own words, and what the system says of it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        started = time.perf_counter()
        self.peak_kib = 0
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(process, over))
        watch.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            self.first_ms = (time.perf_counter() - started) * 1000
            self.text = process.stdout.read()
            # Not wait(): the system tells the processor time only to whom the process ends for.
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.own_share = used.ru_utime / max(used.ru_utime + used.ru_stime, 1e-9)
        finally:
            over.set()
            watch.join()
        if line.strip() != "first" or process.returncode != 0:
            raise SystemExit(f"ended with {process.returncode}: {command}")

    def _watch(self, process: subprocess.Popen, over: threading.Event) -> None:
        end = time.monotonic() + LIMIT_SECONDS
        # Seldom: with PHP's 64 processes, a look takes two milliseconds.
        while not over.wait(0.2):
            self.peak_kib = max(self.peak_kib, high_water_kib(process.pid))
            if time.monotonic() > end:
                process.kill()


def in_turn(groups: list[list[Program]], number: int) -> Iterator[tuple[int, Program]]:
    for group, members in enumerate(groups):
        for program in members if number % 2 == 0 else reversed(members):
            yield group, program


def sends(programs: list[Program], gateway: Gateway, body: Path, rounds: int, seconds: float) -> list[dict]:
    """Every program at every concurrency, so many rounds: one record each. The floor, which is the first of them, runs
    again beside each language's; every second round runs them the other way about."""
    environment = {**surroundings(), "NODE_EXTRA_CA_CERTS": str(gateway.folder / "ca.pem")}
    floor, *others = programs
    groups = [[floor, *group] for _, group in itertools.groupby(others, key=lambda program: program.group)]
    records = []
    for number in range(rounds):
        for at_once in AT_ONCE:
            for group, program in in_turn(groups, number):
                where = [str(at_once), str(seconds), gateway.url, str(gateway.folder)]
                command = [*program.command, *where, *([str(body)] if program.wants_body else [])]
                before = gateway.work()
                run = Run(command, environment)
                told, work = json.loads(run.text), gateway.work() - before
                record = {
                    "program": program.key,
                    "at_once": at_once,
                    "round": number,
                    "group": group,
                    "rate": told["sends"] / told["seconds"],
                    # Microseconds of processor time for a send are seconds for a million.
                    "cpu_us": told["cpu"] / told["sends"] * 1e6,
                    # Of that, what is the program's own and not the kernel's: of the whole run.
                    "own_us": told["cpu"] / told["sends"] * 1e6 * run.own_share,
                    "peak_kib": run.peak_kib,
                    "first_ms": run.first_ms,
                    # Of the whole run, warm-up included: so they are what this many requests needed.
                    "connections": work.connections,
                    "requests": work.requests,
                    "gateway_cpu_us": work.cpu / work.requests * 1e6,
                }
                records.append(record)
                print(
                    f"round {number + 1}, {at_once:>2} at once, {program.key:<12} {record['rate']:>8.0f}/s "
                    f"{record['cpu_us']:>7.1f} us",
                    file=sys.stderr,
                )
    return records


def journaled(rust: str, folder: Path, rounds: int, seconds: float) -> list[dict]:
    """Sends with a journal in a file and without, to the sandbox, each under a number of its own."""
    from redpack.testing import Sandbox

    records = []
    with Sandbox() as sandbox:
        sandbox.control("POST", "/reset", {"balance": 10**15})
        sandbox.control("POST", "/policy", {"sends_per_second": None})
        for name, ours in (("ca.pem", "ca.pem"), ("apiclient_cert.pem", "client.pem"), ("apiclient_key.pem", "client.key")):
            (folder / ours).symlink_to(Path(sandbox.folder) / name)
        for number in range(rounds):
            for at_once in AT_ONCE:
                for program in ("numbered", "journaled"):
                    command = [rust, program, str(at_once), str(seconds), sandbox.base_url, str(folder)]
                    told = json.loads(Run(command, surroundings()).text)
                    rate = told["sends"] / told["seconds"]
                    records.append({"program": program, "at_once": at_once, "round": number, "rate": rate})
    return records
