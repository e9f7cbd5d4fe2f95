"""A gateway for your own tests: it behaves as WeChat Pay's does, on this machine, and moves no money.

The package doesn't contain it. It is the command ``redpack`` (``redpack sandbox``), which is looked for in the
environment's ``REDPACK_BIN`` and then on the ``PATH``. With pytest, the fixtures are there by themselves::

    def test_pays(redpack_sandbox):
        client = redpack_sandbox.client()
        order = redpack_sandbox.order()
        assert client.send(**order).outcome == "sent"
        assert redpack_sandbox.debits(order["mch_billno"]) == 1

Without the command they skip the test, and say how to get it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from . import AsyncClient, Client, new_mch_billno

if TYPE_CHECKING:
    from ._fields import RedPack

__all__ = ["Sandbox", "SandboxNotFound", "control", "find_redpack", "redpack_sandbox", "redpack_sandbox_command"]


class SandboxNotFound(RuntimeError):
    """The command ``redpack`` is not installed."""


def find_redpack() -> str:
    """The command ``redpack``: ``REDPACK_BIN`` of the environment, or what is on the ``PATH``.

    :raises SandboxNotFound: with what to do
    """
    named = os.environ.get("REDPACK_BIN")
    found = shutil.which(named or "redpack")
    if found is None:
        where = f"REDPACK_BIN names {named!r}, which can't be run" if named else "it is not on the PATH"
        raise SandboxNotFound(
            f"the sandbox needs the command redpack, and {where}: build it with `make build` in redpack's "
            "repository, and put target/release on the PATH"
        )
    return found


def control(url: str, method: str, path: str, body: Optional[dict[str, Any]] = None) -> Any:
    """Asks the control of a sandbox at that URL; see ``Sandbox.control``."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(url + path, data=data, headers=headers, method=method)
    # A proxy of the environment has no business on loopback.
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)
    except HTTPError as error:
        with error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()}") from None


class Sandbox:
    """A gateway of your own on loopback, over real TLS; ended by ``stop``, or at the end of a ``with``.

    After ``fork`` the child may use it; only the process that started it ends it.
    """

    mch_id = "1900000109"
    appid = "wx8888888888888888"
    api_key = "sandbox0key0sandbox0key0sandbox0"
    workwx_secret = "sandbox0workwx0secret0sandbox000"
    openid = "oxTWIuGaIt6gTKsQRLau2M0yL16E"

    def __init__(self, command: Optional[str] = None) -> None:
        """Starts it on a free port, with certificates that it makes itself.

        :param command: the command ``redpack``; looked for unless given
        :raises SandboxNotFound: where there is none
        """
        command = command or find_redpack()
        self._owner = os.getpid()
        self._folder = tempfile.TemporaryDirectory(prefix="redpack-sandbox-")
        self.folder = Path(self._folder.name)
        self._process = subprocess.Popen(
            [command, "sandbox", "--json", "--dir", str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        told = self._told()
        self.base_url: str = told["base_url"]
        """Where it listens."""
        self.control_url: str = told["control_url"]
        """Its control, plain HTTP: see ``control``."""

    def _told(self) -> dict[str, Any]:
        output = self._process.stdout
        assert output is not None
        text = ""
        for line in output:
            text += line
            try:
                told: dict[str, Any] = json.loads(text)
            except ValueError:
                continue
            return told
        self.stop()
        raise RuntimeError(f"`redpack sandbox` told no address: {text!r}")

    def settings(self) -> dict[str, Any]:
        """The arguments of a ``Client`` of its merchant."""
        return {
            "mch_id": self.mch_id,
            "appid": self.appid,
            "api_key": self.api_key,
            "workwx_secret": self.workwx_secret,
            "certificate": self.folder / "apiclient_cert.pem",
            "private_key": self.folder / "apiclient_key.pem",
            "base_url": self.base_url,
            "roots": self.folder / "ca.pem",
        }

    def client(self, **more: Any) -> Client:
        """A client of its merchant; arguments of ``Client`` may be added or replaced."""
        return Client(**{**self.settings(), **more})

    def async_client(self, **more: Any) -> AsyncClient:
        """The same for asyncio."""
        return AsyncClient(**{**self.settings(), **more})

    def order(self, **fields: Any) -> RedPack:
        """The keyword arguments of an order of one yuan, under a new number; fields may be added or replaced. A
        ``re_openid`` such as ``f--drop-after`` asks the gateway for a fault."""
        return {
            "mch_billno": new_mch_billno(self.mch_id),
            "re_openid": self.openid,
            "total_amount": 100,
            "send_name": "天虹百货",
            "act_name": "猜灯谜",
            "wishing": "元宵节快乐",
            "remark": "快来抢",
            **fields,  # type: ignore[typeddict-item]
        }

    def control(self, method: str, path: str, body: Optional[dict[str, Any]] = None) -> Any:
        """Asks the gateway's control: faults, policies, clock, ledger. See the sandbox's own README."""
        return control(self.control_url, method, path, body)

    def ledger(self) -> dict[str, Any]:
        """All that it was asked for and paid."""
        told: dict[str, Any] = self.control("GET", "/ledger")
        return told

    def debits(self, mch_billno: str) -> int:
        """How often an order was paid for."""
        told: int = self.control("GET", f"/ledger?mch_billno={mch_billno}")["debits"]
        return told

    def stop(self) -> None:
        """Ends it, and removes its folder. Nothing in a process that it was not started by."""
        if self._owner != os.getpid():
            return
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._folder.cleanup()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


try:
    import pytest
except ImportError:
    pass
else:

    @pytest.fixture(scope="session")
    def redpack_sandbox_command() -> str:
        """The command ``redpack``; without it, the test is skipped."""
        try:
            return find_redpack()
        except SandboxNotFound as error:
            pytest.skip(str(error))

    @pytest.fixture
    def redpack_sandbox(redpack_sandbox_command: str) -> Iterator[Sandbox]:
        """A ``Sandbox`` of the test's own."""
        with Sandbox(redpack_sandbox_command) as sandbox:
            yield sandbox
