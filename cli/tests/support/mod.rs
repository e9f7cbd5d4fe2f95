//! Runs the binary with an environment of the test's own, bounded in time, and a sandbox for it to call.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use redpack_sandbox::{Options, Sandbox};
use serde_json::Value;
use tempfile::TempDir;

pub const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";
pub const MCH_ID: &str = "1900000109";

/// More than any command here takes, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The one line of JSON on standard output.
    pub fn json(&self) -> Value {
        let lines: Vec<&str> = self.stdout.lines().collect();
        assert_eq!(lines.len(), 1, "{self:?}");
        serde_json::from_str(lines[0]).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Every line of standard output, each a JSON object.
    pub fn lines(&self) -> Vec<Value> {
        let read =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        self.stdout.lines().map(read).collect()
    }

    /// Everything that was written, to look for what must not be there.
    pub fn everything(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// The binary, with nothing of the caller's environment.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redpack"));
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn run<A: Into<OsString>>(args: impl IntoIterator<Item = A>) -> Run {
    run_with(args, &[])
}

pub fn run_with<A: Into<OsString>>(args: impl IntoIterator<Item = A>, env: &[(&str, &str)]) -> Run {
    let mut command = command();
    command.args(args.into_iter().map(Into::into)).envs(env.iter().copied());
    finish(command.spawn().expect("the binary starts"))
}

/// Waits for the end, at most [`LIMIT`]; a child that hangs is ended, and the test with it.
pub fn finish(mut child: Child) -> Run {
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a status") {
            break status;
        }
        if started.elapsed() > LIMIT {
            child.kill().expect("killed");
            child.wait().expect("reaped");
            panic!("the binary did not end within {LIMIT:?}");
        }
        thread::sleep(Duration::from_millis(5));
    };
    Run {
        status: status.code().unwrap_or(-1),
        stdout: stdout.join().expect("stdout"),
        stderr: stderr.join().expect("stderr"),
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut text).expect("the output ends");
        }
        String::from_utf8(text).expect("UTF-8")
    })
}

/// A sandbox with a folder of its own.
pub struct World {
    pub sandbox: Sandbox,
    pub dir: TempDir,
}

impl World {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let sandbox = Sandbox::start(Options::new(dir.path().join("sandbox"))).expect("a sandbox");
        Self { sandbox, dir }
    }

    pub fn config(&self) -> String {
        text(self.sandbox.config_file())
    }

    /// A file in the test's own folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).expect("a file");
        text(&path)
    }

    pub fn api_key(&self) -> &str {
        self.sandbox.api_key().expose()
    }

    /// `send`, complete, with the sandbox's settings, and some more flags.
    pub fn send(&self, billno: &str, more: &[&str]) -> Run {
        self.run("send", &[&order(billno)[..], more].concat())
    }

    pub fn query(&self, billno: &str, more: &[&str]) -> Run {
        self.run("query", &[&["--billno", billno][..], more].concat())
    }

    pub fn run(&self, subcommand: &str, more: &[&str]) -> Run {
        let config = self.config();
        run([&[subcommand, "--config", &config, "--json"][..], more].concat())
    }

    /// The URL of the journal in the test's own folder.
    pub fn journal(&self) -> String {
        format!("sqlite:{}", text(&self.dir.path().join("journal.db")))
    }

    /// A subcommand with that journal.
    pub fn journaled(&self, subcommand: &str, more: &[&str]) -> Run {
        let journal = self.journal();
        self.run(subcommand, &[&["--journal", &journal][..], more].concat())
    }

    /// How many requests have reached the gateway.
    pub fn requests(&self) -> u64 {
        self.sandbox.ledger().totals.requests
    }
}

/// The fields of a proper order of one yuan.
pub fn order(billno: &str) -> [&str; 14] {
    [
        "--billno",
        billno,
        "--openid",
        OPENID,
        "--amount-fen",
        "100",
        "--send-name",
        "天虹百货",
        "--wishing",
        "元宵节快乐",
        "--act-name",
        "猜灯谜",
        "--remark",
        "快来抢 <&]]>",
    ]
}

/// The order with some flags' values changed.
pub fn order_with<'a>(billno: &'a str, changes: &[(&str, &'a str)]) -> Vec<&'a str> {
    let mut args = order(billno).to_vec();
    for (flag, value) in changes {
        let at = args.iter().position(|arg| arg == flag).expect("a flag of the order");
        args[at + 1] = value;
    }
    args
}

pub fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}
