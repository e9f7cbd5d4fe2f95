//! `redpack send`: one order, at most one request on the wire, one outcome.

use std::process::ExitCode;

use redpack::journal::{OrderId, State};
use redpack::{
    Advice, Answer, Client, Error, ErrorKind, Fen, Merchant, Outcome, Problem, Request, Scope, Secret,
    SendResult, Timestamp, mask_openid, table,
};
use serde::Serialize;

use crate::args::{Common, Kind, SendArgs};
use crate::lines::{Lines, amount};
use crate::order_report;
use crate::output::Output;
use crate::settings::Settings;
use crate::trouble::Trouble;
use crate::words::{self, Label, Lang};

pub fn run(args: &SendArgs, common: &Common, output: Output) -> ExitCode {
    let (request, mut problems) = request(args);
    let client = Settings::read(common).client();
    if let (Ok(client), Some(intent)) = (&client, request.intent())
        && client.journal().is_none()
    {
        // Without one nobody would know the key at the next call, and it would pay twice.
        problems.push(problem("intent", "needs a journal: give --journal too", intent.len()));
    }
    let state;
    let result = match client {
        Ok(client) if problems.is_empty() => {
            let result = client.send_request(&request).map_err(Box::new);
            state = result.as_ref().ok().and_then(|sent| state_of(&client, sent));
            result
        }
        refused => {
            // Nothing can be sent: then at least everything that is wrong is told at once.
            problems.extend(problems_of(&request, &problems));
            let trouble = refused.err();
            let report = Report::refused(&request, trouble.as_ref(), &problems);
            let message = trouble.as_ref().map(|trouble| trouble.message(output.lang));
            return show(&report, &request, output, message.as_deref());
        }
    };
    let mut report = Report::of(&request, &result);
    report.state = report.state.or(state);
    show(&report, &request, output, None)
}

/// The state of an order that was sent; `None` without a journal.
fn state_of(client: &Client, sent: &SendResult) -> Option<State> {
    let id = OrderId::new(client.mch_id(), &sent.mch_billno);
    // If it can't be read just now: what was told a moment ago.
    Some(client.journal()?.order(&id).ok().flatten().map_or(State::Sent, |order| order.state))
}

/// A send's result as people see it; the demo shows the same.
pub fn describe(request: &Request, result: &Result<SendResult, Box<Error>>, lang: Lang) -> String {
    people(&Report::of(request, result), request, lang, None)
}

/// The request, and what is wrong with it that the core can't see.
pub fn request(args: &SendArgs) -> (Request, Vec<Problem>) {
    let mut request = Request::new(match args.endpoint {
        Kind::Sendredpack => &table::SENDREDPACK,
        Kind::Sendminiprogramhb => &table::SENDMINIPROGRAMHB,
        Kind::Sendworkwxredpack => &table::SENDWORKWXREDPACK,
    });
    let mut problems = Vec::new();
    for (name, value) in fields(args) {
        let Some(value) = value else { continue };
        let optional = request
            .endpoint()
            .fields
            .iter()
            .any(|field| field.name == name && field.source != table::Source::Required);
        if value.is_empty() && optional {
            // A shell variable that is not set, most likely: without `sub_mch_id` another account would pay.
            problems.push(problem(name, "is empty: give a value, or leave the flag out", 0));
        } else if let Err(problem) = request.set(name, value) {
            problems.push(problem);
        }
    }
    if let Some(yuan) = &args.amount_yuan {
        match Fen::from_yuan(yuan) {
            Ok(amount) => problems.extend(request.set("total_amount", amount.to_string()).err()),
            Err(error) => {
                let rule = format!("is an amount in yuan, such as 1.23: it {error}");
                problems.push(problem("total_amount", &rule, yuan.len()));
            }
        }
    }
    match args.intent.as_deref() {
        Some("") => problems.push(problem("intent", "is empty: give a value, or leave the flag out", 0)),
        Some(intent) => problems.extend(request.try_set_intent(intent).err()),
        None => {}
    }
    (request, problems)
}

pub fn problem(field: &'static str, rule: &str, length: usize) -> Problem {
    Problem { field: field.into(), rule: rule.to_owned().into(), length }
}

