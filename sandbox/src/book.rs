//! The book: every order, every attempt, and the merchant's money. One lock, so that what it says is one
//! moment's truth.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use redpack::{Fen, OrderStatus, Timestamp};

use crate::answer::Refusal;
use crate::error::SandboxError;
use crate::ledger::{Debits, Order};

/// The least time between two attempts of one order (protocol facts, section 1).
const LEAST_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) struct Book {
    balance: Fen,
    orders: BTreeMap<String, Order>,
    attempts: BTreeMap<String, Attempts>,
    refusals: BTreeMap<&'static str, u64>,
    sends: u64,
    queries: u64,
    refunded: Fen,
}

struct Attempts {
    count: u64,
    hasty: u64,
    last: Instant,
}

/// The part of the ledger that the book knows.
pub(crate) struct Balances {
    pub balance: Fen,
    pub sends: u64,
    pub queries: u64,
    pub debits: Debits,
    pub refunded: Fen,
    pub orders: BTreeMap<String, Order>,
    pub not_landed: BTreeMap<String, u64>,
    pub recipients: BTreeMap<String, Debits>,
    pub remarks: BTreeMap<String, Debits>,
    pub refusals: BTreeMap<String, u64>,
}

impl Book {
    pub fn new(balance: Fen) -> Self {
        Self {
            balance,
            orders: BTreeMap::new(),
            attempts: BTreeMap::new(),
            refusals: BTreeMap::new(),
            sends: 0,
            queries: 0,
            refunded: Fen(0),
        }
    }

    pub fn set_balance(&mut self, balance: Fen) {
        self.balance = balance;
    }

    /// A whole request that sends has come, under that number if it is a legal one.
    pub fn count_send(&mut self, mch_billno: Option<&str>) {
        self.sends += 1;
        let Some(mch_billno) = mch_billno else { return };
        let now = Instant::now();
        match self.attempts.get_mut(mch_billno) {
            Some(attempts) => {
                attempts.count += 1;
                attempts.hasty += u64::from(now.duration_since(attempts.last) < LEAST_INTERVAL);
                attempts.last = now;
            }
            None => {
                self.attempts.insert(mch_billno.to_owned(), Attempts { count: 1, hasty: 0, last: now });
            }
        }
    }

    pub fn count_query(&mut self) {
        self.queries += 1;
    }

    pub fn count_refusal(&mut self, code: &'static str) {
        *self.refusals.entry(code).or_default() += 1;
    }

    /// Takes an order in, or recognises it: one number is paid for once.
    ///
    /// The same number with the same recipient and amount is the same order. If it was paid for, the answer
    /// is the first one again (what the real service says then is an open question); if it was stuck, it is
    /// paid for now if it can be.
    pub fn send(&mut self, mut order: Order) -> Result<Order, Refusal> {
        if let Some(former) = self.orders.get(&order.mch_billno) {
            let same = former.kind == order.kind
                && former.re_openid == order.re_openid
                && former.total_amount == order.total_amount;
            if !same {
                return Err(Refusal::new("FATAL_ERROR", "更换了openid或金额，但商户单号未更新"));
            }
            match former.status {
                OrderStatus::Sending => order = former.clone(),
                OrderStatus::Failed => {
                    return Err(Refusal::new("SEND_FAILED", "该订单已经过期，请更换商户单号"));
                }
                _ => return Ok(former.clone()),
            }
        } else {
            order.send_listid = self.next_listid(order.send_time);
        }
        let paid = if let Some(left) = self.balance.0.checked_sub(order.total_amount.0) {
            self.balance = Fen(left);
            order.debits += 1;
            (order.status, order.reason) = (OrderStatus::Sent, None);
            order.send_time = Timestamp::now();
            Ok(order.clone())
        } else {
            (order.status, order.reason) = (OrderStatus::Sending, Some("帐号余额不足".into()));
            Err(Refusal::new("NOTENOUGH", "帐号余额不足，请到商户平台充值后再重试"))
        };
        self.orders.insert(order.mch_billno.clone(), order);
        paid
    }

