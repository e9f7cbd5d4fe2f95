//! One connection, TLS over TCP: verified always, deadlines kept, every step written into the trace.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig, ClientConnection, ProtocolVersion};
use ureq::unversioned::transport::{Buffers, LazyBuffers};

use super::deadline::{Deadline, SocketLimit, is_timeout};
use super::probe;
use super::quiet::Quiet;
use super::trace::{self, Phase};
use crate::error::ErrorKind;

/// Request heads and bodies are small; answers are at most 1 MiB and read in pieces.
pub(super) const INPUT_BUFFER: usize = 16 * 1024;
const OUTPUT_BUFFER: usize = 16 * 1024;
/// How long to look for the alert behind a write that failed.
const ALERT_WAIT: Duration = Duration::from_millis(200);
/// How many reads an idle connection is worth: session tickets fill one or two.
const MOST_UNASKED: usize = 16;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// One connection.
pub(super) struct TlsConnection {
    id: u64,
    stream: TcpStream,
    read_limit: SocketLimit,
    write_limit: SocketLimit,
    tls: ClientConnection,
    pub(super) buffers: LazyBuffers,
    /// Head and body of a request, until they leave together.
    outgoing: Vec<u8>,
    answer_bytes: u64,
    /// The alert or bad record that ended the connection, met once all that came before it has been read.
    ending: Option<rustls::Error>,
}

/// What ended an exchange of TLS records.
pub(super) enum Broken {
    Io(io::Error),
    Tls(rustls::Error),
    /// The peer closed the connection.
    Eof,
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl TlsConnection {
    /// Shakes hands with `host`.
    pub fn handshake(
        stream: TcpStream,
        config: Arc<ClientConfig>,
        host: &str,
        deadline: Deadline,
    ) -> Result<Self, ureq::Error> {
        trace::note(|trace| {
            trace.phase = Phase::Handshake;
            trace.reused = false;
        });
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| {
            trace::fail(ErrorKind::Configuration, "the host is neither a name nor an address")
        })?;
        let tls = ClientConnection::new(config, name).map_err(|error| {
            trace::fail(ErrorKind::Configuration, format!("TLS can't be set up: {error}"))
        })?;
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        let buffers = LazyBuffers::new(INPUT_BUFFER, OUTPUT_BUFFER);
        let mut connection = Self {
            id,
            stream,
            read_limit: SocketLimit::default(),
            write_limit: SocketLimit::default(),
            tls,
            buffers,
            outgoing: Vec::new(),
            answer_bytes: 0,
            ending: None,
        };
        connection.shake_hands(deadline).map_err(|broken| {
            let (kind, message) = handshake_failure(&broken, host);
            trace::fail(kind, message)
        })?;
        trace::note(|trace| trace.phase = Phase::Ready);
        Ok(connection)
    }

    fn shake_hands(&mut self, deadline: Deadline) -> Result<(), Broken> {
        while self.tls.is_handshaking() {
            self.flush(deadline)?;
            if self.tls.is_handshaking() {
                self.receive(deadline)?;
            }
        }
        self.flush(deadline)
    }

    /// Encrypts and writes what has been kept.
    fn send_outgoing(&mut self, deadline: Deadline) -> Result<(), Broken> {
        self.tls.set_buffer_limit(None);
        self.tls.writer().write_all(&self.outgoing)?;
        self.outgoing.clear();
        self.flush(deadline)
    }

    /// Writes what TLS has to say. Where that fails, the peer's alert, if there is one, says why.
    fn flush(&mut self, deadline: Deadline) -> Result<(), Broken> {
        while self.tls.wants_write() {
            let written = deadline.left().and_then(|left| {
                self.write_limit.keep(left, |limit| self.stream.set_write_timeout(limit))?;
                self.tls.write_tls(&mut Quiet(&mut self.stream))
            });
            match written {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_timeout(&error) => return Err(error.into()),
                Err(error) => return Err(self.pending_alert().unwrap_or(Broken::Io(error))),
            }
        }
        Ok(())
    }

