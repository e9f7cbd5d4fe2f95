//! Looks for bytes in the memory of a child process, from outside, so that the search itself leaves no copies in what
//! is searched.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

use crate::gateway::value;

/// How often the bytes are in what the process can write to, and where: the names of the mappings.
///
/// # Errors
/// Where the process is gone, or not ours to look into.
pub fn places(process: u32, needle: &[u8]) -> io::Result<Vec<String>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let memory = File::open(format!("/proc/{process}/mem"))?;
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').ok_or(io::ErrorKind::InvalidData)?;
        let address = |text| u64::from_str_radix(text, 16).map_err(io::Error::other);
        let (from, to) = (address(from)?, address(to)?);
        let name = words.nth(3).unwrap_or("anonymous");
        for at in in_range(&memory, from, to, needle) {
            found.push(format!("{name}+{:#x}", at - from));
        }
    }
    Ok(found)
}

fn in_range(memory: &File, from: u64, to: u64, needle: &[u8]) -> Vec<u64> {
    const PIECE: usize = 1 << 20;
    let (mut found, mut at) = (Vec::new(), from);
    while at < to {
        // Pieces overlap, so that nothing is missed where two of them meet.
        let length = usize::try_from(to - at).unwrap_or(usize::MAX).min(PIECE + needle.len());
        let mut piece = vec![0; length];
        let Ok(read) = memory.read_at(&mut piece, at) else { break };
        let piece = &piece[..read];
        let starts = piece.windows(needle.len()).enumerate().filter(|(_, window)| *window == needle);
        found.extend(starts.map(|(offset, _)| at + offset as u64).filter(|place| *place < at + PIECE as u64));
        at += PIECE as u64;
    }
    found
}

/// What a process may have where. Whatever is not listed must not be found at all.
struct Secret {
    what: &'static str,
    bytes: Vec<u8>,
    /// Where it must be found, which shows that the search can find it.
    at: &'static [&'static str],
    /// Whether copies of it may be left by libraries that are not ours; they are told, not held against us.
    theirs: bool,
}

/// Starts a client as `src/bin/client.rs` is one, looks into its memory wherever it stops, and tells what is not as it
/// must be: a secret that is not found while it is held, or one of ours that is left at the end.
///
/// # Panics
/// Where the process can't be run.
#[allow(clippy::expect_used, clippy::print_stdout, reason = "for tests, whose output is the report")]
pub fn examine(mut command: Command, folder: &Path, credentials: &str) -> Vec<String> {
    for name in ["api_key", "another_api_key", "passphrase"] {
        let inverted: Vec<u8> = value(name).bytes().map(|byte| !byte).collect();
        fs::write(folder.join(format!("inverted-{name}")), inverted).expect("written");
    }
    let secrets = secrets(folder, credentials);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a client");
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    let mut input = child.stdin.take().expect("its input");
    let (mut complaints, mut left) = (Vec::new(), Vec::new());
    for point in ["given", "alive", "freed"] {
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        if line.trim() != point {
            complaints.push(format!("{credentials}: it came to {line:?} instead of {point}"));
            break;
        }
        for secret in &secrets {
            let places = places(child.id(), &secret.bytes).expect("its memory");
            let what = format!("{credentials}, {point}: {}", secret.what);
            if places.is_empty() && secret.at.contains(&point) {
                complaints.push(format!("{what} is not found, though it must be there"));
            }
            if point == "freed" && !places.is_empty() {
                if secret.theirs {
                    left.push(format!("{} ({})", secret.what, places.join(", ")));
                } else {
                    complaints.push(format!("{what} is left in {}", places.join(", ")));
                }
            }
        }
        input.write_all(b"\n").expect("it goes on");
    }
    drop(input);
    let status = child.wait().expect("its end");
    if !status.success() {
        complaints.push(format!("{credentials}: it ended with {status}"));
    }
    let left = if left.is_empty() { "nothing".to_owned() } else { left.join("; ") };
    println!("{credentials}: left by other libraries: {left}");
    complaints
}

#[allow(clippy::expect_used, reason = "for tests")]
fn secrets(folder: &Path, credentials: &str) -> Vec<Secret> {
    let pem = fs::read_to_string(folder.join("apiclient_key.pem")).expect("the key");
    let lines: Vec<&str> = pem.lines().collect();
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("the key");
    let number = der.secret_der()[36..68].to_vec();
    let (pem_bytes, pkcs12) = (credentials == "pem_bytes", credentials.starts_with("pkcs12"));
    let held = |yes: bool| if yes { &["given"][..] } else { &[] };
    // An allocator writes over the first 16 bytes of what is freed to it: what is behind them shows whether it was
    // cleared.
    let tail = |name: &str| value(name).split_off(16);
    let ours = |what, text: &str, at| Secret { what, bytes: text.into(), at, theirs: false };
    vec![
        ours("the API key", &tail("api_key"), &["given", "alive"]),
        ours("an API key that was replaced", &tail("another_api_key"), &[]),
        ours("the passphrase", &tail("passphrase"), held(pkcs12)),
        // The number that is the secret begins 16 characters before the end of the first line.
        ours("the key's PEM, first line", &lines[1][48..], held(pem_bytes)),
        ours("the key's PEM, second line", &lines[2][..24], held(pem_bytes)),
        // ring keeps the number in a form of its own, which is not looked for; the PKCS#12 library keeps what it likes.
        Secret { what: "the key's number", bytes: number, at: &[], theirs: pkcs12 },
    ]
}
