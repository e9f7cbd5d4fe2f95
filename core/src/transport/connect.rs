//! Opens a TCP connection, directly or through a CONNECT proxy, within a time limit.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};

use socket2::{Domain, Protocol, Socket, Type};

use super::deadline::{Deadline, is_timeout};
use super::resolver::CachedResolver;
use super::trace::{self, Phase};
use crate::error::ErrorKind;

/// How to reach a host.
#[derive(Debug, Clone, Default)]
pub(crate) struct Route {
    /// A `host:port` that takes CONNECT requests.
    pub proxy: Option<(String, u16)>,
    /// The local address to send from: the service allow-lists egress addresses.
    pub source_address: Option<IpAddr>,
    /// Whether IPv6 addresses are left out.
    pub ipv4_only: bool,
}

/// Connects to `host:port`.
pub(super) fn open(
    route: &Route,
    resolver: &CachedResolver,
    host: &str,
    port: u16,
    deadline: Deadline,
) -> Result<TcpStream, ureq::Error> {
    let (peer, peer_port) = route.proxy.as_ref().map_or((host, port), |(proxy, port)| (proxy, *port));
    trace::note(|trace| trace.phase = Phase::Resolve);
    let addresses = resolver.resolve(peer, peer_port, route.ipv4_only).map_err(|error| {
        trace::fail(ErrorKind::Resolve, format!("the name {peer} can't be resolved: {error}"))
    })?;
    trace::note(|trace| trace.phase = Phase::Connect);
    let stream = try_each(route, &addresses, deadline).map_err(|error| {
        resolver.forget(peer, peer_port);
        let why = if is_timeout(&error) { "the connect limit passed".into() } else { error.to_string() };
        trace::fail(ErrorKind::Connect, format!("no connection to {peer}:{peer_port}: {why}"))
    })?;
    if route.proxy.is_some() {
        tunnel(&stream, host, port, deadline)
            .map_err(|why| trace::fail(ErrorKind::Connect, format!("the proxy {peer}:{peer_port}: {why}")))?;
    }
    Ok(stream)
}

fn try_each(route: &Route, addresses: &[SocketAddr], deadline: Deadline) -> io::Result<TcpStream> {
    let mut last = io::Error::other("no address");
    for (index, &address) in addresses.iter().enumerate() {
        match connect(route, address, deadline.share(addresses.len() - index)?) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn connect(route: &Route, address: SocketAddr, deadline: Deadline) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if let Some(source) = route.source_address {
        socket.bind(&SocketAddr::new(source, 0).into())?;
    }
    socket.connect_timeout(&address.into(), deadline.left()?)?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The longest answer header of a proxy that is read.
const MAX_PROXY_HEADER: usize = 8192;

/// Asks the proxy for a tunnel. TLS goes through it end to end, so the proxy sees host and port only.
fn tunnel(mut stream: &TcpStream, host: &str, port: u16, deadline: Deadline) -> Result<(), String> {
    let request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
    let mut header = Vec::new();
    let mut exchange = || -> io::Result<()> {
        stream.set_write_timeout(Some(deadline.left()?))?;
        stream.write_all(request.as_bytes())?;
        // One byte at a time: what follows the header belongs to TLS.
        while !header.ends_with(b"\r\n\r\n") {
            stream.set_read_timeout(Some(deadline.left()?))?;
            let mut byte = [0];
            if header.len() == MAX_PROXY_HEADER || stream.read(&mut byte)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            header.push(byte[0]);
        }
        Ok(())
    };
    exchange().map_err(|error| format!("no tunnel: {error}"))?;
    let status = header.split(|&byte| byte == b' ').nth(1).unwrap_or_default();
    if header.starts_with(b"HTTP/1.") && status == b"200" {
        Ok(())
    } else {
        Err(format!("refused the tunnel with status {}", String::from_utf8_lossy(status).escape_debug()))
    }
}
