//! A PostgreSQL server of the run's own: killed, started again, and its data folder put back from a copy.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The server.
pub struct Server {
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
    child: Option<Child>,
}

/// The newest installed PostgreSQL's programs.
fn programs() -> Result<PathBuf, String> {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|path| path.join("initdb").exists() && path.join("postgres").exists())
        .collect();
    found.sort();
    found.pop().ok_or_else(|| "PostgreSQL's server is missing: install Debian's package `postgresql`".into())
}

/// A command that runs as the user `postgres` where we are root (the server refuses root), and that doesn't
/// outlive us.
fn command(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig", "QUIT", "--"]).arg(program).current_dir("/").stdin(Stdio::null());
    command
}

fn done(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", command.get_program().display(), String::from_utf8_lossy(&output.stderr)))
}

impl Server {
    /// Makes a cluster and starts it.
    pub fn start(folder: &Path) -> Result<Self, String> {
        let bin = programs()?;
        fs::create_dir(folder).map_err(|error| format!("the server's folder: {error}"))?;
        // Where we are not root it is ours already.
        let _owned = Command::new("chown").arg("postgres").arg(folder).stderr(Stdio::null()).status();
        let data = folder.join("data");
        done(
            command(&bin.join("initdb"))
                .args(["--no-sync", "--auth=trust", "--username=tester", "--encoding=UTF8", "--locale=C"])
                .arg("-D")
                .arg(&data),
        )?;
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = free.map_err(|error| format!("a port: {error}"))?.port();
        let config = data.join("postgresql.conf");
        let settings = fs::read_to_string(&config).map_err(|error| format!("its configuration: {error}"))?
            + &format!(
                "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
                 max_connections = 200\nfsync = on\n"
            );
        fs::write(&config, settings).map_err(|error| format!("its configuration: {error}"))?;
        let mut server = Self { folder: folder.to_owned(), bin, port, child: None };
        server.run()?;
        let mut client = server.connect("postgres")?;
        client.batch_execute("CREATE DATABASE torture").map_err(|error| format!("a database: {error}"))?;
        Ok(server)
    }

    /// Where the journal is.
    pub fn url(&self) -> String {
        format!("postgresql://tester@127.0.0.1:{}/torture?sslmode=disable", self.port)
    }

    fn connect(&self, database: &str) -> Result<postgres::Client, String> {
        let url = format!("postgresql://tester@127.0.0.1:{}/{database}", self.port);
        postgres::Client::connect(&url, postgres::NoTls).map_err(|error| error.to_string())
    }

    /// Starts it, and waits until it answers. What is left of a killed one may be in its way for a moment.
    pub fn run(&mut self) -> Result<(), String> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            let mut child = command(&self.bin.join("postgres"))
                .arg("-D")
                .arg(self.folder.join("data"))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .map_err(|error| format!("postgres: {error}"))?;
            while matches!(child.try_wait(), Ok(None)) && began.elapsed() < Duration::from_secs(60) {
                if self.connect("postgres").is_ok() {
                    self.child = Some(child);
                    return Ok(());
                }
                std::thread::sleep(Duration::from_millis(30));
            }
            let _gone = child.kill();
            let _status = child.wait();
            std::thread::sleep(Duration::from_millis(100));
        }
        Err("PostgreSQL doesn't answer".into())
    }

    /// Ends it with that signal: QUIT is `pg_ctl stop -m immediate`, INT lets it finish.
    pub fn end(&mut self, signal: Signal) {
        if let Some(mut child) = self.child.take() {
            if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
                let _sent = kill_process(pid, signal);
            }
            let _status = child.wait();
        }
    }

    /// Copies the data folder while the server is down.
    pub fn copy(&mut self) -> Result<(), String> {
        self.end(Signal::INT);
        done(Command::new("cp").arg("-a").arg(self.folder.join("data")).arg(self.folder.join("copy")))?;
        self.run()
    }

    /// Puts the copy in the place of the data folder.
    pub fn restore(&mut self) -> Result<(), String> {
        self.end(Signal::INT);
        let data = self.folder.join("data");
        fs::remove_dir_all(&data).map_err(|error| format!("the data folder: {error}"))?;
        done(Command::new("cp").arg("-a").arg(self.folder.join("copy")).arg(&data))?;
        self.run()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(Signal::INT);
    }
}
