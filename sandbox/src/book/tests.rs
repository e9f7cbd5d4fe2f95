//! The book by itself: identity, money, time.

use redpack::Timestamp;

use super::*;
use crate::policy::Repeat;

const DAY: u64 = 86_400;
const NOW: Moment = 1_764_000_000_000;

fn order(mch_billno: &str, re_openid: &str, total_amount: u64) -> Order {
    Order {
        mch_billno: mch_billno.into(),
        kind: "sendredpack".into(),
        status: OrderStatus::Sending,
        reason: None,
        attempts: 0,
        hasty_attempts: 0,
        queries: 0,
        debits: 0,
        re_openid: re_openid.into(),
        total_amount: Fen(total_amount),
        remark: "r".into(),
        wxappid: "wx1".into(),
        sub_mch_id: None,
        sender_name: None,
        sender_header_media_id: None,
        send_listid: String::new(),
        send_time: Timestamp::from_unix_seconds(0),
        rcv_time: None,
        refund_time: None,
        states: Vec::new(),
    }
}

/// A book with its policy, at a time.
struct Desk {
    book: Book,
    policy: Policy,
    now: Moment,
}

impl Desk {
    fn with(balance: u64, policy: Policy) -> Self {
        Self { book: Book::new(Fen(balance)), policy, now: NOW }
    }

    fn new(balance: u64) -> Self {
        Self::with(balance, Policy::default())
    }

    /// Takes an order in; the code where it is refused.
    fn take(&mut self, order: Order) -> Result<Order, String> {
        self.take_at(order, false)
    }

    fn take_at(&mut self, order: Order, backup: bool) -> Result<Order, String> {
        let context = Context { policy: &self.policy, now: self.now, backup };
        self.book.take(order, context).map_err(|refusal| refusal.code.into_owned())
    }

    fn refuse(&mut self, order: Order, code: &'static str) {
        let context = Context { policy: &self.policy, now: self.now, backup: false };
        self.book.refuse(order, crate::answer::Refusal::new(code, "text"), context);
    }

    fn wait(&mut self, seconds: u64) {
        self.now += i64::try_from(seconds).expect("a time") * 1000;
        self.book.catch_up(self.now, &self.policy);
    }

    fn status(&self, mch_billno: &str) -> Option<OrderStatus> {
        self.book.order(mch_billno).map(|order| order.status)
    }

    fn balance(&self) -> u64 {
        self.book.sums().balance.0
    }

    fn find(&self, mch_billno: &str, backup: bool) -> bool {
        let context = Context { policy: &self.policy, now: self.now, backup };
        self.book.find(mch_billno, &["sendredpack"], context).is_some()
    }
}

fn refused(code: &str) -> Result<Order, String> {
    Err(code.to_owned())
}

#[test]
fn one_number_is_paid_once() {
    let mut desk = Desk::new(1000);
    let first = desk.take(order("1", "o1", 100)).expect("sent");
    assert_eq!((&first.status, first.send_listid.len()), (&OrderStatus::Sent, 30));
    assert_eq!(desk.take(order("1", "o1", 100)), Ok(first));
    for other in [order("1", "o2", 100), order("1", "o1", 101)] {
        assert_eq!(desk.take(other), refused("FATAL_ERROR"));
    }
    let other_kind = Order { kind: "sendworkwxredpack".into(), ..order("1", "o1", 100) };
    assert_eq!(desk.take(other_kind), refused("FATAL_ERROR"));
    desk.take(order("2", "o1", 100)).expect("sent");
    let balances = desk.book.balances();
    assert_eq!((balances.sums.balance, balances.debits.debits), (Fen(800), 2));
    assert_eq!(balances.recipients["o1"].debited, Fen(200));
    assert_eq!(balances.remarks["r"].debits, 2);
}

#[test]
fn a_repeat_of_a_paid_order_is_answered_by_policy_and_never_debited() {
    for (policy, code) in [
        (Repeat::SendFailed, "SEND_FAILED"),
        (Repeat::FatalError, "FATAL_ERROR"),
        (Repeat::UnknownCode, "ALREADY_RECEIVED"),
    ] {
        let mut desk = Desk::with(1000, Policy { repeat_after_success: policy, ..Policy::default() });
        desk.take(order("1", "o1", 100)).expect("sent");
        assert_eq!(desk.take(order("1", "o1", 100)), refused(code));
        assert_eq!((desk.balance(), desk.status("1")), (900, Some(OrderStatus::Sent)));
    }
}