pub fn fields(args: &SendArgs) -> [(&'static str, Option<&String>); 20] {
    let optional = &args.optional;
    [
        ("mch_billno", args.billno.as_ref()),
        ("re_openid", args.openid.as_ref()),
        ("total_amount", args.amount_fen.as_ref()),
        ("send_name", args.send_name.as_ref()),
        ("wishing", args.wishing.as_ref()),
        ("act_name", args.act_name.as_ref()),
        ("remark", args.remark.as_ref()),
        ("client_ip", optional.client_ip.as_ref()),
        ("scene_id", optional.scene_id.as_ref()),
        ("risk_info", optional.risk_info.as_ref()),
        ("sub_mch_id", optional.sub_mch_id.as_ref()),
        ("msgappid", optional.msgappid.as_ref()),
        ("consume_mch_id", optional.consume_mch_id.as_ref()),
        ("wxappid", optional.wxappid.as_ref()),
        ("nonce_str", optional.nonce_str.as_ref()),
        ("total_num", optional.total_num.as_ref()),
        ("notify_way", optional.notify_way.as_ref()),
        ("sender_name", optional.sender_name.as_ref()),
        ("agentid", optional.agentid.as_ref()),
        ("sender_header_media_id", optional.sender_header_media_id.as_ref()),
    ]
}

/// Which rules of the core the request breaks, beyond the fields already named: it is encoded for a
/// merchant of straw, and the bytes are thrown away.
pub fn problems_of(request: &Request, known: &[Problem]) -> Vec<Problem> {
    let straw = Merchant {
        mch_id: "0".into(),
        appid: "0".into(),
        api_key: Secret::new("0"),
        workwx_secret: Some(Secret::new("0")),
    };
    let Err(error) = request.encode(&straw) else { return Vec::new() };
    let new = |problem: &&Problem| !known.iter().any(|known| known.field == problem.field);
    // With an intent key, the number is made later.
    let keyed = request.intent().is_some() && request.get("mch_billno").is_none();
    let named = |problem: &&Problem| !(keyed && problem.field == "mch_billno");
    error.problems().iter().filter(new).filter(named).cloned().collect()
}

/// What a send prints as JSON. The keys are a promise (design, section 11).
#[derive(Serialize)]
struct Report<'a> {
    outcome: Outcome,
    advice: Advice,
    scope: Scope,
    mch_billno: Option<&'a str>,
    err_code: Option<&'a str>,
    message: String,
    send_listid: Option<&'a str>,
    attempts: u32,
    not_before: Option<Timestamp>,
    kind: Option<ErrorKind>,
    err_code_des: Option<String>,
    http_status: Option<u16>,
    problems: &'a [Problem],
    credential_fault: Option<redpack::CredentialFault>,
    total_amount: Option<Fen>,
    send_time: Option<Timestamp>,
    package: Option<&'a str>,
    answer: Option<&'a Answer>,
    /// The outcome of this call's own attempt, where one was made; `outcome` is the order's.
    attempt_outcome: Option<Outcome>,
    /// Where the order stands in the journal.
    state: Option<State>,
    /// Whether this is the journal's record, and nothing was sent now.
    recorded: bool,
    intent: Option<&'a str>,
}

impl<'a> Report<'a> {
    fn of(request: &'a Request, result: &'a Result<SendResult, Box<Error>>) -> Self {
        match result {
            Ok(sent) => Self::sent(request, sent),
            Err(error) => Self::failed(request, error),
        }
    }

    /// Nothing was called and nobody answered, yet.
    fn blank(request: &'a Request) -> Self {
        let verdict = ErrorKind::InvalidRequest.verdict();
        Self {
            outcome: verdict.outcome,
            advice: verdict.advice,
            scope: verdict.scope,
            mch_billno: request.get("mch_billno"),
            err_code: None,
            message: String::new(),
            send_listid: None,
            attempts: 0,
            not_before: None,
            kind: None,
            err_code_des: None,
            http_status: None,
            problems: &[],
            credential_fault: None,
            total_amount: request.get("total_amount").and_then(|amount| amount.parse().ok()),
            send_time: None,
            package: None,
            answer: None,
            attempt_outcome: None,
            state: None,
            recorded: false,
            intent: request.intent(),
        }
    }

