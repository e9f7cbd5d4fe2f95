//! The sandbox's folder: what is in it, when it is used again, and what is never overwritten.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail, and says why by its name"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use redpack_sandbox::{Options, Sandbox, SandboxError};

const CERTIFICATES: [&str; 5] =
    ["ca.pem", "ca_key.pem", "apiclient_cert.pem", "apiclient_key.pem", "apiclient_cert.p12"];

fn run(dir: &Path, mch_id: &str) -> Result<(), SandboxError> {
    let mut options = Options::new(dir);
    options.mch_id = mch_id.into();
    Sandbox::start(options).map(Sandbox::stop)
}

fn contents(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.into_string().expect("a name"))
        .map(|name| (name.clone(), fs::read(dir.join(name)).expect("a file")))
        .collect()
}

#[test]
fn everything_that_a_client_needs_is_there() {
    let above = tempfile::tempdir().expect("a folder");
    let dir = above.path().join("new/folder");
    let sandbox = Sandbox::start(Options::new(&dir)).expect("a sandbox");
    let names: Vec<String> = contents(&dir).into_keys().collect();
    assert_eq!(names.len(), 6, "nothing is left over: {names:?}");
    for path in [
        sandbox.ca_file(),
        sandbox.cert_file(),
        sandbox.key_file(),
        sandbox.p12_file(),
        sandbox.config_file(),
    ] {
        assert!(path.starts_with(sandbox.dir()) && path.is_file());
    }
    let key = fs::read_to_string(sandbox.key_file()).expect("a key");
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----"));

    let config = fs::read_to_string(sandbox.config_file()).expect("a file");
    let config: toml::Table = config.parse().expect("TOML");
    let text = |name: &str| config[name].as_str().expect("a text").to_owned();
    assert_eq!((text("mch_id"), text("appid")), ("1900000109".into(), "wx8888888888888888".into()));
    assert_eq!((text("api_key"), text("base_url")), (sandbox.api_key().expose().into(), sandbox.base_url()));
    for (name, path) in
        [("cert", sandbox.cert_file()), ("key", sandbox.key_file()), ("ca_file", sandbox.ca_file())]
    {
        assert_eq!(dir.join(text(name)), path);
    }
    assert_eq!(config.len(), 7);
}

#[cfg(unix)]
#[test]
fn secrets_are_their_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), "1900000109").expect("a sandbox");
    for (name, mode) in [
        ("ca.pem", 0o644),
        ("apiclient_cert.pem", 0o644),
        ("ca_key.pem", 0o600),
        ("apiclient_key.pem", 0o600),
        ("apiclient_cert.p12", 0o600),
        ("config.toml", 0o600),
    ] {
        let found = fs::metadata(dir.path().join(name)).expect("a file").permissions().mode() & 0o777;
        assert_eq!(found & !mode, 0, "{name} {found:o}");
    }
}

#[test]
fn a_complete_folder_is_used_again_and_a_broken_one_made_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let certificates = || {
        let mut contents = contents(dir);
        contents.remove("config.toml");
        contents
    };
    run(dir, "1900000109").expect("a sandbox");
    let first = certificates();
    run(dir, "1900000109").expect("again");
    assert_eq!(certificates(), first);
    run(dir, "1900000110").expect("another merchant");
    let second = certificates();
    assert!(CERTIFICATES.iter().all(|name| second[*name] != first[*name]));
    for name in ["ca_key.pem", "apiclient_key.pem", "apiclient_cert.p12"] {
        let before = certificates();
        fs::remove_file(dir.join(name)).expect("removed");
        run(dir, "1900000110").expect("made anew");
        assert!(CERTIFICATES.iter().all(|name| certificates()[*name] != before[*name]), "{name}");
    }
    // A key that is another's.
    fs::write(dir.join("apiclient_key.pem"), &first["apiclient_key.pem"]).expect("written");
    run(dir, "1900000110").expect("made anew");
    assert_ne!(certificates()["apiclient_key.pem"], first["apiclient_key.pem"]);
}

#[test]
fn what_no_sandbox_made_is_never_overwritten() {
    for name in CERTIFICATES.into_iter().chain(["config.toml"]) {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join(name), "precious").expect("written");
        let error = run(dir.path(), "1900000109").expect_err("refused");
        assert!(matches!(&error, SandboxError::NotOurs(path) if path.ends_with(name)), "{error}");
        assert_eq!(fs::read(dir.path().join(name)).expect("a file"), b"precious");
    }
    // A merchant's real certificate put among ours.
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), "1900000109").expect("a sandbox");
    fs::write(dir.path().join("apiclient_cert.pem"), "precious").expect("written");
    assert!(matches!(run(dir.path(), "1900000109"), Err(SandboxError::NotOurs(_))));
}

#[test]
fn options_that_no_merchant_could_have_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    for (mch_id, appid) in [("", "wx1"), ("19 1", "wx1"), ("1", "ab1"), ("1", "wx\"1")] {
        let mut options = Options::new(dir.path());
        (options.mch_id, options.appid) = (mch_id.into(), appid.into());
        assert!(matches!(Sandbox::start(options), Err(SandboxError::Option { .. })), "{mch_id} {appid}");
    }
}
