//! Writing to a peer that may be gone, in a process that isn't ours.

use std::io::{self, IoSlice, Write};
use std::net::TcpStream;

/// A socket whose writes fail but never raise SIGPIPE, which would end a host that isn't a Rust program. The
/// standard library sees to that in plain writes only, and TLS writes several buffers at once: here they become
/// one, which also leaves in one packet.
pub(super) struct Quiet<'a>(pub &'a mut TcpStream);

impl Write for Quiet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn write_vectored(&mut self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        match buffers {
            [one] => self.0.write(one),
            several => {
                let together: Vec<u8> = several.iter().flat_map(|buffer| buffer.iter().copied()).collect();
                self.0.write(&together)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
