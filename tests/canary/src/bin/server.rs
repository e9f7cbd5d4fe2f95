//! `canary-server FOLDER`: the gateway of the scenarios, for runners of any language; see `hostile`, which it is with
//! another list.

use std::io;
use std::path::Path;

use redpack_canary::Gateway;

fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).ok_or_else(|| io::Error::other("usage: canary-server FOLDER"))?;
    Gateway::start(Path::new(&folder))?.server.serve()
}
