//! A TLS server behind a wire that is cut after so many bytes: what a proxy would do between the two, in one
//! thread and exact to the byte.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection};

use super::server::http;
use super::success;

/// Where and how the wire is cut.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// Which way; the other way everything gets through.
    pub towards: Towards,
    /// After how many bytes, counted from the start of the connection.
    pub after: usize,
    pub reset: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    Server,
    Client,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// Whether the connection came to its cut.
    pub cut: bool,
    /// Bytes of the request, or of its TLS record, that reached the server.
    pub request_bytes: usize,
    /// Requests that reached it whole.
    pub requests: usize,
    /// Whether the whole answer has been passed on.
    pub answered: bool,
}

/// Serves one connection until it is cut or the client goes.
pub fn serve(mut stream: TcpStream, config: &Arc<ServerConfig>, cut: Cut) -> Seen {
    let (mut seen, mut wire) = (Seen::default(), Wire { cut, passed: 0 });
    let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
    let _ = stream.set_nodelay(true);
    let ended = exchange(&mut stream, config, &mut wire, &mut seen);
    seen.cut = ended.is_ok();
    if cut.reset && seen.cut {
        let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    } else if seen.cut {
        // An end in order: what the client still writes is read, since closing over it would reset.
        let _ = stream.shutdown(Shutdown::Write);
        let _ = io::copy(&mut stream, &mut io::sink());
    }
    seen
}

struct Wire {
    cut: Cut,
    passed: usize,
}

impl Wire {
    /// How many of those bytes get through.
    fn pass(&mut self, towards: Towards, amount: usize) -> usize {
        if towards != self.cut.towards {
            return amount;
        }
        let through = amount.min(self.cut.after - self.passed);
        self.passed += through;
        through
    }

    fn is_cut(&self) -> bool {
        self.passed == self.cut.after
    }
}

/// Ends with `Ok` where the wire is cut, with an error where the client goes first.
fn exchange(
    stream: &mut TcpStream,
    config: &Arc<ServerConfig>,
    wire: &mut Wire,
    seen: &mut Seen,
) -> io::Result<()> {
    let mut tls = ServerConnection::new(Arc::clone(config)).expect("TLS");
    let (mut records, mut request, mut chunk) = (Vec::new(), Vec::new(), [0; 8192]);
    loop {
        let mut outgoing = Vec::new();
        while tls.wants_write() {
            tls.write_tls(&mut outgoing)?;
        }
        let through = wire.pass(Towards::Client, outgoing.len());
        stream.write_all(&outgoing[..through])?;
        seen.answered = seen.requests > 0 && through == outgoing.len();
        if wire.is_cut() {
            return Ok(());
        }
        let amount = stream.read(&mut chunk)?;
        if amount == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let through = wire.pass(Towards::Server, amount);
        records.extend_from_slice(&chunk[..through]);
        // Record by record: what comes behind the one that ends the handshake is the request.
        while let Some(length) = record_length(&records) {
            seen.request_bytes += if tls.is_handshaking() { 0 } else { length };
            let record: Vec<u8> = records.drain(..length).collect();
            let mut rest = record.as_slice();
            while !rest.is_empty() {
                tls.read_tls(&mut rest)?;
                tls.process_new_packets().map_err(io::Error::other)?;
            }
        }
        let left = if tls.is_handshaking() { 0 } else { records.len() };
        seen.request_bytes += if wire.is_cut() { left } else { 0 };
        match tls.reader().read_to_end(&mut request) {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
            _ => {}
        }
        if seen.requests == 0 && request.ends_with(b"</xml>") {
            seen.requests = 1;
            tls.writer().write_all(&http(200, success().as_bytes()))?;
        }
        if wire.is_cut() && wire.cut.towards == Towards::Server {
            return Ok(());
        }
    }
}

fn record_length(bytes: &[u8]) -> Option<usize> {
    let length = 5 + usize::from(u16::from_be_bytes([*bytes.get(3)?, *bytes.get(4)?]));
    (bytes.len() >= length).then_some(length)
}
