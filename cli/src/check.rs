//! `redpack check` and `redpack new-billno`: what can be done without the network.

use std::process::ExitCode;

use redpack::{Check, CredentialFault, ErrorKind};
use serde::Serialize;

use crate::args::Common;
use crate::lines::Lines;
use crate::output::{Output, note, visible};
use crate::settings::Settings;
use crate::trouble::Trouble;
use crate::words::{self, Label, Lang};

/// What `check` prints as JSON.
#[derive(Serialize)]
struct Report<'a> {
    ok: bool,
    #[serde(flatten)]
    check: Option<&'a Check>,
    kind: Option<ErrorKind>,
    credential_fault: Option<CredentialFault>,
    message: Option<String>,
}

pub fn run(common: &Common, output: Output) -> ExitCode {
    match Settings::read(common).without_journal() {
        Ok(client) => {
            let check = client.check();
            output.result(&ok(&check), || people(&check, output.lang));
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            let report = Report {
                ok: false,
                check: None,
                kind: Some(trouble.kind()),
                credential_fault: trouble.credential_fault(),
                message: Some(trouble.message(Lang::En)),
            };
            output.result(&report, || {
                let lang = output.lang;
                let meaning = lang.pick("nothing could be sent like this", "这样无法发送");
                Lines::new(lang, lang.pick("not usable", "不可用"), meaning)
                    .line(Label::Reason, &trouble.message(lang))
                    .done()
            });
            ExitCode::FAILURE
        }
    }
}

fn ok(check: &Check) -> Report<'_> {
    Report { ok: true, check: Some(check), kind: None, credential_fault: None, message: None }
}

/// What `check` shows to people; the demo shows the same.
pub fn people(check: &Check, lang: Lang) -> String {
    let certificate = &check.certificate;
    let days = check.days_left;
    let validity = match lang {
        Lang::En => format!("{} to {}: {days} days left", certificate.not_before, certificate.not_after),
        Lang::Zh => format!("{} 至 {}：还剩 {days} 天", certificate.not_before, certificate.not_after),
    };
    let meaning = lang.pick("certificate, key and settings can be used", "证书、密钥和设置均可使用");
    let mut lines = Lines::new(lang, lang.pick("usable", "可用"), meaning)
        .line(Label::Merchant, &check.mch_id)
        .maybe(Label::Certificate, certificate.common_name.as_deref())
        .line(Label::Serial, &certificate.serial_number)
        .line(Label::Valid, &validity)
        .line(Label::Gateway, &check.base_url);
    for finding in &check.findings {
        lines = lines.line(Label::LookAt, words::finding(lang, *finding));
    }
    lines.done()
}

/// `new-billno`: prints an order number, and nothing else.
pub fn new_billno(common: &Common, output: Output) -> ExitCode {
    #[derive(Serialize)]
    struct Number {
        mch_billno: String,
    }
    let made = Settings::read(common)
        .mch_id()
        .map_err(|trouble: Trouble| trouble.message(output.lang))
        .and_then(|mch_id| redpack::new_mch_billno(&mch_id).map_err(|problem| problem.to_string()));
    match made {
        Ok(mch_billno) => {
            let number = Number { mch_billno };
            output.result(&number, || number.mch_billno.clone());
            ExitCode::SUCCESS
        }
        Err(message) => {
            note(&format!("redpack: {}", visible(&message)));
            ExitCode::FAILURE
        }
    }
}
