//! How many files and connections the process may have open at once.

/// Raises the limit as far as the system lets anybody raise it. The usual one, 1,024, is there for programs
/// that use `select`; a thousand idle clients would lock out all others.
#[cfg(unix)]
pub fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Where it can't be had, the old one goes on to hold.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}

#[cfg(not(unix))]
pub fn raise_limit() {}
