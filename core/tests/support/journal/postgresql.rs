//! A PostgreSQL server of the tests' own: made in a temporary folder, ended by its process id.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

pub struct Server {
    folder: PathBuf,
    pub port: u16,
    child: Mutex<Option<Child>>,
    bin: PathBuf,
}

/// The newest installed PostgreSQL's programs.
fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|path| path.join("initdb").exists() && path.join("postgres").exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL's server is missing: install Debian's package `postgresql`")
}

/// A command that runs as the user `postgres` where we are root: the server refuses root.
fn command(program: &Path) -> Command {
    if fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
        command.arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Server {
    /// Makes a cluster and starts it. `settings` go into its configuration.
    pub fn start(settings: &[&str]) -> Self {
        let bin = programs();
        let name = format!("redpack-pg-{}-{}", std::process::id(), settings.len());
        let folder = super::base().join(name);
        let _gone = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder");
        let owned = Command::new("chown").arg("postgres").arg(&folder).status();
        let _not_root = owned;
        let made = command(&bin.join("initdb"))
            .args(["--no-sync", "--auth=trust", "--username=tester", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(folder.join("data"))
            .current_dir("/")
            .stdout(Stdio::null())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut text = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nmax_connections = 200\n\
             dynamic_shared_memory_type = mmap\n"
        );
        for setting in settings {
            text.push_str(setting);
            text.push('\n');
        }
        let config = folder.join("data/postgresql.conf");
        let before = fs::read_to_string(&config).expect("its configuration");
        fs::write(&config, before + &text).expect("its configuration");
        let server = Self { folder, port, child: Mutex::new(None), bin };
        server.run();
        server
    }

    /// Starts it, and waits until it answers.
    pub fn run(&self) {
        let child = command(&self.bin.join("postgres"))
            .arg("-D")
            .arg(self.folder.join("data"))
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres runs");
        *self.child.lock().expect("no panic") = Some(child);
        let started = Instant::now();
        while postgres::Client::connect(&self.url("postgres"), postgres::NoTls).is_err() {
            assert!(started.elapsed() < Duration::from_secs(60), "the server doesn't answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills the server as a power cut would, or lets it end.
    pub fn stop(&self, hard: bool) {
        if let Some(mut child) = self.child.lock().expect("no panic").take() {
            let signal = if hard { "-QUIT" } else { "-INT" };
            let _gone = Command::new("kill").args([signal, &child.id().to_string()]).status();
            let _status = child.wait();
        }
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgresql://tester@127.0.0.1:{}/{database}", self.port)
    }

    /// A new, empty database.
    pub fn database(&self, name: &str) -> String {
        let mut client = self.client("postgres");
        client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
        self.url(name)
    }

    pub fn client(&self, database: &str) -> postgres::Client {
        postgres::Client::connect(&self.url(database), postgres::NoTls).expect("a connection")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop(false);
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

static SERVER: OnceLock<Server> = OnceLock::new();

/// The test program's server, started by the first test that asks. It ends with the program.
pub fn server() -> &'static Server {
    SERVER.get_or_init(|| {
        let server = Server::start(&["fsync = on"]);
        // Statics are never dropped: a shell that watches for our end ends the server and removes its folder.
        let pid = server.child.lock().expect("no panic").as_ref().map(Child::id).expect("it runs");
        let script = "while kill -0 $1 2>/dev/null; do sleep 0.2; done; kill -QUIT $2 2>/dev/null; \
                      while [ -e \"$3/data/postmaster.pid\" ]; do sleep 0.1; done; rm -rf \"$3\"";
        #[allow(clippy::zombie_processes, reason = "it outlives us, by purpose, for a moment")]
        let _watcher = Command::new("sh")
            .args(["-c", script, "sh", &std::process::id().to_string(), &pid.to_string()])
            .arg(&server.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh runs");
        server
    })
}
