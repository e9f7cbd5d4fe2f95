//! Our connections in ureq's hands, for one call each.
//!
//! ureq opens none and keeps none: it is lent one, and gives it back by asking, once it has read an answer to its
//! end, whether the connection may serve again.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

use super::deadline::Deadline;
use super::idle::Idle;
use super::tls::{Broken, TlsConnection};

thread_local! {
    /// What the call under way on this thread reads on from.
    static ASKED: RefCell<Option<Asked>> = const { RefCell::new(None) };
}

/// A connection on which the request has left already, with what has been read of the answer in its buffer.
pub(super) struct Asked {
    pub connection: Box<TlsConnection>,
    /// What ended the reading, if anything did: ureq is to meet it in its turn.
    pub broken: Option<Broken>,
}

/// Lets ureq read the answer that `asked` waits for: what ureq sends in `call` goes nowhere.
pub(super) fn reading_on<R>(asked: Asked, call: impl FnOnce() -> R) -> R {
    struct Clear;
    impl Drop for Clear {
        fn drop(&mut self) {
            // ureq may have given up before it took it.
            ASKED.take();
        }
    }
    let _clear = Clear;
    ASKED.set(Some(asked));
    call()
}

/// The connection that ureq is to read on from.
pub(super) fn asked() -> Option<Asked> {
    ASKED.take()
}

/// A connection as ureq wants one.
pub(super) struct Lent {
    /// Until it is given back.
    connection: Option<Box<TlsConnection>>,
    authority: Box<str>,
    idle: Arc<Idle>,
    /// Whether the request has left before ureq came: then nothing that ureq sends does.
    has_asked: bool,
    /// Whether the buffer holds what ureq hasn't looked at yet.
    unseen: bool,
    broken: Option<Broken>,
    nothing: LazyBuffers,
}

impl Lent {
    /// A fresh connection.
    pub fn fresh(connection: Box<TlsConnection>, authority: &str, idle: Arc<Idle>) -> Self {
        Self {
            connection: Some(connection),
            authority: authority.into(),
            idle,
            has_asked: false,
            unseen: false,
            broken: None,
            nothing: LazyBuffers::new(1, 1),
        }
    }

    /// One on which the request has left.
    pub fn asked(mut asked: Asked, authority: &str, idle: Arc<Idle>) -> Self {
        let unseen = !asked.connection.buffers.input().is_empty();
        // As if ureq had just found that what is there is not enough: then it asks for input, and is shown this.
        asked.connection.buffers.input_consume(0);
        Self {
            has_asked: true,
            unseen,
            broken: asked.broken,
            ..Self::fresh(asked.connection, authority, idle)
        }
    }
}

fn given_back() -> ureq::Error {
    ureq::Error::Other("the connection has been given back".into())
}

impl Transport for Lent {
    fn buffers(&mut self) -> &mut dyn Buffers {
        match &mut self.connection {
            Some(connection) => &mut connection.buffers,
            None => &mut self.nothing,
        }
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let connection = self.connection.as_mut().ok_or_else(given_back)?;
        if self.has_asked {
            return Ok(());
        }
        connection.claim()?;
        connection.keep_output(amount, Deadline::from_ureq(timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let connection = self.connection.as_mut().ok_or_else(given_back)?;
        if std::mem::take(&mut self.unseen) {
            return Ok(true);
        }
        let read = match self.broken.take() {
            Some(broken) => Err(broken),
            None => connection.read_answer(Deadline::from_ureq(timeout)),
        };
        read.map(|amount| amount > 0).map_err(|broken| connection.noted(&broken))
    }

    /// ureq asks this once, when it has done with an answer and would keep the connection: we keep it instead.
    fn is_open(&mut self) -> bool {
        if let Some(connection) = self.connection.take() {
            self.idle.put(&self.authority, connection);
        }
        false
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").field("connection", &self.connection).finish_non_exhaustive()
    }
}