#[test]
fn an_order_without_money_lands_and_is_completed_later() {
    let mut desk = Desk::new(99);
    for _ in 0..2 {
        assert_eq!(desk.take(order("1", "o1", 100)), refused("NOTENOUGH"));
    }
    let stuck = desk.book.order("1").expect("landed");
    assert_eq!((stuck.status, stuck.reason.as_deref()), (OrderStatus::Sending, Some("帐号余额不足")));
    assert_eq!(desk.take(order("1", "o1", 90)), refused("FATAL_ERROR"));
    desk.book.set_balance(Fen(100));
    let sent = desk.take(order("1", "o1", 100)).expect("sent");
    assert_eq!((sent.status, sent.reason, sent.debits), (OrderStatus::Sent, None, 1));
    assert_eq!((sent.send_listid, desk.balance()), (stuck.send_listid, 0));
}

#[test]
fn a_stuck_order_is_closed_three_days_after_it_landed() {
    let mut desk = Desk::new(99);
    assert_eq!(desk.take(order("1", "o1", 100)), refused("NOTENOUGH"));
    desk.wait(2 * DAY);
    assert_eq!(desk.take(order("1", "o1", 100)), refused("NOTENOUGH"), "which doesn't begin the days anew");
    desk.wait(DAY);
    let closed = desk.book.order("1").expect("landed");
    assert_eq!((closed.status, closed.reason), (OrderStatus::Failed, None));
    desk.book.set_balance(Fen(100));
    assert_eq!(desk.take(order("1", "o1", 100)), refused("SEND_FAILED"));
    assert_eq!(desk.balance(), 100);
    let states: Vec<_> = closed.states.iter().map(|state| state.status.as_str()).collect();
    assert_eq!(states, ["SENDING", "FAILED"]);
}

#[test]
fn limits_and_refusals_land_by_policy() {
    for (code, policy, lands) in [
        ("NOTENOUGH", Policy::default(), true),
        ("NO_AUTH", Policy { limit_failures_land: false, ..Policy::default() }, false),
        ("FREQ_LIMIT", Policy::default(), false),
        ("FREQ_LIMIT", Policy { freq_limit_lands: true, ..Policy::default() }, true),
        ("PARAM_ERROR", Policy::default(), false),
        ("MONEY_LIMIT", Policy { refusals_land: true, ..Policy::default() }, true),
        ("SIGN_ERROR", Policy { refusals_land: true, ..Policy::default() }, false),
        ("NEVER_SEEN", Policy::default(), false),
    ] {
        let mut desk = Desk::with(1000, policy);
        desk.refuse(order("1", "o1", 100), code);
        assert_eq!(desk.status("1"), lands.then_some(OrderStatus::Sending), "{code}");
        desk.take(order("1", "o1", 100)).expect("paid once the cause is gone");
    }
    let mut desk = Desk::new(1000);
    desk.refuse(order("1", "o1", 100), "SEND_FAILED");
    assert_eq!(desk.status("1"), Some(OrderStatus::Failed));
    desk.take(order("2", "o1", 100)).expect("sent");
    desk.refuse(order("2", "o1", 100), "SEND_FAILED");
    assert_eq!(desk.status("2"), Some(OrderStatus::Sent), "no fault takes a payment back");
}

#[test]
fn processing_ends_either_way_and_is_repeated_meanwhile() {
    let mut desk = Desk::new(1000);
    for (number, paid) in [("1", true), ("2", false)] {
        let context = Context { policy: &desk.policy, now: desk.now, backup: false };
        let refusal = desk.book.process(order(number, "o1", 100), paid, 1200, context);
        assert_eq!(refusal.code, "PROCESSING");
        assert_eq!(desk.take(order(number, "o1", 100)), refused("PROCESSING"));
        assert_eq!(desk.status(number), Some(OrderStatus::Sending));
    }
    desk.wait(1199);
    assert_eq!((desk.status("1"), desk.balance()), (Some(OrderStatus::Sending), 1000));
    desk.wait(1);
    assert_eq!((desk.status("1"), desk.status("2")), (Some(OrderStatus::Sent), Some(OrderStatus::Failed)));
    assert_eq!((desk.balance(), desk.book.order("1").map(|order| order.debits)), (900, Some(1)));
    assert_eq!(desk.take(order("1", "o1", 100)).map(|order| order.debits), Ok(1));
}

