//! `redpack query`: what became of an order.

use std::process::ExitCode;

use redpack::{
    Advice, Answer, Error, ErrorKind, Fen, OrderRecord, OrderStatus, Outcome, Problem, QueryResult, Receiver,
    Request, Scope, Timestamp, table,
};
use serde::Serialize;

use crate::args::{Common, QueryArgs};
use crate::lines::{Lines, amount};
use crate::output::Output;
use crate::send::problems_of;
use crate::settings::Settings;
use crate::trouble::Trouble;
use crate::words::{self, Label, Lang};

pub fn run(args: &QueryArgs, common: &Common, output: Output) -> ExitCode {
    let endpoint = if args.workwx { &table::QUERYWORKWXREDPACK } else { &table::GETHBINFO };
    let mut request = Request::new(endpoint);
    if let Some(Err(problem)) = args.billno.as_ref().map(|billno| request.set("mch_billno", billno)) {
        // Every query has an order number: this can only be a defect of the tables.
        return show(&Report::refused(&request, None, &[problem]), output, None);
    }
    let client = match Settings::read(common).client() {
        Ok(client) => client,
        Err(trouble) => {
            let problems = problems_of(&request, &[]);
            let report = Report::refused(&request, Some(&trouble), &problems);
            return show(&report, output, Some(&trouble.message(output.lang)));
        }
    };
    match client.query_request(&request) {
        Ok(result) => show(&Report::answered(&result), output, None),
        Err(error) => show(&Report::failed(&request, &error), output, None),
    }
}

/// An answered query as people see it; the demo shows the same.
pub fn describe(result: &QueryResult, lang: Lang) -> String {
    people(&Report::answered(result), lang, None)
}

/// What a query prints as JSON. The keys are a promise (design, section 11).
#[derive(Serialize)]
struct Report<'a> {
    /// `None` where the query itself failed.
    found: Option<bool>,
    status: Option<&'a OrderStatus>,
    mch_billno: Option<&'a str>,
    total_amount: Option<Fen>,
    receivers: &'a [Receiver],
    /// The order's, not the query's.
    outcome: Outcome,
    advice: Advice,
    scope: Scope,
    not_before: Option<Timestamp>,
    err_code: Option<&'a str>,
    message: String,
    attempts: u32,
    kind: Option<ErrorKind>,
    err_code_des: Option<&'a str>,
    http_status: Option<u16>,
    problems: &'a [Problem],
    credential_fault: Option<redpack::CredentialFault>,
    detail_id: Option<&'a str>,
    reason: Option<&'a str>,
    send_time: Option<Timestamp>,
    refund_time: Option<Timestamp>,
    refund_amount: Option<Fen>,
    send_type: Option<&'a str>,
    hb_type: Option<&'a str>,
    total_num: Option<u64>,
    wishing: Option<&'a str>,
    remark: Option<&'a str>,
    act_name: Option<&'a str>,
    sender_name: Option<&'a str>,
    answer: Option<&'a Answer>,
}

impl<'a> Report<'a> {
    fn blank(mch_billno: Option<&'a str>) -> Self {
        Self {
            found: None,
            status: None,
            mch_billno,
            total_amount: None,
            receivers: &[],
            outcome: Outcome::Unknown,
            advice: Advice::QueryFirst,
            scope: Scope::Order,
            not_before: None,
            err_code: None,
            message: String::new(),
            attempts: 0,
            kind: None,
            err_code_des: None,
            http_status: None,
            problems: &[],
            credential_fault: None,
            detail_id: None,
            reason: None,
            send_time: None,
            refund_time: None,
            refund_amount: None,
            send_type: None,
            hb_type: None,
            total_num: None,
            wishing: None,
            remark: None,
            act_name: None,
            sender_name: None,
            answer: None,
        }
    }

    fn answered(result: &'a QueryResult) -> Self {
        let report = Self {
            found: Some(result.found()),
            outcome: result.outcome,
            advice: result.advice,
            not_before: result.not_before,
            attempts: 1,
            http_status: Some(200),
            answer: Some(&result.answer),
            ..Self::blank(Some(&result.mch_billno))
        };
        match &result.order {
            Some(order) => report.with_order(order),
            None => Self {
                err_code: result.answer.text("err_code"),
                err_code_des: result.answer.text("err_code_des"),
                message: words::not_found(Lang::En).into(),
                ..report
            },
        }
    }

