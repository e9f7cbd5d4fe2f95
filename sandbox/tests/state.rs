//! The state on disk: what survives the end of a sandbox, what is refused, and what happens where nothing can
//! be kept.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail, and says why by its name"
)]

#[allow(dead_code, reason = "each test program uses its own part")]
#[path = "control/asking.rs"]
mod asking;
#[allow(dead_code, reason = "each test program uses its own part")]
#[path = "wire/connection.rs"]
mod connection;

use std::fs;
use std::path::{Path, PathBuf};

use asking::{advance, ask, get, policy, post, send, status};
use connection::{Started, order, start};
use redpack::Fen;
use redpack_sandbox::{Options, Sandbox, SandboxError};
use serde_json::{Value, json};
use tempfile::TempDir;

fn options(dir: &Path, state: &Path) -> Options {
    let mut options = Options::new(dir);
    options.state = Some(state.to_owned());
    options
}

/// A sandbox with its state in that file.
fn run(state: &Path) -> Started {
    let dir = tempfile::tempdir().expect("a folder");
    let sandbox = Sandbox::start(options(dir.path(), state)).expect("a sandbox");
    Started { sandbox, dir }
}

fn folder() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let state = dir.path().join("orders.state");
    (dir, state)
}

/// All that is to survive: everything but what counts connections.
fn everything(started: &Started) -> Value {
    let mut ledger = get(&started.sandbox, "/ledger");
    for count in ["connections", "tls_handshakes", "requests"] {
        ledger["totals"][count] = Value::Null;
    }
    let more = ["/faults", "/policy", "/clock"].map(|path| get(&started.sandbox, path));
    json!([ledger, more])
}

/// An order that never gets an answer.
fn lose(started: &Started, mch_billno: &str, changes: &[(&str, &str)]) {
    let body = started.signed(&order(mch_billno, changes));
    let length = body.len();
    let request =
        format!("POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}");
    assert!(started.connect().exchange(&request).is_err(), "no answer");
}

/// A bit of everything, on a clock that stands still.
fn live(started: &Started) {
    let sandbox = &started.sandbox;
    post(sandbox, "/clock", json!({"now": "2027-01-01T12:00:00+08:00", "held": true}));
    policy(started, "recipient_packets_per_day", 4);
    post(
        sandbox,
        "/faults",
        json!({"fault": "late-landing", "remark": "late", "times": 2, "after_seconds": 300}),
    );
    post(sandbox, "/faults", json!({"fault": "NO_AUTH", "skip": 5, "probability": 0.5, "seed": 7}));
    for mch_billno in ["a1", "a2", "a3"] {
        assert_eq!(send(started, mch_billno, &[]), "SUCCESS");
    }
    sandbox.claim("a1").expect("claimed");
    sandbox.refund("a2").expect("returned");
    send(started, "p1", &[("re_openid", "f--PROCESSING")]);
    send(started, "x1", &[("total_amount", "99")]);
    lose(started, "l1", &[("remark", "late"), ("re_openid", "oLate")]);
    status(started, "l1");
}

#[test]
fn everything_survives_a_stop() {
    let (_dir, state) = folder();
    let first = run(&state);
    live(&first);
    let before = everything(&first);
    first.sandbox.stop();

    let second = run(&state);
    assert_eq!(everything(&second), before);
    let rules = get(&second.sandbox, "/faults")["rules"].clone();
    assert_eq!((&rules[0]["struck"], &rules[1]["skip"].is_u64()), (&json!(1), &true), "{rules}");
    assert_eq!(get(&second.sandbox, "/clock"), json!({"now": "2027-01-01T12:00:00+08:00", "held": true}));
    // Time goes on where it stood: what was to land lands, what was to end ends, once.
    assert_eq!(status(&second, "l1"), "NOT_FOUND");
    advance(&second, 300);
    assert_eq!(status(&second, "l1"), "SENT");
    advance(&second, 900);
    assert_eq!(status(&second, "p1"), "SENT");
    // The day's limit knows what was sent before.
    assert_eq!(send(&second, "a4", &[]), "SUCCESS");
    assert_eq!(send(&second, "a5", &[]), "SENDNUM_LIMIT");
    lose(&second, "l2", &[("remark", "late"), ("re_openid", "oLate")]);
    assert_eq!(
        send(&second, "l3", &[("remark", "late"), ("re_openid", "oLater")]),
        "SUCCESS",
        "twice, no more"
    );
    assert_eq!(send(&second, "a1", &[]), "SUCCESS", "known, so not paid again");
    let ledger = second.sandbox.ledger();
    assert_eq!((ledger.orders["a1"].debits, ledger.totals.debits, ledger.landing_later), (1, 7, 1));
    assert_eq!(ledger.balance, Fen(100_000_000 - 700 + 100));
}

