"""What type checkers and readers find: stubs that are true, types that hold, and a docstring everywhere."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PACKAGE

import redpack
import redpack.testing
from redpack import protocol

ALLOWED = ("--allowlist", "tests/stubtest-allowlist.txt")
WRONG = """\
import redpack

def pay(client: redpack.Client) -> None:
    order: redpack.RedPack = {
        "re_openid": "o", "total_amount": 1.5, "send_name": "a", "wishing": "b", "act_name": "c", "remark": "d",
    }
    client.send(**order)
    client.query("1").order.status
    client.send(sender="x")
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=PACKAGE, capture_output=True, text=True, timeout=600, check=False
    )


def test_the_stubs_are_true() -> None:
    done = run("mypy.stubtest", "--mypy-config-file", "pyproject.toml", *ALLOWED, "redpack")
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_strict() -> None:
    done = run("mypy", "--strict", "python/redpack", "examples")
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG)
    done = run("mypy", "--strict", "--no-error-summary", "--config-file", "pyproject.toml", str(tmp_path / "wrong.py"))
    lines = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    assert lines == {5, 8, 9}, done.stdout


def test_pyright_strict() -> None:
    done = run("pyright", "--pythonpath", sys.executable, "examples")
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_is_documented() -> None:
    missing = []
    for module in (redpack, protocol, redpack.testing):
        for name in module.__all__:
            thing = getattr(module, name)
            if name.startswith("_") or inspect.ismodule(thing):
                continue
            if not inspect.getdoc(thing) or str(inspect.getdoc(thing)).startswith(f"{name}("):
                missing.append(name)
            if not inspect.isclass(thing):
                continue
            for member, value in vars(thing).items():
                public = not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))
                if public and not inspect.getdoc(value):
                    missing.append(f"{name}.{member}")
    assert missing == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "python/redpack").glob("*.py*")), ids=lambda path: path.name)
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400
    assert all(len(line) <= 120 for line in path.read_text(encoding="utf-8").splitlines())
