"""`redpack.testing`, as users have it: a fixture that is there by itself, and skips without the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import redpack
from redpack.testing import find_redpack

TEST = """
def test_pays(redpack_sandbox):
    client = redpack_sandbox.client()
    order = redpack_sandbox.order()
    assert client.send(**order).outcome == "sent"
    assert redpack_sandbox.debits(order["mch_billno"]) == 1
"""


def pytest_of_a_user(folder: Path, **environment: str) -> str:
    (folder / "test_shop.py").write_text(TEST)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "test_shop.py"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_fixture_pays(tmp_path: Path) -> None:
    assert "1 passed" in pytest_of_a_user(tmp_path)


def test_the_library_has_no_sandbox_in_it() -> None:
    (library,) = Path(redpack.__file__).parent.glob("_redpack*.so")
    content = library.read_bytes()
    # The sandbox's throw-away key and its markers of faults, which every build of it has.
    assert b"sandbox0key0" not in content and b"late-landing" not in content
    command = Path(find_redpack()).read_bytes()
    assert b"sandbox0key0" in command and b"late-landing" in command


def test_without_the_command_it_skips_and_says_why(tmp_path: Path) -> None:
    told = pytest_of_a_user(tmp_path, REDPACK_BIN="", PATH=str(tmp_path))
    assert "1 skipped" in told and "needs the command redpack" in told