#[test]
fn a_clock_that_runs_ahead_runs_on_ahead() {
    let (_dir, state) = folder();
    let first = run(&state);
    send(&first, "a1", &[]);
    advance(&first, 80_000);
    first.sandbox.stop();
    let second = run(&state);
    assert_eq!(status(&second, "a1"), "SENT");
    advance(&second, 6_500);
    assert_eq!(status(&second, "a1"), "RFUND_ING");
}

#[test]
fn at_any_instant_the_file_holds_all_that_was_answered() {
    let (dir, state) = folder();
    let first = run(&state);
    live(&first);
    // As if the process had been killed here: what is on disk is all that is left.
    let copy = dir.path().join("copy.state");
    for mch_billno in ["k1", "k2"] {
        send(&first, mch_billno, &[("re_openid", "oKilled"), ("remark", "快来抢")]);
        fs::copy(&state, &copy).expect("copied");
        assert_eq!(everything(&run(&copy)), everything(&first), "{mch_billno}");
    }
}

#[test]
fn a_cut_off_last_line_is_dropped_and_leaves_no_order_without_its_money() {
    let (dir, state) = folder();
    let first = run(&state);
    post(&first.sandbox, "/clock", json!({"held": true}));
    send(&first, "a1", &[]);
    let before = everything(&first);
    let length = fs::metadata(&state).expect("a file").len();
    // One change of one order: whatever is written of it belongs together.
    first.sandbox.set_balance(Fen(5));
    first.sandbox.stop();
    let whole = fs::read(&state).expect("a file");
    let copy = dir.path().join("copy.state");
    let start = usize::try_from(length).expect("a length");
    for cut in (start..whole.len()).step_by(97).chain([whole.len() - 1]) {
        fs::write(&copy, &whole[..cut]).expect("written");
        assert_eq!(everything(&run(&copy)), before, "{cut}");
    }

    // Through every byte of a Chinese character, in the middle of an order that was being written down.
    let remark = "猜越多得越多".as_bytes();
    let found = whole.windows(remark.len()).position(|window| window == remark).expect("a remark");
    for cut in found..found + 6 {
        fs::write(&copy, &whole[..cut]).expect("written");
        let started = run(&copy);
        let ledger = started.sandbox.ledger();
        assert_eq!(ledger.balance.0 + ledger.totals.debited.0, 100_000_000, "{cut}");
    }
    let mut lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    let middle = lines.len() / 2;
    lines[middle] = &lines[middle][..lines[middle].len() / 2];
    fs::write(&copy, lines.concat()).expect("written");
    let error = Sandbox::start(options(dir.path(), &copy)).expect_err("a cut in the middle is damage");
    assert!(error.to_string().contains("can't be read"), "{error}");
}

