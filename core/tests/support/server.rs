//! A TLS server that counts what reaches it and answers as the test's script says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

use super::pki::{Pair, pki};

/// What to do with a request.
pub enum Reply {
    /// Write these bytes, raw, and wait for the next request.
    Raw(Vec<u8>),
    /// Write these bytes, raw, and close.
    RawThenClose(Vec<u8>),
    /// Write these bytes, raw, and close TCP without a word of TLS.
    RawThenDrop(Vec<u8>),
    /// Write these bytes, raw, and reset the connection.
    RawThenReset(Vec<u8>),
    /// Write one byte of these each few milliseconds.
    Drip(Vec<u8>, Duration),
    /// Write the first bytes, then the others over and over until the connection breaks.
    Endless(Vec<u8>, Vec<u8>),
    /// Close without an answer.
    Close,
    /// Reset without an answer.
    Reset,
    /// Say nothing for that long, then close.
    Silence(Duration),
}

impl Reply {
    /// HTTP 200 with a length.
    pub fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::Raw(http(200, body.as_ref()))
    }

    pub fn status(status: u16, body: &str) -> Self {
        Self::Raw(http(status, body.as_bytes()))
    }
}

pub fn http(status: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", body.len())
            .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// How the server speaks TLS.
pub struct Tls {
    pub identity: Pair,
    /// The CA that client certificates must come from; `None` asks for none.
    pub client_ca: Option<String>,
    pub versions: Vec<&'static SupportedProtocolVersion>,
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            identity: pki().server.clone(),
            client_ca: Some(pki().ca_pem.clone()),
            versions: rustls::ALL_VERSIONS.to_vec(),
        }
    }
}

#[derive(Default)]
pub struct Counts {
    /// TCP connections taken.
    pub connections: AtomicUsize,
    /// TLS handshakes completed.
    pub handshakes: AtomicUsize,
    /// Requests read whole.
    pub requests: AtomicUsize,
    /// Bodies of requests.
    pub bodies: Mutex<Vec<String>>,
    /// Heads of requests.
    pub heads: Mutex<Vec<String>>,
}

pub struct Server {
    address: SocketAddr,
    pub counts: Arc<Counts>,
    stop: Arc<AtomicBool>,
    acceptor: Option<thread::JoinHandle<()>>,
}

type Script = dyn Fn(usize, &str) -> Reply + Send + Sync;

impl Server {
    /// Starts with the usual certificates; the script gets the request's number (from 0) and its body.
    pub fn start(script: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        Self::with_tls(Tls::default(), script)
    }

    /// Answers every request alike.
    pub fn always(body: impl Into<String>) -> Self {
        let body = body.into();
        Self::start(move |_, _| Reply::ok(&body))
    }

    pub fn with_tls(tls: Tls, script: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let counts = Arc::new(Counts::default());
        let stop = Arc::new(AtomicBool::new(false));
        let (config, script) = (Arc::new(server_config(tls)), Arc::new(script) as Arc<Script>);
        let (all_counts, stopping) = (Arc::clone(&counts), Arc::clone(&stop));
        let acceptor = thread::spawn(move || {
            for stream in listener.incoming() {
                if stopping.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                all_counts.connections.fetch_add(1, Ordering::SeqCst);
                let (counts, config, script) =
                    (Arc::clone(&all_counts), Arc::clone(&config), Arc::clone(&script));
                thread::spawn(move || serve(stream, config, &counts, &*script));
            }
        });
        Self { address, counts, stop, acceptor: Some(acceptor) }
    }

    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.address.port())
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    pub fn bodies(&self) -> Vec<String> {
        self.counts.bodies.lock().expect("bodies").clone()
    }

    pub fn heads(&self) -> Vec<String> {
        self.counts.heads.lock().expect("heads").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

pub fn server_config(tls: Tls) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&tls.versions)
        .expect("versions");
    let builder = match tls.client_ca {
        None => builder.with_no_client_auth(),
        Some(ca) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).expect("CA")).expect("CA");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.expect("verifier"))
        }
    };
    let chain = CertificateDer::pem_slice_iter(tls.identity.0.as_bytes()).collect::<Result<Vec<_>, _>>();
    let key = PrivateKeyDer::from_pem_slice(tls.identity.1.as_bytes()).expect("key");
    builder.with_single_cert(chain.expect("chain"), key).expect("identity")
}

fn serve(stream: TcpStream, config: Arc<ServerConfig>, counts: &Counts, script: &Script) {
    // Nothing in a test takes longer; a forgotten connection ends by itself.
    let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
    let _ = stream.set_nodelay(true);
    let raw = stream.try_clone().expect("a handle");
    let mut tls = StreamOwned::new(ServerConnection::new(config).expect("TLS"), stream);
    while tls.conn.is_handshaking() {
        if tls.conn.complete_io(&mut tls.sock).is_err() {
            return;
        }
    }
    counts.handshakes.fetch_add(1, Ordering::SeqCst);
    while let Some((head, body)) = read_request(&mut tls) {
        counts.heads.lock().expect("heads").push(head);
        counts.bodies.lock().expect("bodies").push(body.clone());
        let number = counts.requests.fetch_add(1, Ordering::SeqCst);
        let reset = || {
            let _ = socket2::SockRef::from(&raw).set_linger(Some(Duration::ZERO));
        };
        match script(number, &body) {
            Reply::Raw(bytes) => {
                if tls.write_all(&bytes).and_then(|()| tls.flush()).is_err() {
                    return;
                }
            }
            Reply::RawThenClose(bytes) => {
                let _ = tls.write_all(&bytes);
                tls.conn.send_close_notify();
                let _ = tls.flush();
                return;
            }
            Reply::RawThenDrop(bytes) => {
                let _ = tls.write_all(&bytes).and_then(|()| tls.flush());
                return;
            }
            Reply::RawThenReset(bytes) => {
                let _ = tls.write_all(&bytes).and_then(|()| tls.flush());
                thread::sleep(Duration::from_millis(50));
                return reset();
            }
            Reply::Drip(bytes, pause) => {
                for byte in bytes {
                    if tls.write_all(&[byte]).and_then(|()| tls.flush()).is_err() {
                        return;
                    }
                    thread::sleep(pause);
                }
            }
            Reply::Endless(start, again) => {
                let mut written = tls.write_all(&start);
                while written.is_ok() {
                    written = tls.write_all(&again).and_then(|()| tls.flush());
                }
                return;
            }
            Reply::Close => return,
            Reply::Reset => return reset(),
            Reply::Silence(time) => return thread::sleep(time),
        }
    }
}

/// Head and body of one request; `None` where the connection ends first.
pub fn read_request(tls: &mut impl Read) -> Option<(String, String)> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if tls.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length?];
    tls.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}
