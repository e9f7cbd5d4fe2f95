//! Whether anything waits to be read on a socket, asked without reading and without waiting.

use std::net::TcpStream;

/// Whether the connection stands and nothing has come: one system call. `false` says only that one must look.
#[cfg(unix)]
pub(super) fn is_quiet(stream: &TcpStream) -> bool {
    use rustix::io::Errno;
    use rustix::net::{RecvFlags, recv};

    let looked = recv(stream, &mut [0_u8; 1], RecvFlags::PEEK | RecvFlags::DONTWAIT);
    matches!(looked, Err(Errno::AGAIN))
}

/// Elsewhere one must look.
#[cfg(not(unix))]
pub(super) fn is_quiet(_stream: &TcpStream) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};

    use super::is_quiet;

    #[test]
    #[allow(clippy::expect_used, reason = "tests")]
    fn bytes_and_an_end_are_noticed_and_stay_to_be_read() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let near = TcpStream::connect(listener.local_addr().expect("an address")).expect("a connection");
        let (mut far, _) = listener.accept().expect("a connection");
        assert!(is_quiet(&near));
        far.write_all(b"x").expect("a byte");
        near.peek(&mut [0]).expect("the byte");
        assert!(!is_quiet(&near) && !is_quiet(&near));
        drop(near);
        let mut byte = [0];
        while !matches!(far.peek(&mut byte), Ok(0) | Err(_)) {}
        assert!(!is_quiet(&far));
    }
}
