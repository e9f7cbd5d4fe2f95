"""The canaries: every scenario of ``tests/canary/scenarios.json``. See ``tests/canary/README.md``."""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import redpack
from redpack import protocol

BAD_KEYS = ("damaged_key", "cut_key", "another_key", "encrypted_key")


class Scene:
    """One scenario: what its client is given, and what comes out."""

    def __init__(
        self, told: dict[str, Any], values: dict[str, str], scenario: dict[str, Any], number: int
    ) -> None:
        self.folder = Path(told["dir"])
        self.values = values
        self.name: str = scenario["name"]
        self.url: str = told["urls"][self.name]
        self.client: dict[str, Any] = scenario["client"]
        self.journal = self.folder / f"journal-{number}"
        self.shown: list[str] = []
        """What anybody may see: neither secrets nor openids."""
        self.results: list[bytes] = []
        """Results, what is pickled, and the journal's files: no secrets."""
        self.kind: str | None = None

    def filled(self, text: str) -> str:
        for name in ("journal_password", "openid", "api_key", "another_openid"):
            text = text.replace(f"{{{name}}}", self.values[name])
        return text

    def credentials(self, kind: str) -> dict[str, Any]:
        good, key = self.folder / "apiclient_cert.pem", self.folder / "apiclient_key.pem"
        p12, passphrase = self.folder / "apiclient_cert.p12", self.values["passphrase"]
        if kind in BAD_KEYS:
            return {"certificate": good.read_bytes(), "private_key": (self.folder / f"{kind}.pem").read_bytes()}
        return {
            "pem_files": {"certificate": good, "private_key": key},
            "pem_bytes": {"certificate": good.read_bytes(), "private_key": key.read_text()},
            "pkcs12_file": {"pkcs12": p12, "passphrase": passphrase},
            "pkcs12_bytes": {"pkcs12": p12.read_bytes(), "passphrase": passphrase},
            "wrong_passphrase": {"pkcs12": p12, "passphrase": passphrase + "?"},
            "damaged_pkcs12": {"pkcs12": (self.folder / "damaged.p12").read_bytes(), "passphrase": passphrase},
            "key_as_certificate": {"certificate": key.read_bytes(), "private_key": key.read_bytes()},
            "unreadable": {"certificate": good, "private_key": self.folder / "none" / "apiclient_key.pem"},
        }[kind]

    def settings(self) -> dict[str, Any]:
        key = self.values["api_key"]
        keys = {None: key, "long": key + "!", "blank": key.replace("~", " ")}
        given = {name: self.filled(text) for name, text in self.client.get("settings", {}).items()}
        if self.client.get("journal"):
            given["journal"] = f"sqlite:{self.journal}"
        return {
            "mch_id": "1900000109",
            "appid": "wx8888888888888888",
            "api_key": keys[self.client.get("api_key")],
            "workwx_secret": self.values["workwx_secret"],
            "roots": self.folder / self.client.get("roots", "ca.pem"),
            "base_url": self.url,
            "on_attempt": self.hook,
            **self.credentials(self.client["credentials"]),
            **given,
        }

    def hook(self, event: redpack.AttemptEvent) -> None:
        # What it is told may hold a code of the service, which is data; its line may not.
        self.shown.append(event.path + event.host)
        if self.client.get("hook") == "fails":
            raise ValueError("the hook's own defect")

    def replace(self, client: redpack.Client) -> None:
        what = self.client.get("replace")
        if what == "api_key":
            client.replace_api_key(self.values["another_api_key"])
            client.replace_api_key(self.values["api_key"])
        elif what == "long_api_key":
            client.replace_api_key(self.values["api_key"] + "!")
        elif what is not None:
            client.replace_credentials(**self.credentials("pem_bytes" if what == "credentials" else what))

    def call(self, client: redpack.Client) -> Any:
        fields: dict[str, Any] = {
            "mch_billno": redpack.new_mch_billno("1900000109"),
            "re_openid": self.values["openid"],
            "total_amount": 100,
            "send_name": "天虹百货",
            "act_name": self.values["act_name"],
            "wishing": "元宵节快乐",
            "remark": "快来抢",
            **{name: self.filled(text) for name, text in self.client.get("fields", {}).items()},
        }
        if self.client["do"] == "query":
            return client.query(fields["mch_billno"])
        if self.client["do"] == "call":
            return client.call("/some/path", {name: str(text) for name, text in fields.items()})
        return client.send(**fields)

    def play(self) -> None:
        settings = self.settings()
        try:
            client = redpack.Client(**settings)
            merchant = protocol.Merchant("1900000109", "wx8888888888888888", settings["api_key"], settings["workwx_secret"])
            self.shown += [repr(of) for of in (client, client.check(), client.journal, merchant)]
            self.shown += [str(client), repr(client.__class__.__dict__.keys())]
            self.replace(client)
            result = self.call(client)
        except redpack.RedpackError as error:
            self.kind = error.kind
            self.shown += [str(error), repr(error), repr(error.args), repr(error.problems), repr(error.raw)]
            self.shown += [repr(error.order), *traceback.format_exception(type(error), error, error.__traceback__)]
            frames = traceback.TracebackException.from_exception(error)
            self.shown += [str(line) for line in frames.format()]
        else:
            self.shown.append(repr(result))
            self.results.append(pickle.dumps(result))
        for file in ("", "-wal", "-shm"):
            path = Path(f"{self.journal}{file}")
            if path.exists():
                self.results.append(path.read_bytes())