#[test]
fn what_is_no_state_of_this_merchant_is_refused_and_stays_as_it_is() {
    let (dir, state) = folder();
    let first = run(&state);
    send(&first, "a1", &[]);
    first.sandbox.stop();
    let good = fs::read_to_string(&state).expect("a file");
    let form = good.lines().next().expect("a line");
    for (content, why) in [
        ("precious", "it does not begin as a"),
        ("precious\n", "it does not begin as a"),
        ("\n", "it does not begin as a"),
        ("{\"mch_id\": \"1900000109\"}\n", "it does not begin as a"),
        (&good[..form.len()], "it does not begin as a"),
        (&good.replace("1900000109", "1900000110"), "the state of merchant 1900000110, not of 1900000109"),
        (&good.replace("state 1", "state 2"), "it does not begin as a"),
        (&format!("{form}\n"), "it holds no sums"),
        (&format!("{good}{form}\n"), "is out of place"),
        (&format!("{good}{{\"colour\": 1}}\nx"), "can't be read"),
        (&good.replace("repeat_after_success", "colour"), "its settings can't be read"),
    ] {
        fs::write(&state, content).expect("written");
        let error = Sandbox::start(options(dir.path(), &state)).expect_err(content);
        assert!(matches!(&error, SandboxError::State(path, _) if *path == state), "{error}");
        assert!(error.to_string().contains(why), "{content}: {error}");
        assert_eq!(fs::read_to_string(&state).expect("a file"), content, "it stays as it is");
    }
    fs::write(&state, "").expect("written");
    assert_eq!(run(&state).sandbox.ledger().orders.len(), 0, "an empty file, as mktemp makes them, will do");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused() {
    let (dir, _) = folder();
    for path in [Path::new("/dev/full"), Path::new("/dev/zero"), dir.path()] {
        let error = Sandbox::start(options(&dir.path().join("made"), path)).expect_err("refused");
        assert!(error.to_string().ends_with("it is not a file"), "{error}");
        assert!(path.exists() && !path.is_file());
    }
    let nowhere = dir.path().join("nowhere/orders.state");
    let error = Sandbox::start(options(&dir.path().join("made"), &nowhere)).expect_err("no folder");
    assert!(error.to_string().contains("can't be written"), "{error}");
}

#[test]
fn a_reset_empties_the_file() {
    let (_dir, state) = folder();
    let first = run(&state);
    live(&first);
    post(&first.sandbox, "/reset", json!({"keep": ["policy"]}));
    assert!(!fs::read_to_string(&state).expect("a file").contains("a1"));
    send(&first, "b1", &[]);
    first.sandbox.stop();
    let second = run(&state);
    let ledger = second.sandbox.ledger();
    assert!(ledger.orders.keys().eq(["b1"]) && ledger.landing_later == 0);
    assert_eq!(second.sandbox.policy().recipient_packets_per_day, Some(4));
    assert_eq!(get(&second.sandbox, "/faults")["rules"], json!([]));
}

#[test]
fn what_can_not_be_kept_is_answered_to_nobody() {
    let (dir, state) = folder();
    let started = run(&state);
    let mut connection = started.connect();
    let body = started.signed(&order("a1", &[]));
    assert_eq!(connection.post("sendredpack", &body).status, 200);
    drop(dir);
    // The reset itself could not be kept, and says so.
    let told = ask(&started.sandbox, "POST", "/reset", "");
    assert_eq!(told.status, 500);
    assert!(told.error().contains("orders.state can't be written"), "{}", told.error());
    for (method, path) in
        [("GET", "/ledger"), ("POST", "/policy"), ("GET", "/openapi.json"), ("POST", "/reset")]
    {
        assert_eq!(ask(&started.sandbox, method, path, "").status, 500, "{method} {path}");
    }
    let reply = connection.post("sendredpack", &body);
    assert_eq!(reply.status, 500);
    assert!(reply.body.contains("orders.state can't be written"), "{}", reply.body);
    assert_eq!(started.connect().post("gethbinfo", &body).status, 500);
}

#[test]
fn without_a_file_nothing_is_kept() {
    let first = start();
    send(&first, "a1", &[]);
    let mut names: Vec<_> = fs::read_dir(first.dir.path()).expect("a folder").flatten().collect();
    names.retain(|entry| entry.file_name().to_string_lossy().contains("state"));
    assert!(names.is_empty());
}