    fn with_order(self, order: &'a OrderRecord) -> Self {
        Self {
            status: order.status.as_ref(),
            total_amount: order.total_amount,
            receivers: &order.receivers,
            message: words::status(Lang::En, order.status.as_ref()).into(),
            detail_id: order.detail_id.as_deref(),
            reason: order.reason.as_deref(),
            send_time: order.send_time,
            refund_time: order.refund_time,
            refund_amount: order.refund_amount,
            send_type: order.send_type.as_deref(),
            hb_type: order.hb_type.as_deref(),
            total_num: order.total_num,
            wishing: order.wishing.as_deref(),
            remark: order.remark.as_deref(),
            act_name: order.act_name.as_deref(),
            sender_name: order.sender_name.as_deref(),
            ..self
        }
    }

    fn failed(request: &'a Request, error: &'a Error) -> Self {
        Self {
            outcome: error.outcome(),
            advice: error.advice(),
            scope: error.scope(),
            not_before: error.not_before(),
            err_code: error.err_code(),
            message: error.message().to_owned(),
            attempts: error.attempts(),
            kind: Some(error.kind()),
            err_code_des: error.err_code_des(),
            http_status: error.http_status(),
            problems: error.problems(),
            credential_fault: error.credential_fault(),
            answer: error.answer(),
            ..Self::blank(request.get("mch_billno"))
        }
    }

    /// The query was never asked. The order may well have been sent: its outcome stays unknown.
    fn refused(request: &'a Request, trouble: Option<&Trouble>, problems: &'a [Problem]) -> Self {
        let kind = trouble.map_or(ErrorKind::InvalidRequest, Trouble::kind);
        let messages = trouble.map(|trouble| trouble.message(Lang::En)).into_iter();
        let messages: Vec<String> = messages.chain(problems.iter().map(ToString::to_string)).collect();
        Self {
            // A journal that is away says nothing that permits an attempt.
            advice: if kind == ErrorKind::Journal { Advice::QueryFirst } else { kind.verdict().advice },
            scope: kind.verdict().scope,
            message: messages.join("; "),
            kind: Some(kind),
            problems,
            credential_fault: trouble.and_then(Trouble::credential_fault),
            ..Self::blank(request.get("mch_billno"))
        }
    }
}

fn show(report: &Report<'_>, output: Output, trouble: Option<&str>) -> ExitCode {
    output.result(report, || people(report, output.lang, trouble));
    ExitCode::from(if report.found == Some(true) { 0 } else { 12 })
}

fn people(report: &Report<'_>, lang: Lang, trouble: Option<&str>) -> String {
    let unnamed = lang.pick("no status", "无状态");
    let mut lines = match report.found {
        Some(true) => {
            let word = report.status.map_or(unnamed, OrderStatus::as_str);
            Lines::new(lang, word, words::status(lang, report.status))
        }
        Some(false) => Lines::new(lang, lang.pick("not found", "未找到"), words::not_found(lang)),
        None => Lines::new(lang, lang.pick("no answer", "无结果"), words::query_failed(lang)),
    };
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let fen = |fen: Option<Fen>| fen.map(|fen| amount(lang, fen));
    lines = lines
        .maybe(Label::Order, report.mch_billno)
        .maybe(Label::Amount, fen(report.total_amount).as_deref())
        .maybe(Label::SentAt, time(report.send_time).as_deref())
        .maybe(Label::RefundedAt, time(report.refund_time).as_deref())
        .maybe(Label::Reason, report.reason);
    for receiver in report.receivers {
        // Who claimed it is what was asked for: not masked.
        let parts =
            [receiver.openid.clone(), fen(receiver.amount), time(receiver.rcv_time)].into_iter().flatten();
        lines = lines.line(Label::ClaimedBy, &parts.collect::<Vec<_>>().join("  "));
    }
    if report.found.is_none() {
        let explained = || words::explained(lang, report.kind, &report.message);
        lines = lines.line(Label::Reason, &trouble.map_or_else(explained, str::to_owned));
    }
    let next = format!("{} ({})", words::advice(lang, report.advice), report.advice);
    lines
        .line(Label::Next, &next)
        .maybe(Label::NotBefore, time(report.not_before).as_deref())
        .maybe(Label::Concerns, words::scope(lang, report.scope))
        .done()
}