#[test]
fn a_late_request_lands_when_its_time_has_come_and_not_before() {
    let mut desk = Desk::new(1000);
    let late = |desk: &mut Desk, number: &str| {
        let context = Context { policy: &desk.policy, now: desk.now, backup: false };
        desk.book.take_later(order(number, "o1", 100), 180, context);
    };
    late(&mut desk, "1");
    late(&mut desk, "2");
    assert_eq!((desk.status("1"), desk.book.balances().landing_later), (None, 2));
    assert_eq!(desk.book.known("1").map(|order| order.re_openid.as_str()), Some("o1"));
    desk.wait(179);
    assert_eq!(desk.status("1"), None);
    desk.take(order("2", "o1", 100)).expect("the repeat overtakes the late one");
    desk.wait(1);
    for number in ["1", "2"] {
        let landed = desk.book.order(number).expect("landed");
        assert_eq!((landed.status, landed.debits), (OrderStatus::Sent, 1), "{number}");
    }
    assert_eq!((desk.balance(), desk.book.balances().landing_later), (800, 0));
}

#[test]
fn an_unclaimed_packet_goes_back_after_a_day() {
    let mut desk = Desk::new(300);
    desk.take(order("1", "o1", 100)).expect("sent");
    desk.take(order("2", "o1", 100)).expect("sent");
    desk.book.claim("2", desk.now).expect("claimed");
    desk.wait(DAY);
    assert_eq!((desk.status("1"), desk.balance()), (Some(OrderStatus::Refunding), 100));
    desk.wait(600);
    let back = desk.book.order("1").expect("there");
    assert_eq!((back.status, desk.balance()), (OrderStatus::Refunded, 200));
    assert_eq!(back.refund_time.map(Timestamp::unix_seconds), Some(NOW / 1000 + 86_400 + 600));
    assert_eq!(desk.status("2"), Some(OrderStatus::Received));
    assert_eq!(desk.book.sums().refunded, Fen(100));
}

#[test]
fn only_a_sent_order_is_claimed_or_returned() {
    let mut desk = Desk::new(200);
    let now = desk.now;
    assert!(matches!(desk.book.claim("1", now), Err(SandboxError::NoSuchOrder(_))));
    desk.take(order("1", "o1", 100)).expect("sent");
    desk.take(order("2", "o1", 100)).expect("sent");
    desk.take(order("3", "o1", 100)).expect_err("no money");
    let wrong = |result: Result<(), SandboxError>, found: OrderStatus| {
        assert!(matches!(result, Err(SandboxError::WrongStatus { status, .. }) if status == found));
    };
    wrong(desk.book.claim("3", now), OrderStatus::Sending);
    desk.book.claim("1", now).expect("claimed");
    wrong(desk.book.refund("1", now), OrderStatus::Received);
    desk.book.refund("2", now).expect("returned");
    wrong(desk.book.claim("2", now), OrderStatus::Refunded);
    let balances = desk.book.balances();
    let sums = &balances.sums;
    assert_eq!((sums.balance, sums.refunded, balances.debits.debited), (Fen(100), Fen(100), Fen(200)));
}

#[test]
fn a_forgotten_number_is_paid_for_again_and_the_ledger_shows_it() {
    let mut desk = Desk::with(1000, Policy { remember_seconds: Some(60), ..Policy::default() });
    desk.take(order("1", "o1", 100)).expect("sent");
    desk.wait(59);
    desk.take(order("1", "o1", 100)).expect("remembered");
    assert_eq!(desk.balance(), 900);
    desk.wait(1);
    assert_eq!(desk.take(order("1", "o1", 100)).map(|order| order.debits), Ok(2));
    let balances = desk.book.balances();
    assert_eq!((balances.sums.balance, balances.remarks["r"].debits), (Fen(800), 2));
}

