//! A server that misbehaves by a list of cases: `cases.json` says what it does and what a client must make of it.
//! Each case has a port of its own, so that any language chooses one by its address.

mod case;
mod certificates;
mod connection;
mod request;

pub use case::CASES;
pub use certificates::MCH_ID;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use case::{Case, Cases};
use certificates::Authority;
use rustls::ServerConfig;

/// What reached a case.
#[derive(Default)]
pub(crate) struct Counts {
    requests: AtomicU64,
}

impl Counts {
    fn note_request(&self) {
        self.requests.fetch_add(1, Ordering::SeqCst);
    }
}

/// The server, which lives as long as the process.
pub struct Server {
    urls: BTreeMap<String, String>,
    counts: BTreeMap<String, Arc<Counts>>,
    folder: PathBuf,
}

impl Server {
    /// Writes `ca.pem`, `apiclient_cert.pem` and `apiclient_key.pem` into the folder, and listens for every case.
    ///
    /// # Errors
    /// Where the list can't be read, the folder not written, or no port be had.
    pub fn start(folder: &Path) -> io::Result<Self> {
        Self::playing(CASES, folder)
    }

    /// The same with another list of cases.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn playing(cases: &str, folder: &Path) -> io::Result<Self> {
        let cases: Cases = serde_json::from_str(cases)?;
        let (authority, other) = (Authority::new("redpack hostile CA")?, Authority::new("another CA")?);
        let (certificate, key) = authority.client()?;
        let (_, another_key) = authority.client()?;
        fs::create_dir_all(folder)?;
        for (name, text) in [
            ("ca.pem", &authority.pem),
            ("another_ca.pem", &other.pem),
            ("apiclient_cert.pem", &certificate),
            ("apiclient_key.pem", &key),
            ("another_key.pem", &another_key),
        ] {
            fs::write(folder.join(name), text)?;
        }
        let mut server = Self { urls: BTreeMap::new(), counts: BTreeMap::new(), folder: folder.to_owned() };
        for case in cases.cases {
            let config = certificates::config(&case, &authority, &other)?;
            let counts = Arc::new(Counts::default());
            let url = listen(case.clone(), config, Arc::clone(&counts))?;
            if server.urls.insert(case.name.clone(), url).is_some() {
                return Err(io::Error::other(format!("two cases are called {}", case.name)));
            }
            server.counts.insert(case.name, counts);
        }
        Ok(server)
    }

    /// Prints where everything is, waits until standard input ends, and prints what reached each case.
    ///
    /// # Errors
    /// Where nobody reads or writes any more.
    pub fn serve(&self) -> io::Result<()> {
        let mut output = io::stdout();
        writeln!(output, "{}", self.told())?;
        output.flush()?;
        io::stdin().read_to_end(&mut Vec::new())?;
        writeln!(output, "{}", self.told_requests())
    }

    /// Where a case listens.
    pub fn url(&self, case: &str) -> Option<&str> {
        self.urls.get(case).map(String::as_str)
    }

    /// The folder with the certificates.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many requests reached a case whole.
    pub fn requests(&self, case: &str) -> u64 {
        self.counts.get(case).map_or(0, |counts| counts.requests.load(Ordering::SeqCst))
    }

    /// Where everything is, for runners of any language.
    pub fn told(&self) -> serde_json::Value {
        serde_json::json!({ "dir": self.folder, "mch_id": MCH_ID, "urls": self.urls })
    }

    /// How many requests reached each case.
    pub fn told_requests(&self) -> serde_json::Value {
        self.counts
            .keys()
            .map(|name| (name.clone(), self.requests(name).into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

fn listen(case: Case, config: Arc<ServerConfig>, counts: Arc<Counts>) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("https://{}", listener.local_addr()?);
    let case = Arc::new(case);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (case, config, counts) = (Arc::clone(&case), Arc::clone(&config), Arc::clone(&counts));
            // That the client has gone is how most cases end.
            thread::spawn(move || drop(connection::play(stream, &case, &config, &counts)));
        }
    });
    Ok(url)
}
