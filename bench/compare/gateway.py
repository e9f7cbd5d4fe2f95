"""The server that everybody sends to: Debian's nginx with one fixed answer and a required client certificate."""

import re
import socket
import subprocess
import time
from dataclasses import dataclass
from os import sysconf
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

MCH_ID = "1900000109"
ANSWER = {
    "return_code": "SUCCESS",
    "return_msg": "发放成功",
    "result_code": "SUCCESS",
    "err_code": "SUCCESS",
    "err_code_des": "发放成功",
    "mch_billno": "19000001092611240000000001",
    "mch_id": MCH_ID,
    "wxappid": "wx8888888888888888",
    "re_openid": "oxTWIuGaIt6gTKsQRLau2M0yL16E",
    "total_amount": "100",
    "send_listid": "100000000020150520314766074200",
}
CONFIGURATION = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000; client_body_temp_path {folder}/body;
  ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
  ssl_client_certificate {folder}/ca.pem; ssl_verify_client on; ssl_session_cache shared:sessions:1m;
  # The version that WeChat advises, and one cipher for all: left to themselves, nginx's and OpenSSL's releases
  # and Node would each choose another.
  ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384;
  server {{
    listen 127.0.0.1:{port} ssl; location / {{ default_type text/xml; return 200 '{answer}'; }}
  }}
  # The same, but telling how long the head of each request was.
  log_format lengths $request_length;
  server {{
    listen 127.0.0.1:{telling_port} ssl; access_log {folder}/lengths lengths;
    location / {{ default_type text/xml; return 200 '{answer}'; }}
  }}
  server {{ listen 127.0.0.1:{status_port}; location / {{ stub_status; }} }}
}}
"""


def plain(text: str) -> bool:
    return re.fullmatch(r"[0-9A-Za-z_]*", text) is not None


def answer() -> str:
    values = ((name, text if plain(text) else f"<![CDATA[{text}]]>") for name, text in ANSWER.items())
    return "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in values) + "</xml>"


def certificates(folder: Path) -> None:
    """A CA of our own, and from it the server's certificate and the merchant's, in the forms that SDKs want."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new_key = ("-newkey", "rsa:2048", "-nodes")
    openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=bench")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    for name, subject in (("server", "127.0.0.1"), ("client", MCH_ID)):
        openssl("req", *new_key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={subject}")
        by = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names")
        openssl("x509", "-req", "-in", f"{name}.csr", "-days", "2", "-out", f"{name}.pem", *by)
    pair = ("-in", "client.pem", "-inkey", "client.key", "-passout", f"pass:{MCH_ID}")
    openssl("pkcs12", "-export", *pair, "-out", "client.p12")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Work:
    """What nginx has done: since it began, or between two moments."""

    connections: int
    requests: int
    """Seconds of processor time, counted by the system in hundredths."""
    cpu: float

    def __sub__(self, earlier: "Work") -> "Work":
        return Work(
            self.connections - earlier.connections, self.requests - earlier.requests, self.cpu - earlier.cpu
        )


class Gateway:
    """nginx while the block runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.status_port, self.telling_port = free_port(), free_port(), free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.questions = 0

    def __enter__(self) -> "Gateway":
        certificates(self.folder)
        text = CONFIGURATION.format(
            folder=self.folder,
            port=self.port,
            status_port=self.status_port,
            telling_port=self.telling_port,
            answer=answer(),
        )
        (self.folder / "nginx.conf").write_text(text)
        command = ["nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder), "-e", "stderr"]
        self.process = subprocess.Popen(command)
        for _ in range(100):
            if self.process.poll() is not None:
                raise SystemExit("nginx ended by itself")
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except ConnectionRefusedError:
                time.sleep(0.1)
        self.__exit__()
        raise SystemExit("nginx does not listen")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def work(self) -> Work:
        """What nginx has done so far, but for these questions: each is a connection with one request."""
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.status_port}/") as reply:
            taken, _, requests = map(int, reply.read().split(b"\n")[2].split())
        self.questions += 1
        return Work(taken - self.questions, requests - self.questions, self.cpu())

    def head_lengths(self, command: list[str]) -> set[int]:
        """How long the heads of a program's requests are."""
        told = self.folder / "lengths"
        told.write_text("")
        where = ["1", "0", f"https://127.0.0.1:{self.telling_port}", str(self.folder)]
        subprocess.run([*command, *where], check=True, capture_output=True)
        return set(map(int, told.read_text().split()))

    def cpu(self) -> float:
        """What its one worker has used of a processor."""
        master = self.process.pid
        (worker,) = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        # The name in brackets may hold blanks; user's and system's time are the 14th and 15th field of all.
        used = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / sysconf("SC_CLK_TCK")
