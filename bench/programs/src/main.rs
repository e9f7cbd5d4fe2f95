//! What `bench/compare` measures in Rust.
//!
//! `redpack-bench-programs floor|redpack|journaled AT_ONCE SECONDS URL FOLDER` sends for so long from so many threads
//! and prints what that took. For a counter of instructions or allocations, `encode|answer TIMES` does one thing of the
//! protocol layer so often, and `count TIMES URL FOLDER` sends so often; `body` prints what is sent. `FOLDER` holds
//! ca.pem, client.pem and client.key.
#![allow(clippy::print_stdout, reason = "a benchmark")]

mod floor;
mod load;
mod orders;
mod protocol;
mod sends;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

/// A benchmark ends at the first thing that goes wrong, and says what.
type Done = Result<(), Box<dyn Error + Send + Sync>>;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["body"] => protocol::body(),
        ["encode", times] => protocol::encode(times.parse()?),
        ["answer", times] => protocol::answer(times.parse()?),
        ["count", times, url, folder] => sends::count(times.parse()?, url, Path::new(folder)),
        [program, at_once, seconds, url, folder] => {
            let (at_once, time) = (at_once.parse()?, Duration::from_secs_f64(seconds.parse()?));
            let folder = Path::new(folder);
            match *program {
                "floor" => load::run(at_once, time, || floor::sender(url, folder)),
                "redpack" => load::run(at_once, time, sends::senders(url, folder, None)?),
                "journaled" => load::run(at_once, time, sends::senders(url, folder, Some("payments.db"))?),
                "numbered" => load::run(at_once, time, sends::numbered(url, folder)?),
                other => Err(format!("{other}: no such program").into()),
            }
        }
        _ => Err("see the head of src/main.rs for how to call this".into()),
    }
}
