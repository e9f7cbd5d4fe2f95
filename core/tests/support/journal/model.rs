//! A model of one order, written from the design and not from the code: what must be true after each
//! operation, whoever does it.

use redpack::journal::State::{self, *};
use redpack::{OrderStatus, Outcome};

/// What is done to the order. Leases are known by their number; each owner uses its own last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    Begin,
    Finish(Outcome),
    BeginQuery,
    Told(Option<OrderStatus>),
    Close,
    Paid,
    /// The holder's lease runs out, or its owner dies.
    Expire,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub state: State,
    pub ambiguous: bool,
    pub failed: bool,
    may: bool,
    before: State,
    ambiguous_before: bool,
    /// The lease that holds it: its number, whether for an attempt, whether it is still alive.
    holder: Option<(usize, bool, bool)>,
    fence: usize,
    leases: usize,
    finished: Vec<usize>,
}

/// Which lease an owner got last for each purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owner {
    pub attempt: Option<usize>,
    pub query: Option<usize>,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            state: Prepared,
            ambiguous: false,
            failed: false,
            may: true,
            before: Prepared,
            ambiguous_before: false,
            holder: None,
            fence: 0,
            leases: 0,
            finished: Vec::new(),
        }
    }
}

impl Model {
    /// Does it: `Err` is the refusal's name. `None` where the owner has no lease to end.
    pub fn apply(&mut self, owner: &mut Owner, op: &Op) -> Option<Result<(), &'static str>> {
        Some(match op {
            Op::Begin => self.begin(owner),
            Op::Finish(outcome) => {
                self.finish(owner.attempt?, *outcome);
                Ok(())
            }
            Op::BeginQuery => self.begin_query(owner),
            Op::Told(status) => {
                self.told(owner.query?, status.as_ref());
                Ok(())
            }
            Op::Close => self.close(),
            Op::Paid => self.paid(),
            Op::Expire => {
                if let Some(holder) = &mut self.holder {
                    holder.2 = false;
                }
                Ok(())
            }
        })
    }

    fn alive(&self) -> bool {
        self.holder.is_some_and(|(_, _, alive)| alive)
    }

    fn notice(&mut self) {
        if self.state == Sending && !self.alive() {
            (self.state, self.ambiguous, self.may, self.holder) = (Unknown, true, false, None);
        }
    }

    fn done(&self) -> Option<&'static str> {
        match self.state {
            Sent | Received | Refunding | Refunded => Some("Settled"),
            Closed => Some("Closed"),
            Manual => Some("Manual"),
            _ => None,
        }
    }

    fn lease(&mut self, attempt: bool) -> usize {
        self.leases += 1;
        self.fence = self.leases;
        self.holder = Some((self.leases, attempt, true));
        self.leases
    }

    fn begin(&mut self, owner: &mut Owner) -> Result<(), &'static str> {
        self.notice();
        if let Some(done) = self.done() {
            return Err(done);
        }
        if self.alive() {
            return Err("InFlight");
        }
        if self.failed {
            return Err("Failed");
        }
        if !self.may {
            return Err("QueryFirst");
        }
        (self.before, self.ambiguous_before) = (self.state, self.ambiguous);
        (self.state, self.ambiguous) = (Sending, true);
        owner.attempt = Some(self.lease(true));
        Ok(())
    }

    fn finish(&mut self, lease: usize, outcome: Outcome) {
        if self.finished.contains(&lease) {
            return;
        }
        self.finished.push(lease);
        if self.fence != lease || self.state != Sending {
            // Too late to speak for the order, but money that moved has moved.
            if outcome == Outcome::Sent && self.state != Sending && self.state.outcome() != Outcome::Sent {
                self.state = if self.state == Closed { Manual } else { Sent };
                self.ambiguous &= self.state == Manual;
                (self.failed, self.may) = (false, false);
            }
            return;
        }
        self.holder = None;
        self.may = !matches!(outcome, Outcome::Sent | Outcome::Unknown);
        let was = self.ambiguous_before;
        let held = if self.before == Pending { Pending } else { Unknown };
        (self.state, self.ambiguous) = match outcome {
            Outcome::NotSent => (self.before, was),
            Outcome::Sent => (Sent, false),
            Outcome::Rejected if was => (held, true),
            Outcome::Rejected => (Rejected, false),
            Outcome::Pending if was => (held, true),
            Outcome::Pending => (Pending, true),
            Outcome::Unknown => (Unknown, true),
        };
    }

    fn begin_query(&mut self, owner: &mut Owner) -> Result<(), &'static str> {
        self.notice();
        if self.alive() {
            return Err("InFlight");
        }
        owner.query = Some(self.lease(false));
        Ok(())
    }

    fn told(&mut self, lease: usize, status: Option<&OrderStatus>) {
        if self.fence != lease || !matches!(self.holder, Some((_, false, _))) {
            return;
        }
        self.holder = None;
        let open = matches!(self.state, Prepared | Rejected | Pending | Unknown);
        let sent = self.state.outcome() == Outcome::Sent;
        match status {
            None | Some(OrderStatus::Other(_)) => self.may |= open && !self.failed,
            Some(OrderStatus::Sending) if open => {
                (self.state, self.ambiguous, self.failed, self.may) = (Pending, true, false, false);
            }
            Some(OrderStatus::Sending) => {}
            Some(OrderStatus::Failed) if self.state == Closed => {}
            Some(OrderStatus::Failed) if sent && self.state != Sent => {
                (self.state, self.may) = (Manual, false);
            }
            Some(OrderStatus::Failed) => {
                (self.state, self.ambiguous, self.failed, self.may) = (Rejected, false, true, false);
            }
            Some(_) if self.state == Closed => (self.state, self.may) = (Manual, false),
            Some(told) => {
                let to = match told {
                    OrderStatus::Received => Received,
                    OrderStatus::Refunding => Refunding,
                    OrderStatus::Refunded => Refunded,
                    _ => Sent,
                };
                // What is known already is not unlearnt.
                let lags =
                    matches!(self.state, Received | Refunded) || (self.state == Refunding && to == Sent);
                if !lags {
                    (self.state, self.ambiguous, self.failed, self.may) = (to, false, false, false);
                }
            }
        }
    }

    fn close(&mut self) -> Result<(), &'static str> {
        if self.state == Closed {
            return Ok(());
        }
        self.notice();
        if let Some(done) = self.done() {
            return Err(done);
        }
        if self.alive() {
            return Err("InFlight");
        }
        if self.ambiguous {
            return Err("Ambiguous");
        }
        (self.state, self.may, self.holder) = (Closed, false, None);
        Ok(())
    }

    fn paid(&mut self) -> Result<(), &'static str> {
        self.notice();
        if self.alive() {
            return Err("InFlight");
        }
        match self.state {
            Sent => return Ok(()),
            Rejected | Pending | Unknown | Manual => {}
            _ => return Err("WrongState"),
        }
        (self.state, self.ambiguous, self.failed, self.may) = (Sent, false, false, false);
        self.holder = None;
        Ok(())
    }
}
