//! A child after `fork` opens connections of its own and leaves its parent's alone.
#![cfg(unix)]
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::sync::atomic::Ordering;

use support::{Server, client, order, success};

/// Runs `child` in a forked process and returns its exit status.
fn fork(child: impl FnOnce() -> i32) -> i32 {
    // SAFETY: the child calls nothing but our client and `_exit`; it runs no destructors of the parent's
    // and takes no lock that another thread of this test program holds (there is one test in it).
    unsafe {
        match libc::fork() {
            0 => {
                let status = std::panic::catch_unwind(std::panic::AssertUnwindSafe(child)).unwrap_or(99);
                libc::_exit(status)
            }
            process => {
                assert!(process > 0, "fork failed");
                let mut status = 0;
                assert_eq!(libc::waitpid(process, &raw mut status, 0), process);
                libc::WEXITSTATUS(status)
            }
        }
    }
}

#[test]
fn invariant_9_a_pool_belongs_to_one_process() {
    let server = Server::always(success());
    let client = client(&server);
    client.send(&order()).expect("sent");
    assert_eq!(server.connections(), 1);
    let status = fork(|| {
        // Twice, and through a clone: one connection of the child's own serves both.
        let sent = client.send(&order()).is_ok() && client.clone().send(&order()).is_ok();
        i32::from(!sent)
    });
    assert_eq!(status, 0);
    assert_eq!((server.requests(), server.connections()), (3, 2));
    // The parent's connection has not been closed or spoken on by the child.
    client.send(&order()).expect("sent");
    assert_eq!((server.requests(), server.connections()), (4, 2));
    assert_eq!(server.counts.handshakes.load(Ordering::SeqCst), 2);
    // Nor by one that drops its client without having used it, as every child does that ends in good order.
    let slot = std::sync::Mutex::new(Some(client));
    assert_eq!(fork(|| i32::from(slot.lock().map(|mut slot| drop(slot.take())).is_err())), 0);
    let client = slot.into_inner().expect("nobody panicked").expect("the parent has it still");
    client.send(&order()).expect("sent");
    assert_eq!((server.requests(), server.connections()), (5, 2));
    // Two children at once, and a grandchild.
    let status = fork(|| {
        let own = client.send(&order()).is_ok();
        let grandchild = fork(|| i32::from(client.send(&order()).is_err()));
        i32::from(!(own && grandchild == 0 && client.send(&order()).is_ok()))
    });
    assert_eq!(status, 0);
    assert_eq!((server.requests(), server.connections()), (8, 4));
}