    /// An order that came to one of those endpoints.
    pub fn find(&self, mch_billno: &str, kinds: &[&str]) -> Option<&Order> {
        self.orders.get(mch_billno).filter(|order| kinds.contains(&order.kind))
    }

    /// The recipient opens the packet.
    pub fn claim(&mut self, mch_billno: &str) -> Result<(), SandboxError> {
        let order = self.sent(mch_billno)?;
        (order.status, order.rcv_time) = (OrderStatus::Received, Some(Timestamp::now()));
        Ok(())
    }

    /// Nobody opened it in time: the money goes back.
    pub fn refund(&mut self, mch_billno: &str) -> Result<(), SandboxError> {
        let order = self.sent(mch_billno)?;
        (order.status, order.refund_time) = (OrderStatus::Refunded, Some(Timestamp::now()));
        let amount = order.total_amount.0;
        self.balance.0 = self.balance.0.saturating_add(amount);
        self.refunded.0 = self.refunded.0.saturating_add(amount);
        Ok(())
    }

    fn sent(&mut self, mch_billno: &str) -> Result<&mut Order, SandboxError> {
        let order = self.orders.get_mut(mch_billno);
        let order = order.ok_or_else(|| SandboxError::NoSuchOrder(mch_billno.to_owned()))?;
        if order.status == OrderStatus::Sent {
            Ok(order)
        } else {
            let status = order.status.clone();
            Err(SandboxError::WrongStatus { mch_billno: mch_billno.to_owned(), status })
        }
    }

    /// The order as the ledger shows it.
    pub fn shown(&self, order: &Order) -> Order {
        let attempts = self.attempts.get(&order.mch_billno);
        let (attempts, hasty_attempts) = attempts.map_or((0, 0), |attempts| (attempts.count, attempts.hasty));
        Order { attempts, hasty_attempts, ..order.clone() }
    }

    /// One order, as the ledger shows it.
    pub fn order(&self, mch_billno: &str) -> Option<Order> {
        self.orders.get(mch_billno).map(|order| self.shown(order))
    }

    pub fn balances(&self) -> Balances {
        let mut debits = Debits::default();
        let mut recipients: BTreeMap<String, Debits> = BTreeMap::new();
        let mut remarks: BTreeMap<String, Debits> = BTreeMap::new();
        for order in self.orders.values().filter(|order| order.debits > 0) {
            debits.add(order);
            recipients.entry(order.re_openid.clone()).or_default().add(order);
            remarks.entry(order.remark.clone()).or_default().add(order);
        }
        let missing = self.attempts.iter().filter(|(number, _)| !self.orders.contains_key(*number));
        Balances {
            balance: self.balance,
            sends: self.sends,
            queries: self.queries,
            debits,
            refunded: self.refunded,
            orders: self.orders.iter().map(|(number, order)| (number.clone(), self.shown(order))).collect(),
            not_landed: missing.map(|(number, attempts)| (number.clone(), attempts.count)).collect(),
            recipients,
            remarks,
            refusals: self.refusals.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect(),
        }
    }

