//! All that the gateway knows, under one lock: clock, policy, faults, book.

use std::sync::{Arc, MutexGuard};

use redpack::Fen;
use serde_json::Value;

use crate::book::Book;
use crate::clock::{Clock, Moment};
use crate::error::SandboxError;
use crate::faults::Faults;
use crate::policy::Policy;
use crate::state::{Kept, StateFile};

pub(crate) struct World {
    pub clock: Clock,
    pub policy: Arc<Policy>,
    pub faults: Faults,
    pub book: Book,
    state: Option<StateFile>,
    /// Why the state could not be kept. From then on the gateway answers nobody.
    broken: Option<String>,
}

impl World {
    pub fn new(balance: Fen) -> Self {
        Self {
            clock: Clock::default(),
            policy: Arc::default(),
            faults: Faults::default(),
            book: Book::new(balance),
            state: None,
            broken: None,
        }
    }

    /// The world of the file, if it holds one, else a new one; kept there from now on.
    pub fn kept(mut state: StateFile, balance: Fen) -> Result<Self, SandboxError> {
        let mut world = Self::new(balance);
        if let Some(former) = state.take_former() {
            world.clock = former.clock;
            world.policy = Arc::new(former.policy);
            world.faults = former.faults;
            world.book = Book::restore(former.sums, former.records);
        }
        state.begin(&world.whole(), &mut world.book)?;
        world.state = Some(state);
        Ok(world)
    }

    /// The gateway's time. Everything that is due by then has happened.
    pub fn catch_up(&mut self) -> Moment {
        let now = self.clock.now();
        self.book.catch_up(now, &self.policy);
        now
    }

    /// Everything is forgotten, but for what is to stay.
    pub fn reset(&mut self, balance: Fen, keep: &[Part]) {
        let mut new = Self::new(balance);
        for part in keep {
            match part {
                Part::Clock => new.clock = self.clock,
                Part::Policy => new.policy = Arc::clone(&self.policy),
                Part::Faults => std::mem::swap(&mut new.faults, &mut self.faults),
            }
        }
        let state = self.state.take();
        *self = new;
        if let Some(mut state) = state {
            if let Err(error) = state.begin(&self.whole(), &mut self.book) {
                self.broken = Some(error.to_string());
            }
            self.state = Some(state);
        }
    }

    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// What the state file holds besides the orders.
    fn whole(&self) -> Value {
        let Self { clock, policy, faults, book, .. } = self;
        Kept { clock, policy, faults, sums: book.sums() }.value()
    }

    /// Writes down what has changed. Before an answer leaves: what a client has heard is never forgotten.
    fn keep(&mut self) {
        if self.state.is_none() || self.broken.is_some() {
            return;
        }
        let whole = self.whole();
        if let Some(state) = self.state.as_mut()
            && let Err(error) = state.append(&whole, &mut self.book)
        {
            self.broken = Some(error.to_string());
        }
    }
}

/// What a reset may leave as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    Clock,
    Policy,
    Faults,
}

/// The world while somebody holds its lock. What has changed is kept when it is let go.
pub(crate) struct Held<'a>(MutexGuard<'a, World>);

impl<'a> Held<'a> {
    pub fn new(world: MutexGuard<'a, World>) -> Self {
        Self(world)
    }
}

impl std::ops::Deref for Held<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl std::ops::DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.0
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.keep();
    }
}
