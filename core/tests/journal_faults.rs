//! What fails around the journal: full disks, cut connections, dead servers, restored copies.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "support/journal/mod.rs"]
mod journal;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use journal::*;
use redpack::journal::{Evidence, JournalErrorKind, List, NewOrder, Number, State, Told, open, open_with};
use redpack::{OrderStatus, Outcome};

/// Orders prepared until the journal says that it can't.
fn fill(journal: &dyn redpack::journal::Journal) -> (u32, redpack::journal::JournalError) {
    for number in 0..200_000 {
        let mut order = new_order(&format!("f{number}"));
        order.fields.insert("remark".into(), "x".repeat(1000));
        if let Err(error) = journal.prepare(&order) {
            return (number, error);
        }
    }
    panic!("never full")
}

#[test]
fn invariant_5_a_full_disk_sends_nothing_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
        .arg(folder.path())
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        eprintln!("skipped: this user may not mount a small file system");
        return;
    }
    let result = std::panic::catch_unwind(|| {
        let url = format!("sqlite:{}", folder.path().join("journal.db").display());
        let journal = open(&url).expect("a journal");
        journal.prepare(&new_order("b1")).expect("prepared");
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        let (written, error) = fill(&*journal);
        assert_eq!(error.kind(), JournalErrorKind::Storage, "{error}");
        assert!(written > 10, "{written}");
        // Every order that was told of is there, none that wasn't.
        let count = || {
            let list = List { limit: 200_000, ..List::default() };
            journal.list(&list).expect("listed").len()
        };
        assert_eq!(count(), written as usize + 1);
        assert!(journal.begin(&id("f0"), &begin()).is_err(), "what can't be made durable isn't begun");
        let lost = journal.finish(&held.lease, &end(Outcome::Sent));
        assert!(lost.is_err());
        let order = journal.order(&id("b1")).expect("read").expect("there");
        assert_eq!((order.state, order.ambiguous), (State::Sending, true), "the outcome is unknown");
        // Room again: what could not be written can be, by the same lease.
        let remounted = std::process::Command::new("mount")
            .args(["-o", "remount,size=30m"])
            .arg(folder.path())
            .status()
            .is_ok_and(|status| status.success());
        assert!(remounted);
        assert_eq!(
            journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished").order.state,
            State::Sent
        );
        drop(journal);
        let journal = open(&url).expect("a journal");
        assert_eq!(journal.restore().expect("asked"), None);
        assert_eq!(journal.order(&id("b1")).expect("read").expect("there").state, State::Sent);
    });
    let _unmounted = std::process::Command::new("umount").arg(folder.path()).status();
    result.expect("no failure");
}

/// A copy of the file as a backup program makes it.
fn copy(from: &str, to: &str) {
    let backup = rusqlite::Connection::open(from).expect("open");
    let _gone = std::fs::remove_file(to);
    backup.execute("VACUUM INTO ?1", [to]).expect("copied");
}

#[test]
fn invariant_7_a_restored_file_can_not_pay() {
    let place = sqlite();
    let path = place.url.strip_prefix("sqlite:").expect("a path").to_owned();
    let backup = format!("{path}.backup");
    let journal = place.open();
    for number in ["b1", "b2", "b3"] {
        journal.prepare(&new_order(number)).expect("prepared");
    }
    let held = journal.begin(&id("b3"), &begin()).expect("begun");
    journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished");
    copy(&path, &backup);
    // After the backup: one is paid, one closed, and one that the backup doesn't know of is paid.
    let held = journal.begin(&id("b1"), &begin()).expect("begun");
    journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished");
    journal.close(&id("b2")).expect("closed");
    journal.prepare(&new_order("b4")).expect("prepared");
    let held = journal.begin(&id("b4"), &begin()).expect("begun");
    journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished");
    std::fs::rename(&backup, &path).expect("restored");
    for suffix in ["-wal", "-shm"] {
        let _gone = std::fs::remove_file(format!("{path}{suffix}"));
    }
    let error = journal.begin(&id("b3"), &begin()).expect_err("its file was taken away");
    assert_eq!(error.kind(), JournalErrorKind::Replaced);
    drop(journal);
    for round in 0..2 {
        let journal = place.open();
        let restore = journal.restore().expect("asked").expect("noticed, and not forgotten");
        assert!(!restore.evidence.is_empty(), "round {round}");
        for number in ["b1", "b2"] {
            assert_eq!(word(journal.begin(&id(number), &begin())), "QueryFirst");
            assert!(journal.close(&id(number)).is_err());
        }
        assert_eq!(word(journal.begin(&id("b3"), &begin())), "Settled");
        // A number that the copy doesn't know may have been paid: asked first. A candidate can't be asked of.
        let order = journal.prepare(&new_order("b4")).expect("prepared").order;
        assert_eq!((order.state, order.ambiguous, order.suspect), (State::Unknown, true, true));
        assert_eq!(word(journal.begin(&id("b4"), &begin())), "QueryFirst");
        let candidate =
            NewOrder { number: Number::Candidate("b5".into()), intent: Some("k".into()), ..new_order("b5") };
        assert_eq!(word(journal.prepare(&candidate)), "Restored");
    }
    let journal = place.open();
    let held = journal.begin_query(&id("b1"), query()).expect("asked");
    let order = journal.finish_query(&held.lease, &status(OrderStatus::Sent)).expect("told").order;
    assert_eq!(order.state, State::Sent);
    let held = journal.begin_query(&id("b2"), query()).expect("asked");
    let order = journal.finish_query(&held.lease, &told(Told::NotFound)).expect("told").order;
    assert!(order.suspect && order.ambiguous, "closed since, perhaps, and its payment made anew");
    assert_eq!(word(journal.begin(&id("b2"), &begin())), "QueryFirst");
    journal.accept_restore("li", "checked the console").expect("accepted");
    let held = journal.begin_query(&id("b2"), query()).expect("asked");
    let order = journal.finish_query(&held.lease, &told(Told::NotFound)).expect("told").order;
    assert!(!order.suspect && order.ambiguous);
    assert_eq!(journal.restore().expect("asked"), None);
    drop(journal);
    assert_eq!(place.open().restore().expect("asked"), None, "once is enough");
    // A guard that got lost is as good as a restored copy.
    std::fs::remove_file(format!("{path}.guard")).expect("removed");
    assert!(place.open().restore().expect("asked").is_some());
}