#[test]
fn a_backup_host_that_lags_does_not_know_the_latest_orders() {
    let mut desk = Desk::with(1000, Policy { backup_lag_seconds: 60, ..Policy::default() });
    desk.take(order("1", "o1", 100)).expect("sent");
    assert_eq!((desk.find("1", false), desk.find("1", true)), (true, false));
    assert_eq!(desk.take_at(order("1", "o1", 100), true).map(|order| order.debits), Ok(1));
    desk.policy.backup_pays_unseen = true;
    assert_eq!(desk.take_at(order("1", "o1", 100), true).map(|order| order.debits), Ok(2));
    desk.wait(60);
    assert!(desk.find("1", true));
    assert_eq!(desk.take_at(order("1", "o1", 100), true).map(|order| order.debits), Ok(2));
}

#[test]
fn queries_see_thirty_days() {
    let mut desk = Desk::new(1000);
    desk.take(order("1", "o1", 100)).expect("sent");
    desk.wait(30 * DAY);
    assert!(desk.find("1", false));
    desk.wait(1);
    assert!(!desk.find("1", false));
}

#[test]
fn limits_of_the_day_start_anew_at_midnight_in_beijing() {
    let policy = Policy {
        recipient_packets_per_day: Some(2),
        recipient_fen_per_day: Some(500),
        merchant_fen_per_day: Some(800),
        ..Policy::default()
    };
    let mut desk = Desk::with(100_000, policy);
    desk.take(order("1", "o1", 100)).expect("sent");
    desk.take(order("2", "o1", 100)).expect("sent");
    assert_eq!(desk.take(order("3", "o1", 100)), refused("SENDNUM_LIMIT"));
    assert_eq!(desk.take(order("4", "o2", 501)), refused("RCVDAMOUNT_LIMIT"));
    desk.take(order("5", "o2", 500)).expect("sent");
    assert_eq!(desk.take(order("6", "o3", 101)), refused("SENDAMOUNT_LIMIT"));
    assert_eq!(desk.status("6"), Some(OrderStatus::Sending));
    desk.wait(DAY);
    desk.take(order("3", "o1", 100)).expect("tomorrow");
}

#[test]
fn attempts_are_counted_whether_they_land_or_not() {
    let mut book = Book::new(Fen(1000));
    let counted: Vec<Counted> =
        [(Some("1"), 0), (Some("1"), 999), (Some("1"), 1999), (Some("2"), 0), (None, 0)]
            .into_iter()
            .map(|(number, ms)| book.count_send(number, NOW + ms))
            .collect();
    let told: Vec<_> = counted.iter().map(|counted| (counted.attempt, counted.hasty)).collect();
    assert_eq!(told, [(1, false), (2, true), (3, false), (1, false), (1, false)]);
    book.count_query(Some("1"));
    let policy = Policy::default();
    book.take(order("1", "o1", 100), Context { policy: &policy, now: NOW, backup: false }).expect("sent");
    let balances = book.balances();
    let one = &balances.orders["1"];
    assert_eq!((balances.sums.sends, one.attempts, one.hasty_attempts, one.queries), (5, 3, 1, 1));
    assert_eq!(balances.not_landed, BTreeMap::from([("2".to_owned(), 1)]));
}

#[test]
fn what_is_restored_goes_on_as_it_was() {
    let mut desk = Desk::new(1000);
    desk.take(order("1", "o1", 100)).expect("sent");
    desk.refuse(order("2", "o1", 100), "NOTENOUGH");
    let context = Context { policy: &desk.policy, now: desk.now, backup: false };
    desk.book.take_later(order("3", "o1", 100), 180, context);
    let (sums, records) = (desk.book.sums().clone(), desk.book.records().clone());
    let mut again = Desk { book: Book::restore(sums, records), policy: Policy::default(), now: desk.now };
    for desk in [&mut desk, &mut again] {
        desk.wait(4 * DAY);
    }
    assert_eq!(desk.book.records(), again.book.records());
    assert_eq!(again.status("2"), Some(OrderStatus::Failed));
    assert_eq!(again.status("3"), Some(OrderStatus::Refunded));
}
