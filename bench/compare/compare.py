"""Measures everything in one run and writes the report: started by bench/compare/run.sh.

compare.py measure BUILT FOLDER ROUNDS SECONDS       programs in BUILT; the report goes to FOLDER
compare.py write FOLDER                              the report again, from FOLDER's figures.json
compare.py only BUILT ROUNDS SECONDS PROGRAM ...     these programs beside the floor, told on the screen; a PROGRAM is a
                                                     key of programs.py, or NAME=FILE: another build of Rust's program
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path

import chart
import counted
import measure
import report
from figures import Figures
from gateway import Gateway
from programs import Program, programs, sizes, versions


def write(folder: Path) -> None:
    data = json.loads((folder / "figures.json").read_text())
    (folder / "README.md").write_text(report.write(data, "en"))
    (folder / "README.zh-CN.md").write_text(report.write(data, "zh"))
    (folder / "sends.svg").write_text(chart.draw(Figures(data), data["programs"]))


def ready_body(rust: str, place: Path) -> Path:
    """The bytes that redpack sends, for programs that sign nothing."""
    body = place / "body.xml"
    body.write_bytes(subprocess.run([rust, "body"], check=True, capture_output=True).stdout)
    return body


def same_bytes(rust: str, gateway: Gateway) -> None:
    """The floor is one only as long as it exchanges what redpack does. Both have the body from the same function, but
    the floor writes its head itself."""
    floor, ours = (gateway.head_lengths([rust, program]) for program in ("floor", "redpack"))
    if floor != ours or len(ours) != 1:
        raise SystemExit(f"bench/programs/src/floor.rs sends heads of {floor} bytes, redpack of {ours}: mend it")


def only(built: Path, rounds: int, seconds: float, wanted: list[str]) -> None:
    """Some programs beside the floor: while one of them is being improved."""
    known = {program.key: program for program in programs(built)}
    chosen = [known["floor"]]
    for word in wanted:
        key, is_other, file = word.partition("=")
        if is_other:
            chosen.append(Program(key, key, "Rust", "ours", (file, "redpack")))
        elif key not in known:
            raise SystemExit(f"{key}: no such program; there are {', '.join(known)}")
        elif key != "floor":
            chosen.append(known[key])
    with tempfile.TemporaryDirectory(prefix="redpack-bench-") as name:
        place = Path(name)
        (place / "gateway").mkdir()
        body = ready_body(str(built / "redpack-bench-programs"), place)
        with Gateway(place / "gateway") as gateway:
            same_bytes(str(built / "redpack-bench-programs"), gateway)
            records = measure.sends(chosen, gateway, body, rounds, seconds)
    print(report.short(records, [program.key for program in chosen]))


def run(built: Path, folder: Path, rounds: int, seconds: float) -> None:
    rust = str(built / "redpack-bench-programs")
    measured = programs(built)
    with tempfile.TemporaryDirectory(prefix="redpack-bench-") as name:
        place = Path(name)
        (place / "gateway").mkdir()
        with Gateway(place / "gateway") as gateway:
            same_bytes(rust, gateway)
            sends = measure.sends(measured, gateway, ready_body(rust, place), rounds, seconds)
            one_send = counted.one_send(rust, gateway, place)
        (place / "journal").mkdir()
        data = {
            "date": date.today().isoformat(),
            "rounds": rounds,
            "seconds": seconds,
            "versions": versions(),
            "sizes": sizes(built),
            "programs": [{key: asdict(one)[key] for key in ("key", "label", "language", "role")} for one in measured],
            "sends": sends,
            "one_send": one_send,
            "protocol": counted.protocol(rust, place, rounds),
            "protocol_beside": counted.protocol_beside(place, rounds, seconds),
            "journaled": measure.journaled(rust, place / "journal", rounds, seconds),
        }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    write(folder)


def main(arguments: list[str]) -> None:
    match arguments:
        case ["write", folder]:
            write(Path(folder))
        case ["measure", built, folder, rounds, seconds]:
            run(Path(built), Path(folder), int(rounds), float(seconds))
        case ["only", built, rounds, seconds, *wanted]:
            only(Path(built), int(rounds), float(seconds), wanted)
        case _:
            raise SystemExit(__doc__)


main(sys.argv[1:])
