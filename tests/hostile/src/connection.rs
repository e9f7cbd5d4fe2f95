//! One connection of a case, from the client's hello to its end.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::crypto::cipher::{OutboundChunks, OutboundPlainMessage};
use rustls::{
    ConnectionTrafficSecrets, ContentType, ProtocolVersion, ServerConfig, ServerConnection, StreamOwned,
    SupportedCipherSuite,
};

use crate::Counts;
use crate::case::{Case, End, Http, Step};
use crate::request::Request;

type Tls = StreamOwned<ServerConnection, TcpStream>;

/// Plays a case on one connection. How it ends is of no interest: most clients go in the middle.
pub(crate) fn play(
    mut stream: TcpStream,
    case: &Case,
    config: &Arc<ServerConfig>,
    counts: &Counts,
) -> io::Result<()> {
    // Longer than any runner takes; a forgotten connection ends by itself.
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.set_nodelay(true)?;
    let raw = stream.try_clone()?;
    if let Some(steps) = &case.instead_of_tls {
        let _ = stream.read(&mut [0; 4096])?;
        let nothing = Request::read(&mut &b"content-length: 0\r\n\r\n"[..])?;
        if let Some(end) = perform(&mut stream, steps, &nothing)? {
            finish(end, &raw, &mut stream)?;
        }
        return Ok(());
    }
    let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    let mut tls = StreamOwned::new(connection, stream);
    while tls.conn.is_handshaking() {
        tls.conn.complete_io(&mut tls.sock)?;
    }
    tls.flush()?;
    loop {
        let request = Request::read(&mut tls)?;
        counts.note_request();
        // The one thing that rustls doesn't do for whoever asks.
        if let [Step::Alert { alert }] = case.answer[..] {
            return fatal(tls, alert);
        }
        match perform(&mut tls, &case.answer, &request)? {
            None => {}
            Some(end) => {
                if matches!(end, End::Close) {
                    tls.conn.send_close_notify();
                    tls.flush()?;
                }
                return finish(end, &raw, &mut tls);
            }
        }
    }
}

fn finish(end: End, raw: &TcpStream, stream: &mut impl Read) -> io::Result<()> {
    match end {
        // Closing over what the client has yet to say would be a reset.
        End::Close | End::Drop => {
            raw.shutdown(std::net::Shutdown::Write)?;
            io::copy(stream, &mut io::sink()).map(drop)
        }
        End::Reset => {
            // What was written is to arrive before the reset does.
            thread::sleep(Duration::from_millis(50));
            socket2::SockRef::from(raw).set_linger(Some(Duration::ZERO))
        }
        End::Wait => io::copy(stream, &mut io::sink()).map(drop),
    }
}

/// Writes what the steps say, and gives back how the connection is to end.
fn perform(to: &mut impl Write, steps: &[Step], request: &Request) -> io::Result<Option<End>> {
    for step in steps {
        match step {
            Step::Http { http } => to.write_all(&whole(http, request))?,
            Step::Write { write } => to.write_all(request.fill(write).as_bytes())?,
            Step::Hex { hex } => to.write_all(&bytes(hex)?)?,
            Step::Repeat { repeat, times } => over_and_over(to, repeat, *times, request)?,
            Step::Drip { drip, each_ms } => {
                for byte in request.fill(drip).as_bytes() {
                    to.write_all(&[*byte])?;
                    to.flush()?;
                    thread::sleep(Duration::from_millis(*each_ms));
                }
            }
            Step::Alert { .. } => return Err(io::Error::other("an alert is a case's only step")),
            Step::End { end } => {
                to.flush()?;
                return Ok(Some(*end));
            }
        }
    }
    to.flush()?;
    Ok(None)
}

fn over_and_over(
    to: &mut impl Write,
    steps: &[Step],
    times: Option<u64>,
    request: &Request,
) -> io::Result<()> {
    let mut once = Vec::new();
    perform(&mut once, steps, request)?;
    // In large pieces: a byte in each record of TLS would be slow.
    let count = (16_384 / once.len().max(1)).max(1) as u64;
    let piece = once.repeat(usize::try_from(count).map_err(io::Error::other)?);
    let mut left = times.unwrap_or(u64::MAX);
    while left > 0 {
        let now = left.min(count);
        let length = usize::try_from(now).map_err(io::Error::other)? * once.len();
        to.write_all(&piece[..length])?;
        to.flush()?;
        left -= now;
    }
    Ok(())
}

fn whole(http: &Http, request: &Request) -> Vec<u8> {
    let mut body = request.fill(&http.body).repeat(http.times);
    if let Some(blanks) = http.padded_to.checked_sub(body.len()) {
        body = body.replace("</xml>", &format!("{}</xml>", " ".repeat(blanks)));
    }
    let mut text = format!("HTTP/1.1 {}\r\nContent-Length: {}\r\n", request.fill(&http.status), body.len());
    for header in &http.headers {
        text.push_str(&request.fill(header));
        text.push_str("\r\n");
    }
    (text + "\r\n" + &body).into_bytes()
}

fn bytes(hex: &str) -> io::Result<Vec<u8>> {
    let digits = |at| u8::from_str_radix(hex.get(at..at + 2).unwrap_or("?"), 16).map_err(io::Error::other);
    (0..hex.len()).step_by(2).map(digits).collect()
}

/// Sends a fatal alert with the connection's own keys, and waits until the client has gone.
fn fatal(tls: Tls, alert: u8) -> io::Result<()> {
    let (connection, mut stream) = tls.into_parts();
    let suite = connection.negotiated_cipher_suite().ok_or(io::ErrorKind::InvalidData)?;
    let secrets = connection.dangerous_extract_secrets().map_err(io::Error::other)?;
    let (sequence, ConnectionTrafficSecrets::Aes256Gcm { key, iv }) = secrets.tx else {
        return Err(io::Error::other("the cipher that both sides prefer is AES-256-GCM"));
    };
    let SupportedCipherSuite::Tls13(suite) = suite else {
        return Err(io::Error::other("both sides prefer TLS 1.3"));
    };
    let payload = OutboundChunks::Single(&[2, alert]);
    let plain = OutboundPlainMessage { typ: ContentType::Alert, version: ProtocolVersion::TLSv1_2, payload };
    let record = suite.aead_alg.encrypter(key, iv).encrypt(plain, sequence).map_err(io::Error::other)?;
    stream.write_all(&record.encode())?;
    io::copy(&mut stream, &mut io::sink()).map(drop)
}
