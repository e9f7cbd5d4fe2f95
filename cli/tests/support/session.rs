//! A reader of a README at a terminal: one folder, a `redpack sandbox` of their own, and `sh`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::support::{Run, finish};

/// The ports that the READMEs name, where the gateway and the control listen. Tests own other ones.
const WRITTEN: [&str; 2] = ["127.0.0.1:8443", "127.0.0.1:8480"];
/// More than a start takes, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

pub struct Session {
    pub folder: TempDir,
    lang: &'static str,
    sandbox: Option<Process>,
    /// Functions that were typed before: each block is a shell of its own.
    functions: String,
}

/// A running sandbox; ended by its process id.
struct Process {
    child: Child,
    /// Where gateway and control really listen.
    addresses: [String; 2],
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Session {
    /// A folder with the examples where the READMEs have them.
    pub fn new(lang: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("sandbox/examples")).expect("a folder");
        Self { folder, lang, sandbox: None, functions: String::new() }
    }

    /// Starts the sandbox that the command asks for, but on free ports, and ends the one before. Returns what
    /// it has printed once that is as expected, or at the end of the patience.
    pub fn start(&mut self, command: &str, expected: impl Fn(&str) -> bool) -> String {
        drop(self.sandbox.take());
        let output = self.folder.path().join("sandbox.out");
        let words = command.split_whitespace().skip(1);
        let words = words.map(|word| if WRITTEN.contains(&word) { "127.0.0.1:0" } else { word });
        let child = Command::new(env!("CARGO_BIN_EXE_redpack"))
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .env("LC_ALL", self.lang)
            .stdin(Stdio::null())
            .stdout(File::create(&output).expect("a file"))
            .spawn()
            .expect("the sandbox starts");
        let mut process = Process { child, addresses: [String::new(), String::new()] };
        let started = Instant::now();
        loop {
            let text = std::fs::read_to_string(&output).unwrap_or_default();
            let found = ["https://", "http://"].map(|scheme| address(&text, scheme));
            if let [Some(gateway), Some(control)] = found {
                process.addresses = [gateway, control];
                let text = process.as_written(&text);
                if expected(&text) || started.elapsed() > LIMIT {
                    self.sandbox = Some(process);
                    self.place_examples();
                    return text;
                }
            }
            assert!(started.elapsed() <= LIMIT, "no sandbox within {LIMIT:?}: {text}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Types a block into a shell, and returns its status and what it shows, as if on the written ports.
    pub fn run(&mut self, block: &str) -> Run {
        if block.contains("() {") {
            self.functions.push_str(block);
        }
        let script = self.really(&format!("exec 2>&1\n{}{block}\n", self.functions));
        let child = self.shell(&script).spawn().expect("sh");
        let run = finish(child);
        let stdout =
            self.sandbox.as_ref().map_or(run.stdout.clone(), |sandbox| sandbox.as_written(&run.stdout));
        Run { stdout, ..run }
    }

    fn shell(&self, script: &str) -> Command {
        let bin = Path::new(env!("CARGO_BIN_EXE_redpack")).parent().expect("a folder");
        let others = std::env::var_os("PATH").unwrap_or_default();
        let path =
            std::env::join_paths(std::iter::once(PathBuf::from(bin)).chain(std::env::split_paths(&others)));
        let mut command = Command::new("sh");
        command
            .args(["-c", script])
            .current_dir(self.folder.path())
            .env("PATH", path.expect("a path"))
            .env("LC_ALL", "C.UTF-8")
            .env("PYTHONUTF8", "1")
            .env("no_proxy", "127.0.0.1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The text with the ports that really are.
    fn really(&self, text: &str) -> String {
        let Some(Process { addresses, .. }) = &self.sandbox else { return text.to_owned() };
        text.replace(WRITTEN[0], &addresses[0]).replace(WRITTEN[1], &addresses[1])
    }

    fn place_examples(&self) {
        for name in ["lost_answer.py", "lost_answer.mjs"] {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox/examples").join(name);
            let text = std::fs::read_to_string(source).expect(name);
            assert!(WRITTEN.iter().all(|address| text.contains(address)), "{name}");
            let place = self.folder.path().join("sandbox/examples").join(name);
            std::fs::write(place, self.really(&text)).expect(name);
        }
    }
}

impl Process {
    /// The text as it were on the written ports.
    fn as_written(&self, text: &str) -> String {
        text.replace(&self.addresses[0], WRITTEN[0]).replace(&self.addresses[1], WRITTEN[1])
    }
}

/// The first address behind that scheme, with its whole port.
fn address(text: &str, scheme: &str) -> Option<String> {
    let (_, rest) = text.split_once(scheme)?;
    let (address, _) = rest.split_once(|end: char| end != '.' && end != ':' && !end.is_ascii_digit())?;
    Some(address.to_owned())
}

/// Whether that program can be run here.
pub fn exists(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}
