//! `redpack`: the command line of the library of that name.
//!
//! `args.rs` says what can be given, `settings.rs` merges flags, environment and file into a client, one
//! module per subcommand does the rest. What a result means is the core's to say; here it is only shown.
#![forbid(unsafe_code)]

mod args;
mod check;
mod connect;
mod decide;
mod demo;
mod files;
mod interrupt;
mod journal_args;
mod journal_settings;
mod layer;
mod lines;
mod log_lines;
mod open_files;
mod order_report;
mod orders;
mod output;
mod progress;
mod query;
mod sandbox;
mod send;
mod settings;
mod settle;
mod signals;
mod toml_file;
mod trouble;
mod words;
mod work;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use output::Output;
use words::Lang;

fn main() -> ExitCode {
    let parsed = Cli::try_parse().and_then(|mut cli| cli.take_common().map(|common| (cli, common)));
    let (cli, common) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return args::explain(error),
    };
    log_lines::start(common.verbose);
    let output = Output { json: common.json, lang: common.lang.unwrap_or_else(Lang::of_locale) };
    match &cli.command {
        Command::Send(args) => send::run(args, &common, output),
        Command::Settle(args) => settle::run(args, &common, output),
        Command::Close(args) => decide::close(args, &common, output),
        Command::Resolve(args) => decide::resolve(args, &common, output),
        Command::AcceptRestore(args) => decide::accept_restore(args, &common, output),
        Command::Recover(args) => work::recover(args, &common, output),
        Command::Reconcile(args) => work::reconcile(args, &common, output),
        Command::Orders(args) => orders::run(args, &common, output),
        Command::Query(args) => query::run(args, &common, output),
        Command::NewBillno(_) => check::new_billno(&common, output),
        Command::Check(_) => check::run(&common, output),
        Command::Sandbox(args) => sandbox::run(args, &common, output),
        Command::Demo(_) => demo::run(output),
    }
}
