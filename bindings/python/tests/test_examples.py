"""The examples run, and the READMEs show them as they are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from conftest import PACKAGE, ROOT

from redpack.testing import Sandbox

WALKTHROUGH = """\
recovered: 0, still open: 0
sent: yes
the answer is lost: unknown, next: query_first
settled: paid, once
invoice 8: sent, attempts now: 1
invoice 8: sent, attempts now: 0
query: SENT, next: none
"""


def run_example(name: str, *arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(PACKAGE / "examples" / name), *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=90,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def test_walkthrough(sandbox: Sandbox, tmp_path: Path) -> None:
    assert run_example("walkthrough.py", sandbox.base_url, str(sandbox.folder), folder=tmp_path) == WALKTHROUGH
    assert sandbox.ledger()["totals"]["debits"] == 3


def test_send(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "try").symlink_to(sandbox.folder)
    assert re.fullmatch(r"sent: \d+\n", run_example("send.py", sandbox.base_url, folder=tmp_path))


def test_many(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "try").symlink_to(sandbox.folder)
    assert run_example("many.py", sandbox.base_url, folder=tmp_path) == "sent: 20 of 20\n"
    assert sandbox.ledger()["totals"]["debits"] == 20


def test_the_readmes_show_the_examples() -> None:
    for readme in ("README.md", "README.zh-CN.md"):
        text = (PACKAGE / readme).read_text(encoding="utf-8")
        shown = re.findall(r"<!-- (examples/\S+) -->\n```python\n(.*?)```", text, re.DOTALL)
        assert [name for name, _ in shown] == ["examples/send.py", "examples/many.py"], readme
        for name, program in shown:
            assert program == (PACKAGE / name).read_text(encoding="utf-8"), f"{readme}: {name}"
        for link in re.findall(r"\]\(([^)#:]+)[^)]*\)", text):
            assert (PACKAGE / link).exists(), f"{readme}: {link}"


def test_the_readmes_are_equal_in_shape() -> None:
    def shape(readme: str) -> list[int]:
        lines = (PACKAGE / readme).read_text(encoding="utf-8").splitlines()
        return [sum(line.startswith(start) for line in lines) for start in ("## ", "```", "| ", "- ", "1. ")]

    assert shape("README.md") == shape("README.zh-CN.md")


def test_the_documents_of_the_repository_speak_of_python() -> None:
    for readme in ("README.md", "README.zh-CN.md"):
        assert "bindings/python/" in (ROOT / readme).read_text(encoding="utf-8"), readme
