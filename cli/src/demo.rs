//! `redpack demo`: the whole of it against a throw-away sandbox, in plain words.
//!
//! Each step knows what it should end in; one that ends otherwise makes the demo fail.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use redpack::{
    Advice, Client, Credentials, Error, Fen, OrderStatus, Outcome, Query, Request, Roots, SendRedPack,
    SendResult, Timestamp,
};
use redpack_sandbox::{Options, Sandbox};
use serde::Serialize;

use crate::output::{Output, note, visible};
use crate::words::Lang;
use crate::words::demo::Part;
use crate::{check, lines, query, send};

const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";
/// Just above the least interval between two attempts of one order.
const PAUSE: Duration = Duration::from_millis(1100);

pub fn run(output: Output) -> ExitCode {
    let mut stage = Stage { output, number: 0, failed: false };
    match rehearse(&mut stage) {
        Ok(()) if !stage.failed => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(message) => {
            note(&format!("redpack demo: {}", visible(&message)));
            ExitCode::FAILURE
        }
    }
}

/// Where the steps are shown.
struct Stage {
    output: Output,
    number: u32,
    failed: bool,
}

/// What a step prints as JSON.
#[derive(Serialize)]
struct Report<'a> {
    step: &'static str,
    ok: bool,
    mch_billno: Option<&'a str>,
    outcome: Option<Outcome>,
    advice: Option<Advice>,
}

impl Stage {
    fn lang(&self) -> Lang {
        self.output.lang
    }

    /// Words that belong to no step; not in JSON.
    fn say(&self, text: &str) {
        if !self.output.json {
            self.output.result(&(), || text.to_owned());
        }
    }

    /// Shows a step: heading, sentence, the command that would do it, what it prints.
    fn step(&mut self, part: Part, step: &Report<'_>, command: &str, result: &str) {
        self.number += 1;
        self.failed |= !step.ok;
        let (number, lang) = (self.number, self.lang());
        self.output.result(step, || {
            let mut text =
                vec![format!("\n{number}. {}", part.title(lang)), format!("   {}", part.text(lang))];
            if !command.is_empty() {
                text.push(format!("   $ redpack {command}"));
            }
            text.extend(result.lines().map(|line| format!("   {line}")));
            if !step.ok {
                text.push(format!("   *** {} ***", Part::Failed.text(lang)));
            }
            text.join("\n")
        });
    }

    fn plain(&mut self, part: Part, ok: bool, command: &str, result: &str) {
        let step = Report { step: part.name(), ok, mch_billno: None, outcome: None, advice: None };
        self.step(part, &step, command, result);
    }

    /// Sends, shows, and compares with what should come of it. Tells when the advice may be followed.
    fn send(
        &mut self,
        part: Part,
        client: &Client,
        order: &SendRedPack,
        expected: (Outcome, Advice, &str),
    ) -> Option<Timestamp> {
        let request = order.as_request();
        let result = client.send(order).map_err(Box::new);
        let (outcome, advice, code) = told(&result);
        let ok = (outcome, advice, code.as_str()) == expected;
        let mch_billno = request.get("mch_billno");
        let step = Report { step: part.name(), ok, mch_billno, outcome: Some(outcome), advice: Some(advice) };
        self.step(part, &step, &command_line(request), &send::describe(request, &result, self.lang()));
        result.err().and_then(|error| error.not_before())
    }

    /// Asks, shows, and compares with the status that the order should have.
    fn query(
        &mut self,
        part: Part,
        client: &Client,
        number: &str,
        expected: &OrderStatus,
    ) -> Result<(), String> {
        let result = client.query(&Query::new(number)).map_err(|error| error.to_string())?;
        let status = result.order.as_ref().and_then(|order| order.status.as_ref());
        let step = Report {
            step: part.name(),
            ok: status == Some(expected),
            mch_billno: Some(number),
            outcome: Some(result.outcome),
            advice: Some(result.advice),
        };
        let shown = query::describe(&result, self.lang());
        self.step(part, &step, &format!("query --billno {number}"), &shown);
        Ok(())
    }
}

