//! `hostile FOLDER`: prints where each case listens, as a line of JSON, and serves until its standard input ends; then
//! prints how many requests reached each case.

use std::io;
use std::path::Path;

use redpack_hostile::Server;

fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).ok_or_else(|| io::Error::other("usage: hostile FOLDER"))?;
    Server::start(Path::new(&folder))?.serve()
}
