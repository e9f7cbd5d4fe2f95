//! `redpack close`, `resolve` and `accept-restore`: decisions that the journal keeps.

use std::process::ExitCode;

use redpack::journal::{Evidence, Restore};
use redpack::{Client, Error, Settlement};
use serde::Serialize;

use crate::args::Common;
use crate::journal_args::{AcceptArgs, CloseArgs, ResolveArgs};
use crate::lines::Lines;
use crate::order_report::OrderReport;
use crate::output::Output;
use crate::settings::Settings;
use crate::trouble::Trouble;
use crate::words::{Label, Lang, journal};

pub fn close(args: &CloseArgs, common: &Common, output: Output) -> ExitCode {
    decided(&args.billno, common, output, |client| client.close(&args.billno))
}

pub fn resolve(args: &ResolveArgs, common: &Common, output: Output) -> ExitCode {
    let evidence = match (args.refunded, args.not_paid) {
        (true, _) => Evidence::Refunded,
        (_, true) => Evidence::NotPaid,
        _ => Evidence::Paid { send_listid: args.send_listid.clone() },
    };
    decided(&args.billno, common, output, |client| {
        client.resolve(&args.billno, &evidence, &args.who, &args.why)
    })
}

/// 0 if the journal has the decision, 1 if it refused it.
fn decided(
    billno: &str,
    common: &Common,
    output: Output,
    decide: impl FnOnce(&Client) -> Result<Settlement, Error>,
) -> ExitCode {
    let blank = OrderReport::blank(Some(billno), None);
    let (report, code) = match Settings::read(common).requiring_journal().client() {
        Ok(client) => match decide(&client) {
            Ok(settlement) => (OrderReport::of(&settlement), ExitCode::SUCCESS),
            Err(error) => (blank.failed(&error), ExitCode::FAILURE),
        },
        Err(trouble) => (blank.refused(Some(&trouble), vec![], true, output.lang), ExitCode::FAILURE),
    };
    output.result(&report, || report.people(output.lang));
    code
}

/// What `accept-restore` prints as JSON.
#[derive(Serialize)]
struct Accepted {
    ok: bool,
    /// Whether there was a suspicion.
    suspected: bool,
    evidence: Option<String>,
    message: String,
}

pub fn accept_restore(args: &AcceptArgs, common: &Common, output: Output) -> ExitCode {
    let lang = output.lang;
    let result = accept(args, common);
    let said = |lang: Lang| match &result {
        Ok(Some(_)) => journal::accepted(lang).to_owned(),
        Ok(None) => journal::not_suspected(lang).to_owned(),
        Err(trouble) => trouble.message(lang),
    };
    let restore = result.as_ref().ok().and_then(Option::as_ref);
    let report = Accepted {
        ok: result.is_ok(),
        suspected: restore.is_some(),
        evidence: restore.map(|restore| restore.evidence.clone()),
        message: said(Lang::En),
    };
    output.result(&report, || {
        let meaning = if report.ok { said(lang) } else { journal::refused(lang).to_owned() };
        let lines =
            Lines::new(lang, "accept-restore", &meaning).maybe(Label::Reason, report.evidence.as_deref());
        if report.ok { lines.done() } else { lines.line(Label::Reason, &said(lang)).done() }
    });
    if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The suspicion that was accepted; `None` if there was none.
fn accept(args: &AcceptArgs, common: &Common) -> Result<Option<Restore>, Trouble> {
    let (_, journal) = Settings::read(common).journal()?;
    let restore = journal.restore()?;
    if restore.is_some() {
        journal.accept_restore(&args.who, &args.why)?;
    }
    Ok(restore)
}
