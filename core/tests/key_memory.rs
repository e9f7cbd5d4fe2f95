//! The private key's text and its DER are gone from memory once a client is built, and the client goes on working
//! with what rustls made of them. The whole memory of the process is searched (Linux only).
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use redpack::{Client, Credentials, Secret};
use zeroize::Zeroizing;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Hides a needle from the search for itself.
const VEIL: u8 = 0x5A;

/// A veiled part of a file, read without leaving the file's bytes behind.
fn veiled(name: &str, from: usize, length: usize) -> Vec<u8> {
    let mut part = Zeroizing::new(vec![0; length]);
    let mut file = std::fs::File::open(fixture(name)).expect("a fixture");
    file.seek(SeekFrom::Start(from as u64)).expect("long enough");
    file.read_exact(&mut part).expect("long enough");
    part.iter().map(|byte| byte ^ VEIL).collect()
}

/// How often a needle stands in what this process may write to.
fn found(needle: &[u8]) -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").expect("maps");
    let mut memory = std::fs::File::open("/proc/self/mem").expect("memory");
    let mut chunk = Zeroizing::new(vec![0; 1 << 20]);
    let mut count = 0;
    for line in
        maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw")))
    {
        let (from, to) = line.split(' ').next().and_then(|range| range.split_once('-')).expect("a range");
        let parse = |hex| u64::from_str_radix(hex, 16).expect("an address");
        let (mut at, end) = (parse(from), parse(to));
        while at < end {
            let length = (end - at).min(1 << 20) as usize;
            let own = chunk.as_ptr() as u64;
            // What is read into this very buffer is not to be found again in it.
            let overlaps = at < own + (1 << 20) && own < at + length as u64;
            let read =
                memory.seek(SeekFrom::Start(at)).is_ok() && memory.read_exact(&mut chunk[..length]).is_ok();
            if read && !overlaps {
                let veiled =
                    |window: &[u8]| window.iter().zip(needle).all(|(byte, hidden)| byte ^ VEIL == *hidden);
                count += chunk[..length].windows(needle.len()).filter(|window| veiled(window)).count();
            }
            // A page again, for what stands over the edge.
            at += if length == 1 << 20 { (1 << 20) - 4096 } else { length as u64 };
        }
    }
    count
}

#[test]
fn a_loaded_key_leaves_no_text_behind() {
    // Far enough into the file to be key, not header.
    let needles =
        [("key.pem", veiled("key.pem", 700, 40)), ("key.pkcs1.pem", veiled("key.pkcs1.pem", 700, 40))];
    // The search itself: what is there is found.
    let planted = std::fs::read(fixture("key.pem")).expect("a fixture");
    assert!(found(&needles[0].1) >= 1, "the search does not find what is there");
    drop(Zeroizing::new(planted));
    assert_eq!(found(&needles[0].1), 0);
    let key = || Secret::new("192006250b4c09247ec02edce69f6a2d");
    for (name, needle) in needles {
        let client = Client::builder("1900000109", "wx8888888888888888", key())
            .credentials(Credentials::pem_files(fixture("cert.pem"), fixture(name)))
            .build()
            .expect("a client");
        assert_eq!(found(&needle), 0, "{name}");
        let bytes = Zeroizing::new(std::fs::read(fixture(name)).expect("a fixture"));
        client
            .replace_credentials(&Credentials::pem(
                &std::fs::read(fixture("cert.pem")).expect("a fixture"),
                &bytes,
            ))
            .expect("replaced");
        // One text for certificate and key: the key must not stay behind where certificates are looked for.
        let mut one = Zeroizing::new(std::fs::read(fixture("cert.pem")).expect("a fixture"));
        let mut both = Zeroizing::new(Vec::with_capacity(one.len() + bytes.len()));
        both.append(&mut one);
        both.extend_from_slice(&bytes);
        client.replace_credentials(&Credentials::pem(&both, &both)).expect("replaced");
        drop((bytes, both));
        assert_eq!(found(&needle), 0, "{name}");
    }
}
