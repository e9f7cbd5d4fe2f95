//! `redpack settle`: attempts and queries of one order until it is settled or the deadline passes.

use std::process::ExitCode;

use redpack::{Client, Error, Problem, Settlement};

use crate::args::{Common, SendArgs};
use crate::interrupt::StoppableClock;
use crate::journal_args::SettleArgs;
use crate::order_report::{OrderReport, status};
use crate::output::{Output, note};
use crate::progress::Progress;
use crate::send;
use crate::settings::Settings;
use crate::trouble::Trouble;

pub fn run(args: &SettleArgs, common: &Common, output: Output) -> ExitCode {
    let report = report(args, common, output);
    output.result(&report, || report.people(output.lang));
    status(report.outcome)
}

fn report(args: &SettleArgs, common: &Common, output: Output) -> OrderReport {
    let lang = output.lang;
    let order = &args.order;
    let blank = OrderReport::blank(order.billno.as_deref(), order.intent.as_deref());
    let known = names_only(order);
    let (request, mut problems) = send::request(order);
    let progress = Progress::start(common, output, args.deadline);
    let client = match client(common, output, &progress) {
        Ok(client) if problems.is_empty() => client,
        refused => {
            if !known {
                problems.extend(send::problems_of(&request, &problems));
            }
            return blank.refused(refused.err().as_ref(), problems, known, lang);
        }
    };
    let result = if known {
        match number(order, &client) {
            Ok(number) => client.settle_number(&number, args.deadline),
            Err(Unnamed::Problem(problem)) => return blank.refused(None, vec![problem], true, lang),
            Err(Unnamed::Journal(trouble)) => return blank.refused(Some(&trouble), vec![], true, lang),
        }
    } else {
        client.settle(request, args.deadline)
    };
    drop(progress);
    told(blank, &result)
}

fn told(blank: OrderReport, result: &Result<Settlement, Error>) -> OrderReport {
    match result {
        Ok(settlement) => OrderReport::of(settlement),
        Err(error) => blank.failed(error),
    }
}

/// A client whose work a signal stops, with the progress line behind it.
pub fn client(common: &Common, output: Output, progress: &Progress) -> Result<Client, Trouble> {
    let clock = StoppableClock::new();
    // Without it a signal ends the process, which the journal survives.
    if let Err(message) = clock.stop_at_signals(output.lang) {
        note(&format!("redpack: {message}"));
    }
    Settings::read(common).requiring_journal().client_with(|builder| progress.watch(builder.clock(clock)))
}

/// Whether the command line only names an order that is in the journal.
fn names_only(order: &SendArgs) -> bool {
    let given =
        send::fields(order).into_iter().filter(|(name, value)| *name != "mch_billno" && value.is_some());
    let named = order.billno.is_some() || order.intent.is_some();
    named && given.count() == 0 && order.amount_yuan.is_none()
}

enum Unnamed {
    Problem(Problem),
    Journal(Trouble),
}

/// The number of the order that is named.
fn number(order: &SendArgs, client: &Client) -> Result<String, Unnamed> {
    let problem = |rule: &str, length| Unnamed::Problem(send::problem("intent", rule, length));
    let Some(intent) = order.intent.as_deref() else {
        return Ok(order.billno.clone().unwrap_or_default());
    };
    let Some(journal) = client.journal() else { return Err(problem("needs a journal", intent.len())) };
    let found = journal
        .order_of_intent(&client.mch_id(), intent)
        .map_err(|error| Unnamed::Journal(error.into()))?
        .ok_or_else(|| problem("leads to no order of the journal", intent.len()))?;
    match &order.billno {
        Some(billno) if *billno != found.id.mch_billno => {
            Err(problem("leads to another order than --billno", intent.len()))
        }
        _ => Ok(found.id.mch_billno),
    }
}