#[test]
fn invariant_7_a_copy_from_before_a_closing_is_noticed() {
    for resolved in [false, true] {
        let place = sqlite();
        let path = place.url.strip_prefix("sqlite:").expect("a path").to_owned();
        let journal = place.open();
        journal.prepare(&new_order("b1")).expect("prepared");
        if resolved {
            let held = journal.begin(&id("b1"), &begin()).expect("begun");
            journal.finish(&held.lease, &end(Outcome::Unknown)).expect("finished");
        }
        drop(journal);
        // The very same file with its old content, so that only the count can tell.
        let checkpoint = rusqlite::Connection::open(&path).expect("open");
        checkpoint.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("written");
        drop(checkpoint);
        let old = std::fs::read(&path).expect("read");
        let journal = place.open();
        if resolved {
            let paid = Evidence::Paid { send_listid: None };
            journal.resolve(&id("b1"), &paid, "li", "console").expect("resolved");
        } else {
            journal.close(&id("b1")).expect("closed");
        }
        drop(journal);
        for suffix in ["-wal", "-shm"] {
            let _gone = std::fs::remove_file(format!("{path}{suffix}"));
        }
        std::fs::write(&path, old).expect("restored");
        let journal = place.open();
        assert!(journal.restore().expect("asked").is_some(), "resolved: {resolved}");
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "QueryFirst");
    }
}

#[test]
fn invariant_7_a_restored_database_can_not_pay() {
    let place = postgresql();
    let guarded = format!("{}?guard={}", place.url, place.folder.path().join("guard").display());
    let journal = open(&guarded).expect("a journal");
    journal.prepare(&new_order("b1")).expect("prepared");
    assert_eq!(open(&guarded).expect("a journal").restore().expect("asked"), None);
    // The whole database goes back in time, under a running process and for the next one.
    let name = place.url.rsplit('/').next().expect("a name");
    let mut sql = postgresql::server().client(name);
    let before: i64 = sql.query_one("SELECT last_value FROM redpack_fence", &[]).expect("read").get(0);
    let held = journal.begin(&id("b1"), &begin()).expect("begun");
    journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished");
    let back = format!(
        "SELECT setval('redpack_fence', {before});
         DELETE FROM redpack_attempts WHERE fence > {before}; DELETE FROM redpack_marks WHERE fence > {before};
         UPDATE redpack_orders SET state = 'prepared', ambiguous = 0, may_attempt = 1, first_attempt_at = NULL"
    );
    sql.batch_execute(&back).expect("set back");
    let error = journal.begin(&id("b1"), &begin()).expect_err("noticed");
    assert_eq!(error.kind(), JournalErrorKind::Replaced);
    assert_eq!(word(journal.begin(&id("b1"), &begin())), "QueryFirst");
    journal.accept_restore("li", "looked").expect("accepted");
    drop(journal);
    sql.batch_execute(&back).expect("set back");
    let journal = open(&guarded).expect("a journal");
    assert!(journal.restore().expect("asked").is_some(), "the guard remembers");
    journal.accept_restore("li", "looked").expect("accepted");
    drop(journal);
    // A database made from the old one is another one.
    drop(sql);
    let copy = format!("{name}_copy");
    let made = format!("CREATE DATABASE {copy} TEMPLATE {name}");
    postgresql::server().client("postgres").batch_execute(&made).expect("copied");
    let journal = open(&postgresql::server().url(&copy)).expect("a journal");
    assert!(journal.restore().expect("asked").is_some());
    assert_eq!(word(journal.begin(&id("b1"), &begin())), "QueryFirst");
}