    /// A peer that refuses us sends its alert and closes; our next write fails before we have read it.
    fn pending_alert(&mut self) -> Option<Broken> {
        let deadline = Deadline::after(ALERT_WAIT);
        loop {
            match self.receive(deadline) {
                Ok(()) => {}
                Err(Broken::Tls(error)) => return Some(Broken::Tls(error)),
                Err(_) => return None,
            }
        }
    }

    /// Reads once and takes in what came.
    fn receive(&mut self, deadline: Deadline) -> Result<(), Broken> {
        let left = deadline.left()?;
        self.read_limit.keep(left, |limit| self.stream.set_read_timeout(limit))?;
        match self.tls.read_tls(&mut self.stream) {
            Ok(0) => return Err(Broken::Eof),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        if let Err(error) = self.tls.process_new_packets() {
            // Tell the peer why; that it can't hear it changes nothing.
            let _ = self.write_limit.keep(ALERT_WAIT, |limit| self.stream.set_write_timeout(limit));
            let _ = self.tls.write_tls(&mut Quiet(&mut self.stream));
            return Err(Broken::Tls(error));
        }
        Ok(())
    }

    /// Reads on in the answer. One that came whole counts, whatever the server does behind it.
    fn read_plaintext(&mut self, deadline: Deadline) -> Result<usize, Broken> {
        loop {
            match self.tls.reader().read(self.buffers.input_append_buf()) {
                Ok(amount) => return Ok(amount),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // The end without close_notify: whether the answer is whole, its XML says.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                Err(error) => return Err(error.into()),
            }
            if let Some(error) = &self.ending {
                return Err(Broken::Tls(error.clone()));
            }
            self.flush(deadline)?;
            match self.receive(deadline) {
                Ok(()) | Err(Broken::Eof) => {}
                Err(Broken::Tls(error)) => self.ending = Some(error),
                Err(broken) => return Err(broken),
            }
        }
    }

    /// After the first byte may have left.
    fn exchange_failure(&mut self, broken: &Broken) -> (ErrorKind, String) {
        match broken {
            Broken::Io(error) if is_timeout(error) => (ErrorKind::Timeout, "the attempt limit passed".into()),
            Broken::Io(error) => (ErrorKind::Disconnected, format!("the connection broke: {error}")),
            Broken::Eof => (ErrorKind::Disconnected, "the server closed the connection".into()),
            Broken::Tls(rustls::Error::AlertReceived(alert)) if is_about_our_certificate(*alert) => {
                // Bytes of an answer may also have come with the alert, and be unread.
                let answered = self.answer_bytes > 0 || matches!(self.tls.reader().read(&mut [0]), Ok(1));
                // Under TLS 1.2 the handshake ends after the server has accepted our certificate: an alert
                // behind it, as here, proves nothing. Under TLS 1.3 it is how the server refuses it.
                let proof = self.tls.protocol_version() == Some(ProtocolVersion::TLSv1_3);
                let fresh = proof && !trace::current().reused && !answered;
                let kind = if fresh {
                    ErrorKind::ClientCertificateRefused
                } else {
                    ErrorKind::ClientCertificateDoubted
                };
                (kind, format!("the server refused the client certificate (TLS alert {alert:?})"))
            }
            Broken::Tls(error) => (ErrorKind::Disconnected, format!("TLS broke: {error}")),
        }
    }
}

fn handshake_failure(broken: &Broken, host: &str) -> (ErrorKind, String) {
    match broken {
        Broken::Tls(rustls::Error::InvalidCertificate(why)) => {
            (ErrorKind::ServerCertificate, format!("the certificate of {host} is not to be trusted: {why}"))
        }
        Broken::Tls(rustls::Error::AlertReceived(alert)) if is_about_our_certificate(*alert) => {
            let message = format!("the server refused the client certificate (TLS alert {alert:?})");
            (ErrorKind::ClientCertificateRefused, message)
        }
        Broken::Tls(error) => {
            (ErrorKind::Handshake, format!("the TLS handshake with {host} failed: {error}"))
        }
        Broken::Io(error) if is_timeout(error) => (
            ErrorKind::Handshake,
            format!("the TLS handshake with {host} took longer than the connect limit"),
        ),
        Broken::Io(error) => (ErrorKind::Handshake, format!("the TLS handshake with {host} broke: {error}")),
        Broken::Eof => (ErrorKind::Handshake, format!("{host} closed the connection in the TLS handshake")),
    }
}

/// Alerts 42 to 46, 48 and 116 (design, outcome table).
fn is_about_our_certificate(alert: AlertDescription) -> bool {
    matches!(u8::from(alert), 42..=46 | 48 | 116)
}

impl TlsConnection {
    /// Asks whether the request may leave, and if so takes it as sent from here on: one call, one wire send.
    pub fn claim(&mut self) -> Result<(), ureq::Error> {
        let sender = trace::current().sender;
        if sender.is_some_and(|sender| sender != self.id) {
            // Whatever a layer above believes, a second connection gets nothing.
            return Err(trace::fail(
                ErrorKind::Disconnected,
                "a second wire send within one call was refused",
            ));
        }
        if sender.is_none() && !trace::is_permitted() {
            return Err(ureq::Error::Other("not permitted any more".into()));
        }
        trace::note(|trace| {
            trace.sender = Some(self.id);
            trace.phase = trace.phase.max(Phase::Send);
        });
        Ok(())
    }

