//! Builds C and C++ programs against the library that is under test, and runs them at a sandbox of their own.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use redpack_sandbox::{Options, Sandbox};
use tempfile::TempDir;

/// More than any program here takes, even under valgrind on a busy machine.
const LIMIT: Duration = Duration::from_secs(300);

pub const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];
/// As plain C99 as a program gets that also sleeps, forks and reads the environment.
pub const C99: [&str; 2] = ["-std=c99", "-D_POSIX_C_SOURCE=200809L"];
pub const CPP17: [&str; 1] = ["-std=c++17"];

pub fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn include() -> PathBuf {
    here().join("../include")
}

/// Where cargo puts the libraries for its tests: beside the test itself.
pub fn built() -> PathBuf {
    let test = std::env::current_exe().expect("this program");
    let folder = test.parent().expect("a folder").to_owned();
    assert!(folder.join("libredpack_ffi.so").is_file(), "no libredpack_ffi.so in {}", folder.display());
    folder
}

/// A program that these tests need; if it is missing, says where it comes from.
pub fn tool(name: &str, package: &str) -> Command {
    let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(name).is_file());
    assert!(found, "this test needs {name}: on Debian or Ubuntu, apt-get install {package}");
    Command::new(name)
}

/// A folder with the library under the names that it is installed with.
fn named_library() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["libredpack.so", "libredpack.so.0"] {
            symlink(built().join("libredpack_ffi.so"), folder.path().join(name)).expect("a link");
        }
        folder
    });
    folder.path()
}

/// A place for programs, removed at the end.
pub struct Workshop {
    pub dir: TempDir,
}

impl Workshop {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Compiles sources of `ffi/` and links them with the library.
    pub fn program(&self, sources: &[&str], flags: &[&str]) -> PathBuf {
        let cpp = sources[0].ends_with(".cpp");
        let (mut compiler, standard) =
            if cpp { (tool("g++", "g++"), &CPP17[..]) } else { (tool("gcc", "gcc"), &C99[..]) };
        let program = self.path(&sources[0].replace(['/', '.'], "_"));
        compiler.args(standard).args(WARNINGS).args(["-g", "-O1", "-pthread"]).arg("-I").arg(include());
        compiler.args(sources.iter().map(|source| here().join(source))).arg("-o").arg(&program);
        compiler.arg("-L").arg(named_library()).arg("-lredpack").args(flags);
        compiler.arg(format!("-Wl,-rpath,{}", named_library().display()));
        succeeds(&mut compiler);
        program
    }
}

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end, at most [`LIMIT`].
pub fn run(command: &mut Command) -> Run {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a status") {
            break status;
        }
        if started.elapsed() > LIMIT {
            child.kill().expect("killed");
            child.wait().expect("reaped");
            panic!("{command:?} did not end within {LIMIT:?}");
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
        let mut bytes = Vec::new();
        pipe.map(|mut pipe| pipe.read_to_end(&mut bytes).expect("the output ends"));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Runs a command that must end well, and gives back what it printed.
pub fn succeeds(command: &mut Command) -> String {
    let run = run(command);
    assert!(run.status == 0, "{command:?}: {}\n{}{}", run.status, run.stdout, run.stderr);
    run.stdout
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

    /// Gives a command the sandbox's coordinates, as the examples read them, and nothing else of an environment
    /// but the way to other programs.
    pub fn at<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let sandbox = &self.sandbox;
        let journal = format!("sqlite:{}", self.dir.path().join("journal.db").display());
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("RUST_BACKTRACE", "0");
        command
            .env("REDPACK_BASE_URL", sandbox.base_url())
            .env("REDPACK_CA_FILE", sandbox.ca_file())
            .env("REDPACK_MCH_ID", sandbox.mch_id())
            .env("REDPACK_APPID", sandbox.appid())
            .env("REDPACK_API_KEY", sandbox.api_key().expose())
            .env("REDPACK_CERT", sandbox.cert_file())
            .env("REDPACK_KEY", sandbox.key_file())
            .env("REDPACK_P12", sandbox.p12_file())
            .env("REDPACK_JOURNAL", journal)
    }

    /// Runs a program that must end well, and gives back what it printed.
    pub fn output(&self, program: impl AsRef<OsStr>) -> String {
        succeeds(self.at(&mut Command::new(program)))
    }

    pub fn debits(&self) -> u64 {
        self.sandbox.ledger().totals.debits
    }
}