    fn sent(request: &'a Request, sent: &'a SendResult) -> Self {
        Self {
            outcome: Outcome::Sent,
            advice: Advice::None,
            mch_billno: Some(&sent.mch_billno),
            message: words::outcome(Lang::En, Outcome::Sent).into(),
            send_listid: sent.send_listid.as_deref(),
            attempts: u32::from(!sent.recorded),
            http_status: (!sent.recorded).then_some(200),
            attempt_outcome: (!sent.recorded).then_some(Outcome::Sent),
            recorded: sent.recorded,
            send_time: sent.send_time,
            package: sent.package.as_deref(),
            answer: (!sent.recorded).then_some(&sent.answer),
            ..Self::blank(request)
        }
    }

    fn failed(request: &'a Request, error: &'a Error) -> Self {
        let order = error.order();
        let blank = Self::blank(request);
        Self {
            mch_billno: error.mch_billno().or(blank.mch_billno),
            attempt_outcome: was_tried(error.kind()).then(|| error.attempt_outcome()),
            state: order.map(|order| order.state),
            send_listid: order.and_then(|order| order.send_listid.as_deref()),
            intent: blank.intent.or(order.and_then(|order| order.intent.as_deref())),
            outcome: error.outcome(),
            advice: error.advice(),
            scope: error.scope(),
            err_code: error.err_code().or(order.and_then(|order| order.err_code.as_deref())),
            message: error.message().to_owned(),
            attempts: error.attempts(),
            not_before: error.not_before(),
            kind: Some(error.kind()),
            err_code_des: error.err_code_des().map(|text| masked(text, request)),
            http_status: error.http_status(),
            problems: error.problems(),
            credential_fault: error.credential_fault(),
            answer: error.answer(),
            ..blank
        }
    }

    fn refused(request: &'a Request, trouble: Option<&Trouble>, problems: &'a [Problem]) -> Self {
        let kind = trouble.map_or(ErrorKind::InvalidRequest, Trouble::kind);
        let verdict = kind.verdict();
        let messages = trouble.map(|trouble| trouble.message(Lang::En)).into_iter();
        let messages: Vec<String> = messages.chain(problems.iter().map(ToString::to_string)).collect();
        Self {
            outcome: verdict.outcome,
            advice: verdict.advice,
            scope: verdict.scope,
            message: messages.join("; "),
            kind: Some(kind),
            problems,
            credential_fault: trouble.and_then(Trouble::credential_fault),
            ..Self::blank(request)
        }
    }
}

/// Whether an attempt was begun, as far as it may have come.
fn was_tried(kind: ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::InvalidRequest
            | ErrorKind::Configuration
            | ErrorKind::Credentials
            | ErrorKind::OrderConflict
            | ErrorKind::Journal
            | ErrorKind::HeldBack
            | ErrorKind::NotPermitted
    )
}

/// The service's own words may name the recipient.
fn masked(text: &str, request: &Request) -> String {
    request
        .get("re_openid")
        .map_or_else(|| text.to_owned(), |openid| text.replace(openid, &mask_openid(openid)))
}

fn show(report: &Report<'_>, request: &Request, output: Output, trouble: Option<&str>) -> ExitCode {
    output.result(report, || people(report, request, output.lang, trouble));
    order_report::status(report.outcome)
}

fn people(report: &Report<'_>, request: &Request, lang: Lang, trouble: Option<&str>) -> String {
    let recipient = request.get("re_openid").map(mask_openid);
    let mut lines = Lines::new(lang, report.outcome.as_str(), words::outcome(lang, report.outcome))
        .maybe(Label::Order, report.mch_billno)
        .maybe(Label::Intent, report.intent)
        .maybe(Label::State, report.state.map(State::as_str))
        .maybe(Label::Amount, report.total_amount.map(|fen| amount(lang, fen)).as_deref())
        .maybe(Label::Recipient, recipient.as_deref())
        .maybe(Label::Listid, report.send_listid);
    if report.problems.is_empty() && trouble.is_none() && report.outcome != Outcome::Sent {
        lines = lines.line(Label::Reason, &words::explained(lang, report.kind, &report.message));
    }
    lines = lines.maybe(Label::Reason, trouble);
    for problem in report.problems {
        lines = lines.line(Label::Reason, &problem.to_string());
    }
    let next = format!("{} ({})", words::advice(lang, report.advice), report.advice);
    lines
        .line(Label::Next, &next)
        .maybe(Label::NotBefore, report.not_before.map(|time| time.to_string()).as_deref())
        .maybe(Label::Concerns, words::scope(lang, report.scope))
        .done()
}
