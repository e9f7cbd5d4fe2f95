//! `redpack`: the command line of the library of that name.
//!
//! `args.rs` says what can be given, `settings.rs` merges flags, environment and file into a client, one
//! module per subcommand does the rest. What a result means is the core's to say; here it is only shown.
#![forbid(unsafe_code)]

mod args;
mod check;
mod connect;
mod demo;
mod files;
mod layer;
mod lines;
mod log_lines;
mod open_files;
mod output;
mod query;
mod sandbox;
mod send;
mod settings;
mod toml_file;
mod trouble;
mod words;

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
        Command::Query(args) => query::run(args, &common, output),
        Command::NewBillno(_) => check::new_billno(&common, output),
        Command::Check(_) => check::run(&common, output),
        Command::Sandbox(args) => sandbox::run(args, &common, output),
        Command::Demo(_) => demo::run(output),
    }
}