fn wait_until(not_before: Option<Timestamp>) {
    while not_before.is_some_and(|time| Timestamp::now() < time) {
        thread::sleep(PAUSE / 10);
    }
}

/// Outcome, advice, and what tells one such result from another: the service's code or the error's kind.
fn told(result: &Result<SendResult, Box<Error>>) -> (Outcome, Advice, String) {
    match result {
        Ok(_) => (Outcome::Sent, Advice::None, String::new()),
        Err(error) => {
            let code = error.err_code().unwrap_or(error.kind().as_str());
            (error.outcome(), error.advice(), code.to_owned())
        }
    }
}

fn command_line(request: &Request) -> String {
    let value = |name: &str| request.get(name).unwrap_or_default();
    let openid = redpack::mask_openid(value("re_openid"));
    format!(
        "send --billno {} --openid {openid} --amount-fen {} …",
        value("mch_billno"),
        value("total_amount")
    )
}

fn order(mch_billno: &str, amount: Fen) -> SendRedPack {
    SendRedPack::new(mch_billno, OPENID, amount)
        .send_name("天虹百货")
        .act_name("猜灯谜")
        .wishing("元宵节快乐")
        .remark("快来抢")
}

fn rehearse(stage: &mut Stage) -> Result<(), String> {
    let dir = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let sandbox = Sandbox::start(Options::new(dir.path())).map_err(|error| error.to_string())?;
    stage.say(Part::Intro.text(stage.lang()));
    let balance = lines::amount(stage.lang(), sandbox.ledger().balance);
    let place = format!("{}  {}  {balance}", sandbox.base_url(), sandbox.mch_id());
    stage.plain(Part::Gateway, true, "sandbox --dir …", &place);

    let own = Credentials::pem_files(sandbox.cert_file(), sandbox.key_file());
    let client = client(&sandbox, own.clone(), Roots::file(sandbox.ca_file()))?;
    let found = client.check();
    stage.plain(Part::Check, found.days_left > 0, "check", &check::people(&found, stage.lang()));

    one_packet(stage, &sandbox, &client)?;
    lost_answer(stage, &sandbox, &client)?;
    short_of_money(stage, &sandbox, &client)?;
    refusals(stage, &sandbox, &client)?;
    wrong_certificates(stage, &sandbox, own)?;
    books(stage, &sandbox);
    stage.say(&format!("\n{}", Part::Rule.text(stage.lang())));

    sandbox.stop();
    dir.close().map_err(|error| format!("the temporary folder can't be removed: {error}"))
}

fn client(sandbox: &Sandbox, credentials: Credentials, roots: Roots) -> Result<Client, String> {
    Client::builder(sandbox.mch_id(), sandbox.appid(), sandbox.api_key().clone())
        .credentials(credentials)
        .roots(roots)
        .base_url(&sandbox.base_url())
        .build()
        .map_err(|error| error.to_string())
}

fn new_number(sandbox: &Sandbox) -> Result<String, String> {
    redpack::new_mch_billno(sandbox.mch_id()).map_err(|problem| problem.to_string())
}

/// Sent, claimed, asked about, sent again.
fn one_packet(stage: &mut Stage, sandbox: &Sandbox, client: &Client) -> Result<(), String> {
    let sent = (Outcome::Sent, Advice::None, "");
    let number = new_number(sandbox)?;
    let order = order(&number, Fen(100));
    stage.send(Part::Send, client, &order, sent);

    sandbox.claim(&number).map_err(|error| error.to_string())?;
    stage.query(Part::Claim, client, &number, &OrderStatus::Received)?;

    thread::sleep(PAUSE);
    stage.send(Part::Again, client, &order, sent);
    Ok(())
}

