//! `redpack sandbox`: the gateway in the foreground, until a signal ends it.

use std::process::ExitCode;

use redpack::Fen;
use redpack_sandbox::{Options, Sandbox};
use serde::Serialize;
use serde_json::Value;

use crate::args::{Common, SandboxArgs};

use crate::lines::Lines;

use crate::output::{Output, note, visible};
use crate::words::{Label, Lang};
use crate::{connect, files, open_files, signals};

/// What `sandbox` prints as JSON, once, when it listens.
#[derive(Serialize)]
struct Report<'a> {
    base_url: String,
    backup_url: String,
    control_url: String,
    ledger_url: String,
    dir: &'a str,
    mch_id: &'a str,
    appid: &'a str,
    config: String,
    ca_file: String,
    cert: String,
    key: String,
    p12: String,
    connect: Value,
}

pub fn run(args: &SandboxArgs, common: &Common, output: Output) -> ExitCode {
    match serve(args, common, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            note(&format!("redpack: {}", visible(&message)));
            ExitCode::FAILURE
        }
    }
}

fn serve(args: &SandboxArgs, common: &Common, output: Output) -> Result<(), String> {
    let options = options(args, common)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|error| format!("no event loop: {error}"))?;
    // Before anybody hears of the ports: a signal that comes at once must end it just as cleanly.
    let guard = runtime.enter();
    let ended = signals::ended().map_err(|error| format!("signals can't be awaited: {error}"))?;
    drop(guard);
    open_files::raise_limit();
    let sandbox = Sandbox::start(options).map_err(|error| error.to_string())?;
    announce(&sandbox, output);
    runtime.block_on(ended);
    sandbox.stop();
    Ok(())
}

/// Only flags count here: what the environment holds may be a real merchant's, and the sandbox writes its
/// key into a file.
fn options(args: &SandboxArgs, common: &Common) -> Result<Options, String> {
    let mut options = Options::new(&args.dir);
    options.listen = args.listen;
    options.backup_listen = args.backup_listen;
    options.control_listen = args.control_listen;
    options.state.clone_from(&args.state);
    if let Some(balance) = args.balance_fen {
        options.balance = Fen(balance);
    }
    if let Some(mch_id) = &common.mch_id {
        options.mch_id.clone_from(mch_id);
    }
    if let Some(appid) = &common.appid {
        options.appid.clone_from(appid);
    }
    for (flag, path, secret) in [
        ("--api-key-file", &common.api_key_file, &mut options.api_key),
        ("--workwx-secret-file", &common.workwx_secret_file, &mut options.workwx_secret),
    ] {
        if let Some(path) = path {
            *secret = files::secret(path).map_err(|trouble| {
                format!("the file that {flag} names can't be read: {}", trouble.english())
            })?;
        }
    }
    Ok(options)
}

fn announce(sandbox: &Sandbox, output: Output) {
    let shown = |path: &std::path::Path| path.display().to_string();
    let dir = shown(sandbox.dir());
    let report = Report {
        base_url: sandbox.base_url(),
        backup_url: sandbox.backup_url(),
        control_url: sandbox.control_url(),
        ledger_url: sandbox.ledger_url(),
        dir: &dir,
        mch_id: sandbox.mch_id(),
        appid: sandbox.appid(),
        config: shown(sandbox.config_file()),
        ca_file: shown(sandbox.ca_file()),
        cert: shown(sandbox.cert_file()),
        key: shown(sandbox.key_file()),
        p12: shown(sandbox.p12_file()),
        connect: connect::json(sandbox),
    };
    output.result(&report, || people(&report, output.lang) + &connect::people(sandbox));
}

fn people(report: &Report<'_>, lang: Lang) -> String {
    let meaning = lang.pick(
        "a gateway on this machine that behaves like WeChat's and moves no money",
        "本机上的模拟网关，行为与微信一致，不会动用真实资金",
    );
    let mut lines = Lines::new(lang, lang.pick("sandbox", "沙箱"), meaning)
        .line(Label::Gateway, &report.base_url)
        .line(Label::Backup, &report.backup_url)
        .line(Label::Control, &report.control_url)
        .line(Label::Merchant, report.mch_id);
    for file in [&report.config, &report.ca_file, &report.cert, &report.key, &report.p12] {
        lines = lines.line(Label::Files, file);
    }
    lines
        .line(Label::Try, &format!("redpack check --config {}", report.config))
        .line(Label::Stop, "Ctrl-C")
        .line(
            Label::Connect,
            lang.pick(
                "from your own program, with the library that you use today:",
                "用你现在使用的库连接：",
            ),
        )
        .done()
}
