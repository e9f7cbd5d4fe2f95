//! `redpack recover` and `redpack reconcile`: every order that is due, then what is left to do.

use std::process::ExitCode;

use redpack::journal::{Journal, JournalError, List, Order, State};
use redpack::{Client, Fen, Outcome};
use serde::Serialize;

use crate::args::Common;
use crate::journal_args::WorkArgs;
use crate::order_report::OrderReport;
use crate::output::{Output, note, visible};
use crate::progress::Progress;
use crate::settle;
use crate::trouble::Trouble;
use crate::words::{Lang, journal};

/// States whose money question is open and that something was sent in.
const OPEN: [State; 5] = [State::Sending, State::Unknown, State::Pending, State::Rejected, State::Manual];
/// States of orders that are followed until the user has the money or the merchant has it back.
const FOLLOWED: [State; 2] = [State::Sent, State::Refunding];
const PAGE: u32 = 500;

/// The last line of `recover`.
#[derive(Serialize)]
struct Recovery {
    summary: &'static str,
    /// How many orders were worked on.
    orders: usize,
    settled: usize,
    /// How many orders of the journal are open, those that were not due among them.
    open: usize,
    message: String,
    trouble: Option<String>,
}

pub fn recover(args: &WorkArgs, common: &Common, output: Output) -> ExitCode {
    let progress = Progress::start(common, output, args.deadline);
    let client = match settle::client(common, output, &progress) {
        Ok(client) => client,
        Err(trouble) => return failed(&trouble, output),
    };
    let result = client.recover(args.deadline);
    drop(progress);
    let (worked, trouble) = match result {
        Ok(recovered) => (recovered.orders, None),
        Err(error) => (Vec::new(), Some(error.message().to_owned())),
    };
    for settlement in &worked {
        let report = OrderReport::of(settlement);
        output.result(&report, || report.people(output.lang));
    }
    // The others are said too: an order that is not due yet, or another process's, is as open as these.
    let mut open = worked.iter().filter(|settlement| !settlement.is_settled()).count();
    let told = |order: &Order| worked.iter().any(|settlement| settlement.order.id == order.id);
    let listed = each(&client, &OPEN, |order| {
        if !told(&order) {
            open += 1;
            let report = OrderReport::of(&redpack::Settlement::of(order));
            output.result(&report, || report.people(output.lang));
        }
    });
    let trouble = trouble.or_else(|| listed.err().map(|error| error.to_string()));
    let said = |lang| trouble.clone().unwrap_or_else(|| journal::open_after_recovery(lang, open));
    let summary = Recovery {
        summary: "recover",
        orders: worked.len(),
        settled: worked.iter().filter(|settlement| settlement.is_settled()).count(),
        open,
        message: said(Lang::En),
        trouble: trouble.clone(),
    };
    output.result(&summary, || visible(&said(output.lang)));
    ended(trouble.is_some(), open > 0)
}

/// The last line of `reconcile`.
#[derive(Serialize)]
struct Reconciliation {
    summary: &'static str,
    asked: u32,
    received: usize,
    unclaimed: usize,
    refunded: usize,
    refunded_fen: Fen,
    contradicting: usize,
    failed: u32,
    /// How many orders of the journal are still to be followed.
    open: usize,
    message: String,
    trouble: Option<String>,
}

pub fn reconcile(args: &WorkArgs, common: &Common, output: Output) -> ExitCode {
    let progress = Progress::start(common, output, args.deadline);
    let client = match settle::client(common, output, &progress) {
        Ok(client) => client,
        Err(trouble) => return failed(&trouble, output),
    };
    let result = client.reconcile(args.deadline);
    drop(progress);
    let (found, trouble) = match result {
        Ok(found) => (found, None),
        Err(error) => (redpack::Reconciled::default(), Some(error.message().to_owned())),
    };
    for order in
        [&found.received, &found.unclaimed, &found.refunded, &found.contradicting].into_iter().flatten()
    {
        let report = OrderReport::of(&redpack::Settlement::of(order.clone()));
        output.result(&report, || report.people(output.lang));
    }
    let mut open = found.contradicting.iter().filter(|order| order.outcome() != Outcome::Sent).count();
    let listed = each(&client, &FOLLOWED, |_| open += 1);
    let trouble = trouble.or_else(|| listed.err().map(|error| error.to_string()));
    let contradicting = found.contradicting.len();
    let said = |lang| {
        let text = journal::open_after_reconciliation(lang, open, found.failed);
        match (&trouble, contradicting) {
            (Some(trouble), _) => trouble.clone(),
            (None, 0) => text,
            (None, count) => format!("{}; {text}", journal::contradicting(lang, count)),
        }
    };
    let summary = Reconciliation {
        summary: "reconcile",
        asked: found.asked,
        received: found.received.len(),
        unclaimed: found.unclaimed.len(),
        refunded: found.refunded.len(),
        refunded_fen: found.refunded_fen(),
        contradicting,
        failed: found.failed,
        open,
        message: said(Lang::En),
        trouble: trouble.clone(),
    };
    output.result(&summary, || visible(&said(output.lang)));
    ended(trouble.is_some(), open > 0 || found.failed > 0)
}

fn ended(trouble: bool, open: bool) -> ExitCode {
    match (trouble, open) {
        (_, true) => ExitCode::from(12),
        (true, false) => ExitCode::FAILURE,
        (false, false) => ExitCode::SUCCESS,
    }
}

fn failed(trouble: &Trouble, output: Output) -> ExitCode {
    note(&format!("redpack: {}", visible(&trouble.message(output.lang))));
    ExitCode::FAILURE
}

/// Every order of the merchant that is in one of the states.
fn each(client: &Client, states: &[State], mut see: impl FnMut(Order)) -> Result<(), JournalError> {
    let Some(journal) = client.journal() else { return Ok(()) };
    for &state in states {
        let mut after = 0;
        loop {
            let page = page(&**journal, client.mch_id(), state, after)?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            page.into_iter().for_each(&mut see);
        }
    }
    Ok(())
}

fn page(journal: &dyn Journal, mch_id: String, state: State, after: i64) -> Result<Vec<Order>, JournalError> {
    journal.list(&List { mch_id: Some(mch_id), state: Some(state), after, limit: PAGE })
}