/// The failure that matters most: the money has moved and nobody says so.
fn lost_answer(stage: &mut Stage, sandbox: &Sandbox, client: &Client) -> Result<(), String> {
    let invoice = stage.lang().pick("invoice 7", "发票 7");
    let number = new_number(sandbox)?;
    let fault = serde_json::json!({"fault": "drop-after", "times": 1});
    sandbox.add_faults(&fault).map_err(|error| error.to_string())?;
    let lost = (Outcome::Unknown, Advice::QueryFirst, "disconnected");
    let not_before = stage.send(Part::Lost, client, &order(&number, Fen(100)).remark(invoice), lost);
    wait_until(not_before);
    stage.query(Part::Found, client, &number, &OrderStatus::Sent)?;

    let naive = order(&new_number(sandbox)?, Fen(100)).remark(invoice);
    client.send(&naive).map_err(|error| error.to_string())?;
    let paid = sandbox.ledger().remarks.get(invoice).copied().unwrap_or_default();
    let sum = lines::amount(stage.lang(), paid.debited);
    let shown = match stage.lang() {
        Lang::En => format!("{invoice}: 1.00 yuan was owed, {} debits, {sum} paid", paid.debits),
        Lang::Zh => format!("{invoice}：应付 1.00 元，实际扣款 {} 次，共付 {sum}", paid.debits),
    };
    stage.plain(Part::Naive, paid.debits == 2, &command_line(naive.as_request()), &shown);
    Ok(())
}

/// The failure that is none: the order stays with the service.
fn short_of_money(stage: &mut Stage, sandbox: &Sandbox, client: &Client) -> Result<(), String> {
    let order = order(&new_number(sandbox)?, Fen(500));
    let balance = sandbox.ledger().balance;
    sandbox.set_balance(Fen(0));
    let pending = (Outcome::Pending, Advice::RetrySameOrder, "NOTENOUGH");
    let not_before = stage.send(Part::Short, client, &order, pending);
    sandbox.set_balance(balance);
    wait_until(not_before);
    stage.send(Part::TopUp, client, &order, (Outcome::Sent, Advice::None, ""));
    Ok(())
}

/// Refused here, and refused there.
fn refusals(stage: &mut Stage, sandbox: &Sandbox, client: &Client) -> Result<(), String> {
    let order = |amount| new_number(sandbox).map(|number| order(&number, Fen(amount)));
    let broken = order(0)?.send_name("一家名字特别特别长的百货公司").client_ip("fe80::1");
    stage.send(Part::Fields, client, &broken, (Outcome::NotSent, Advice::FixOrder, "invalid_request"));
    let small = order(50)?;
    stage.send(Part::Rejected, client, &small, (Outcome::Rejected, Advice::QueryFirst, "MONEY_LIMIT"));
    Ok(())
}

/// Ours is not theirs, and theirs is nobody's.
fn wrong_certificates(stage: &mut Stage, sandbox: &Sandbox, own: Credentials) -> Result<(), String> {
    let foreign = sandbox.foreign_client_certificate(sandbox.mch_id()).map_err(|error| error.to_string())?;
    let foreign = Credentials::pem(foreign.0.as_bytes(), foreign.1.as_bytes());
    let order = || new_number(sandbox).map(|number| order(&number, Fen(100)));

    let stranger = client(sandbox, foreign, Roots::file(sandbox.ca_file()))?;
    let doubted = (Outcome::Unknown, Advice::FixSetup, "client_certificate_doubted");
    stage.send(Part::ForeignCertificate, &stranger, &order()?, doubted);

    // Without the sandbox's authority, only those that the whole world trusts are left.
    let suspicious = client(sandbox, own, Roots::mozilla())?;
    let untrusted = (Outcome::NotSent, Advice::FixSetup, "server_certificate");
    stage.send(Part::UntrustedServer, &suspicious, &order()?, untrusted);
    Ok(())
}

/// What really happened.
fn books(stage: &mut Stage, sandbox: &Sandbox) {
    let totals = sandbox.ledger().totals;
    let sum = lines::amount(stage.lang(), totals.debited);
    let shown = match stage.lang() {
        Lang::En => format!("{} sends, {} debits, {sum}", totals.sends, totals.debits),
        Lang::Zh => format!("收到发放请求 {} 次，扣款 {} 次，共 {sum}", totals.sends, totals.debits),
    };
    let ok = totals.debits == 4 && totals.debited == Fen(800);
    stage.plain(Part::Books, ok, "", &shown);
}