def found(needles: list[tuple[str, bytes, bool]], text: bytes, openids: bool) -> list[str]:
    """The canaries in a text."""
    return [what for what, needle, is_openid in needles if (openids or not is_openid) and needle in text]


def play_all(told: dict[str, Any]) -> None:
    """In a process of its own, whose standard error is looked at too."""
    lists = json.loads((ROOT / "tests/canary/scenarios.json").read_text(encoding="utf-8"))
    canaries = json.loads((Path(told["dir"]) / "canaries.json").read_text(encoding="utf-8"))
    needles = [(one["what"], bytes.fromhex(one["hex"]), one["openid"]) for one in canaries["needles"]]
    heard: list[str] = []
    handler = logging.Handler(level=1)
    handler.emit = lambda record: heard.append(  # type: ignore[method-assign]
        f"{record.name} {record.levelname} {record.getMessage()} {record.__dict__!r}"
    )
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(1)
    bad = [f"{what} is not found where it is" for what, needle, _ in needles if not found(needles, b"x" + needle, True)]
    for number, scenario in enumerate(lists["cases"]):
        scene = Scene(told, canaries["values"], scenario, number)
        scene.play()
        if scene.kind != scenario["expect"]:
            bad.append(f"{scene.name}: {scene.kind} instead of {scenario['expect']}: {scene.shown}")
        shown = "\n".join([*scene.shown, *heard])
        heard.clear()
        bad += [f"{scene.name}: {what} in {shown}" for what in found(needles, shown.encode(), True)]
        results = b"\n".join(scene.results)
        bad += [f"{scene.name}: {what} in a result" for what in found(needles, results, False)]
    print(json.dumps({"bad": bad, "count": len(lists["cases"])}))


def test_nothing_that_comes_out_holds_a_canary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [os.environ["REDPACK_CANARY"], str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as gateway:
        assert gateway.stdin is not None and gateway.stdout is not None
        told = json.loads(gateway.stdout.readline())
        player = subprocess.run(
            [sys.executable, __file__, json.dumps(told)],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parent,
            timeout=300,
        )
        gateway.stdin.close()
    assert player.returncode == 0, player.stderr
    report = json.loads(player.stdout)
    assert report["bad"] == [], "\n".join(report["bad"])
    assert "the hook's own defect" in player.stderr
    canaries = json.loads((tmp_path / "canaries.json").read_text(encoding="utf-8"))
    needles = [(one["what"], bytes.fromhex(one["hex"]), one["openid"]) for one in canaries["needles"]]
    assert found(needles, player.stderr.encode(), True) == []
    with capsys.disabled():
        print(f"\ncanaries: {report['count']} scenarios", end="", flush=True)
    assert report["count"] == len(told["urls"])


if __name__ == "__main__":
    play_all(json.loads(sys.argv[1]))
