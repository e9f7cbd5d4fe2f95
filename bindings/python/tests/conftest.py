"""Every test has a gateway of its own; tests may also be run with a gateway of the run's (`shared`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from redpack.testing import Sandbox

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent
VECTORS = Path(os.environ.get("REDPACK_VECTORS") or ROOT / "tests" / "vectors")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Not the package's own fixture, which skips: here a missing command is a failure."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def run(sandbox: Sandbox, tmp_path: Path) -> Run:
    """Runs a program in an interpreter of its own, with `sandbox` at hand as `settings` and `order`."""

    def run(program: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        settings = {name: str(value) for name, value in sandbox.settings().items()}
        head = f"""
            import os, sys, time, threading
            import redpack
            settings = {settings!r}
            def order(**fields):
                return {{"mch_billno": redpack.new_mch_billno("1900000109"), "re_openid": {Sandbox.openid!r},
                        "total_amount": 100, "send_name": "a", "act_name": "b", "wishing": "c", "remark": "d",
                        **fields}}
        """
        path = tmp_path / "program.py"
        path.write_text(textwrap.dedent(head) + textwrap.dedent(program), encoding="utf-8")
        return subprocess.run(
            [sys.executable, str(path), *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=tmp_path,
            check=False,
        )

    return run


def read(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def ran(name: str, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints how many cases ran, and compares the number with the manifest's."""
    with capsys.disabled():
        print(f"\n{name}: {count} cases", end="", flush=True)
    assert count == read("MANIFEST.json")[name]