    /// A number like the service's own: 30 digits with the day in them.
    fn next_listid(&self, time: Timestamp) -> String {
        format!("1000000000{}{:012}", &time.to_wire().replace('-', "")[..8], self.orders.len() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(mch_billno: &str, re_openid: &str, total_amount: u64) -> Order {
        Order {
            mch_billno: mch_billno.into(),
            kind: "sendredpack",
            status: OrderStatus::Sending,
            reason: None,
            attempts: 0,
            hasty_attempts: 0,
            debits: 0,
            re_openid: re_openid.into(),
            total_amount: Fen(total_amount),
            remark: "r".into(),
            wxappid: "wx1".into(),
            sub_mch_id: None,
            sender_name: None,
            sender_header_media_id: None,
            send_listid: String::new(),
            send_time: Timestamp::now(),
            rcv_time: None,
            refund_time: None,
        }
    }

    #[test]
    fn one_number_is_paid_once() {
        let mut book = Book::new(Fen(1000));
        let first = book.send(order("1", "o1", 100)).expect("sent");
        assert_eq!((&first.status, first.send_listid.len()), (&OrderStatus::Sent, 30));
        assert_eq!(book.send(order("1", "o1", 100)), Ok(first));
        for other in [order("1", "o2", 100), order("1", "o1", 101)] {
            assert_eq!(book.send(other).map_err(|refusal| refusal.code), Err("FATAL_ERROR"));
        }
        let other_kind = Order { kind: "sendworkwxredpack", ..order("1", "o1", 100) };
        assert_eq!(book.send(other_kind).map_err(|refusal| refusal.code), Err("FATAL_ERROR"));
        book.send(order("2", "o1", 100)).expect("sent");
        let balances = book.balances();
        assert_eq!((balances.balance, balances.debits.debits), (Fen(800), 2));
        assert_eq!(balances.recipients["o1"].debited, Fen(200));
        assert_eq!(balances.remarks["r"].debits, 2);
    }

    #[test]
    fn an_order_without_money_lands_and_is_completed_later() {
        let mut book = Book::new(Fen(99));
        for _ in 0..2 {
            assert_eq!(book.send(order("1", "o1", 100)).map_err(|refusal| refusal.code), Err("NOTENOUGH"));
        }
        let stuck = book.find("1", &["sendredpack"]).expect("landed").clone();
        assert_eq!((stuck.status, stuck.reason.as_deref()), (OrderStatus::Sending, Some("帐号余额不足")));
        assert_eq!(book.send(order("1", "o1", 90)).map_err(|refusal| refusal.code), Err("FATAL_ERROR"));
        book.set_balance(Fen(100));
        let sent = book.send(order("1", "o1", 100)).expect("sent");
        assert_eq!((sent.status, sent.reason, sent.debits), (OrderStatus::Sent, None, 1));
        assert_eq!(sent.send_listid, stuck.send_listid);
        assert_eq!(book.balances().balance, Fen(0));
    }

    #[test]
    fn only_a_sent_order_is_claimed_or_returned() {
        let mut book = Book::new(Fen(200));
        assert!(matches!(book.claim("1"), Err(SandboxError::NoSuchOrder(_))));
        book.send(order("1", "o1", 100)).expect("sent");
        book.send(order("2", "o1", 100)).expect("sent");
        book.send(order("3", "o1", 100)).expect_err("no money");
        assert!(matches!(
            book.claim("3"),
            Err(SandboxError::WrongStatus { status: OrderStatus::Sending, .. })
        ));
        book.claim("1").expect("claimed");
        assert!(matches!(
            book.refund("1"),
            Err(SandboxError::WrongStatus { status: OrderStatus::Received, .. })
        ));
        book.refund("2").expect("returned");
        assert!(matches!(
            book.claim("2"),
            Err(SandboxError::WrongStatus { status: OrderStatus::Refunded, .. })
        ));
        let balances = book.balances();
        assert_eq!(
            (balances.balance, balances.refunded, balances.debits.debited),
            (Fen(100), Fen(100), Fen(200))
        );
    }

    #[test]
    fn attempts_are_counted_whether_they_land_or_not() {
        let mut book = Book::new(Fen(1000));
        for number in [Some("1"), Some("1"), Some("2"), None] {
            book.count_send(number);
        }
        book.send(order("1", "o1", 100)).expect("sent");
        let balances = book.balances();
        assert_eq!(
            (balances.sends, balances.orders["1"].attempts, balances.orders["1"].hasty_attempts),
            (4, 2, 1)
        );
        assert_eq!(balances.not_landed, BTreeMap::from([("2".to_owned(), 1)]));
    }
}