    /// Keeps plaintext until the answer is waited for, so that head and body of a request leave as one TLS
    /// record. It must have been claimed.
    pub fn keep(&mut self, plaintext: &[u8], deadline: Deadline) -> Result<(), ureq::Error> {
        self.outgoing.extend_from_slice(plaintext);
        if self.outgoing.len() < OUTPUT_BUFFER {
            return Ok(());
        }
        self.send_outgoing(deadline).map_err(|broken| self.noted(&broken))
    }

    /// What ureq has put into the output buffer.
    pub fn keep_output(&mut self, amount: usize, deadline: Deadline) -> Result<(), ureq::Error> {
        self.outgoing.extend_from_slice(&self.buffers.output()[..amount]);
        self.keep(&[], deadline)
    }

    /// Sends what has been kept, then reads on in the answer; 0 at its end.
    pub fn read_answer(&mut self, deadline: Deadline) -> Result<usize, Broken> {
        self.send_outgoing(deadline)?;
        let amount = self.read_plaintext(deadline)?;
        self.buffers.input_appended(amount);
        self.answer_bytes += amount as u64;
        if amount > 0 {
            trace::note(|trace| trace.phase = Phase::Answer);
        }
        Ok(amount)
    }

    /// Writes down what broke the exchange.
    pub fn noted(&mut self, broken: &Broken) -> ureq::Error {
        let (kind, message) = self.exchange_failure(broken);
        trace::fail(kind, message)
    }

    /// Whether an answer has been read to its end and nothing behind it.
    pub fn is_spent(&mut self) -> bool {
        let unread = !self.buffers.input().is_empty() || !self.outgoing.is_empty() || self.ending.is_some();
        !unread && self.tls.process_new_packets().is_ok_and(|state| is_silent(&state))
    }

    /// Whether an idle connection may serve another call: nothing unread, nothing said, not closed.
    pub fn is_open(&mut self) -> bool {
        self.is_spent() && (probe::is_quiet(&self.stream) || self.has_said_nothing())
    }

    /// Reads what came unasked. Session tickets and key updates may; data, an alert or the end may not.
    fn has_said_nothing(&mut self) -> bool {
        if self.stream.set_nonblocking(true).is_err() {
            return false;
        }
        let looks = (0..MOST_UNASKED).find_map(|_| match self.tls.read_tls(&mut self.stream) {
            Ok(1..) => match self.tls.process_new_packets() {
                Ok(state) if is_silent(&state) => None,
                _ => Some(false),
            },
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Some(true),
            Ok(0) | Err(_) => Some(false),
        });
        // A server that doesn't stop must not hold the caller, whose answer is there.
        looks == Some(true) && self.stream.set_nonblocking(false).is_ok()
    }
}

fn is_silent(state: &rustls::IoState) -> bool {
    state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed()
}

impl fmt::Debug for TlsConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConnection").field("id", &self.id).finish_non_exhaustive()
    }
}
