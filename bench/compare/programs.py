"""What is measured: each program, how it is started, and what it is compared with."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PROGRAMS = TOP / "bench" / "programs"
NODE = TOP / "bindings" / "node" / "bench"


@dataclass(frozen=True)
class Program:
    key: str
    label: str
    language: str
    """`floor`; `ours`; `peer`, what others offer for the same; `bare`, less than that, to see what is possible."""
    role: str
    command: tuple[str, ...]
    """Whether it wants a file with a ready-made body as its last argument."""
    wants_body: bool = False

    @property
    def group(self) -> str:
        """Those that are compared with each other."""
        return "native" if self.language in ("Rust", "C") else self.language


def programs(built: Path) -> list[Program]:
    """All of them; `built` holds what bench/compare/run.sh has built."""
    rust = (str(built / "redpack-bench-programs"),)
    python = (sys.executable, str(PROGRAMS / "send.py"))
    php = ("php", *php_flags(), str(PROGRAMS / "send.php"))
    node = ("node", str(NODE / "send.cjs"))
    return [
        Program("floor", "the floor: bare rustls", "Rust", "floor", (*rust, "floor")),
        Program("libcurl", "libcurl, kept handle", "C", "bare", (str(built / "libcurl"),), True),
        Program("rust", "redpack", "Rust", "ours", (*rust, "redpack")),
        Program("c", "redpack", "C", "ours", (str(built / "redpack-c"),)),
        Program("python", "redpack", "Python", "ours", (*python, "redpack")),
        Program("python-async", "redpack, AsyncClient", "Python", "ours", (*python, "redpack-async")),
        Program("wechatpy", "wechatpy", "Python", "peer", (*python, "wechatpy")),
        Program("node", "redpack", "Node", "ours", (*node, "redpack")),
        Program("node-compat", "redpack/compat", "Node", "ours", (*node, "redpack/compat")),
        Program("axios", "wechatpay-axios-plugin", "Node", "peer", (*node, "axios-plugin")),
        Program("axios-kept", "wechatpay-axios-plugin, kept alive", "Node", "peer", (*node, "axios-plugin + keep-alive")),
        Program("tenpay", "tenpay", "Node", "peer", (*node, "tenpay")),
        Program("php", "redpack", "PHP", "ours", (*php, "redpack")),
        Program("php-hand", "by hand", "PHP", "peer", (*php, "hand")),
        Program("php-curl", "ext-curl, kept handle", "PHP", "bare", (*php, "curl"), True),
    ]


def protocol_programs() -> dict[str, tuple[str, ...]]:
    """What signs, writes and reads without a network, by the keys above."""
    python, node = (sys.executable, str(PROGRAMS / "protocol.py")), ("node", str(NODE / "protocol.cjs"))
    return {
        "python": (*python, "redpack"),
        "wechatpy": (*python, "wechatpy"),
        "node": (*node, "redpack"),
        "axios": (*node, "axios-plugin"),
        "tenpay": (*node, "tenpay"),
    }


def php_flags() -> tuple[str, ...]:
    loaded = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.lower().split()
    return () if "ffi" in loaded else ("-d", "extension=ffi")


def sizes(built: Path) -> dict[str, int]:
    """The size of each artefact that users get, in bytes."""
    import redpack

    native = next(Path(redpack.__file__).parent.glob("_redpack*.so"))
    addon = next((TOP / "bindings" / "node" / "prebuilt").glob("*.node"))
    files = {
        "libredpack.so": built / "libredpack.so.0",
        "Python, native module": native,
        "Node, addon": addon,
        "command redpack": Path(os.environ["REDPACK_BIN"]),
    }
    return {name: path.resolve().stat().st_size for name, path in files.items()}


def versions() -> dict[str, str]:
    """What it ran on and with."""

    def first_line(*command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return (done.stdout or done.stderr).splitlines()[0].strip()

    processor = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    return {
        "machine": f"{processor}, {os.cpu_count()} processors, {platform.system()} {platform.release()}",
        "commit": first_line("git", "-C", str(TOP), "describe", "--always", "--dirty"),
        "load before": f"{os.getloadavg()[0]:.2f}",
        "rustc": first_line("rustc", "--version"),
        "nginx": first_line("nginx", "-v").rsplit("/")[-1],
        "libcurl": first_line("curl-config", "--version").split()[-1],
        "Python": platform.python_version(),
        "Node": first_line("node", "--version"),
        "PHP": first_line("php", "-r", "echo PHP_VERSION;"),
        "wechatpy": version("wechatpy"),
        "wechatpay-axios-plugin, tenpay": "0.9.6, 2.1.18",
    }