/// A proxy that passes bytes on and, once armed, passes on what goes to the server and cuts both ways before
/// the answer.
fn proxy(port: u16, armed: Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let own = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { return };
            let (mut from, mut to) =
                (client.try_clone().expect("cloned"), server.try_clone().expect("cloned"));
            std::thread::spawn(move || std::io::copy(&mut from, &mut to));
            let (mut from, mut to, armed) = (server, client, Arc::clone(&armed));
            std::thread::spawn(move || {
                let mut bytes = [0u8; 65536];
                while let Ok(count) = from.read(&mut bytes) {
                    // `INSERT`, `UPDATE` as the server confirms them: by then it has committed.
                    let confirms = |word: &[u8]| bytes[..count].windows(word.len()).any(|seen| seen == word);
                    if armed.load(Ordering::SeqCst) && (confirms(b"INSERT 0 1\0") || confirms(b"UPDATE 1\0"))
                    {
                        armed.store(false, Ordering::SeqCst);
                        let _cut = to.shutdown(std::net::Shutdown::Both);
                        return;
                    }
                    if count == 0 || to.write_all(&bytes[..count]).is_err() {
                        let _cut = to.shutdown(std::net::Shutdown::Both);
                        return;
                    }
                }
            });
        }
    });
    own
}

#[test]
fn invariant_5_a_commit_of_unknown_result_is_read_back() {
    let place = postgresql();
    let armed = Arc::new(AtomicBool::new(false));
    let port = proxy(postgresql::server().port, Arc::clone(&armed));
    let url = place.url.replace(&format!(":{}/", postgresql::server().port), &format!(":{port}/"));
    let journal = open(&url).expect("a journal");
    let cut = |what: &str| {
        assert!(!armed.load(Ordering::SeqCst), "{what} was not cut");
    };
    let arm = || armed.store(true, Ordering::SeqCst);
    arm();
    assert!(journal.prepare(&new_order("b1")).is_ok());
    cut("prepare");
    arm();
    let held = journal.begin(&id("b1"), &begin()).expect("begun, and known to be");
    cut("begin");
    assert_eq!(journal.attempts(&id("b1")).expect("read").len(), 1);
    arm();
    let order = journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished").order;
    cut("finish");
    assert_eq!((order.state, order.attempts), (State::Sent, 1));
}

#[test]
fn a_database_that_dies_between_intent_and_outcome_keeps_both() {
    let server = postgresql::Server::start(&["# a server to kill", "shared_buffers = 16MB"]);
    let journal = open(&server.database("killed")).expect("a journal");
    journal.prepare(&new_order("b1")).expect("prepared");
    let held = journal.begin(&id("b1"), &begin()).expect("begun");
    server.stop(true);
    let started = Instant::now();
    let error = journal.finish(&held.lease, &end(Outcome::Sent)).expect_err("no server");
    assert!(matches!(error.kind(), JournalErrorKind::Unavailable | JournalErrorKind::Ambiguous), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(60));
    assert!(journal.begin(&id("b1"), &begin()).is_err());
    server.run();
    let order = journal.order(&id("b1")).expect("read").expect("there");
    assert_eq!((order.state, order.ambiguous), (State::Sending, true));
    assert_eq!(journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished").order.state, State::Sent);
}

#[test]
fn a_server_without_fsync_and_a_newer_schema_are_refused() {
    let server = postgresql::Server::start(&["fsync = off", "shared_buffers = 16MB", "# unsafe"]);
    let error = open(&server.url("postgres")).err().expect("refused");
    assert_eq!(error.kind(), JournalErrorKind::Unfit, "{error}");
    both(|place| {
        drop(place.open());
        if place.engine == "sqlite" {
            let path = place.url.strip_prefix("sqlite:").expect("a path");
            let connection = rusqlite::Connection::open(path).expect("open");
            connection.execute_batch("PRAGMA user_version = 99").expect("set");
        } else {
            let name = place.url.rsplit('/').next().expect("a name");
            let mut client = postgresql::server().client(name);
            client.batch_execute("UPDATE redpack_meta SET version = 99").expect("set");
        }
        let error = open_with(&place.url, &place.options()).err().expect("refused");
        assert_eq!(error.kind(), JournalErrorKind::NewerSchema, "{error}");
    });
}

#[test]
fn a_path_with_a_slip_in_it_makes_no_journal_where_that_is_not_wanted() {
    let place = sqlite();
    let kind = |url: &str| redpack::journal::open(url).map(drop).map_err(|error| error.kind());
    assert_eq!(kind(&format!("{}?create=no", place.url)), Err(JournalErrorKind::Unavailable));
    let path = place.url.strip_prefix("sqlite:").expect("a path");
    assert!(!std::path::Path::new(path).exists());
    assert_eq!(kind(&format!("{}?create=maybe", place.url)), Err(JournalErrorKind::Url));
    std::fs::write(path, "").expect("written");
    assert_eq!(kind(&format!("{}?create=no", place.url)), Err(JournalErrorKind::Unavailable));
    drop(place.open());
    assert_eq!(kind(&format!("{}?create=no", place.url)), Ok(()));
    let folder = place.folder.path().join("no-such-folder");
    assert_eq!(kind(&format!("sqlite:{}/journal.db", folder.display())), Err(JournalErrorKind::Storage));
    assert!(!folder.exists(), "nor folders");
}
