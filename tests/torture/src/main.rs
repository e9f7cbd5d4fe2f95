//! Tortures a payout: several processes share one journal, pay a list of intended payments through the
//! sandbox under every fault, and are killed, forked, stopped and given an old journal. At the end the
//! gateway's ledger says who was paid twice, and the journal must know everything that the ledger knows.
//!
//! `run.rs` is the run; `worker.rs` and `driver.rs` are the processes that are tortured, `watch.rs` watches
//! their leases; `judge.rs` judges.
#![cfg(unix)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]

mod chance;
mod control;
mod driver;
mod engine;
mod herd;
mod judge;
mod operator;
mod permits;
mod place;
mod postgres;
mod run;
mod watch;
mod weather;
mod worker;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use judge::{CHECKS, Judgement};
use run::{Figures, Wanted};

/// Kills, forks, stops and restores processes that pay through the sandbox, and counts who was paid twice.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The journal's engine.
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: engine::Kind,
    /// The seed of every decision.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often a process is killed with `kill -9`.
    #[arg(long, default_value_t = 200)]
    kills: u64,
    /// How many payments are intended; five for each kill unless given.
    #[arg(long)]
    payments: Option<u64>,
    /// How many workers run at a time.
    #[arg(long, default_value_t = 4)]
    processes: usize,
    /// Keeps the run's folder, and says where it is.
    #[arg(long)]
    keep: bool,
    #[command(subcommand)]
    inner: Option<Inner>,
}

#[derive(Subcommand)]
enum Inner {
    /// A worker of a run.
    #[command(hide = true)]
    Worker {
        #[arg(long)]
        dir: PathBuf,
        #[arg(long)]
        number: u64,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = match &arguments.inner {
        Some(Inner::Worker { dir, number }) => worker::run(dir, *number).map(|()| true),
        None => torture(&arguments),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("torture: {error}");
            ExitCode::FAILURE
        }
    }
}

fn torture(arguments: &Arguments) -> Result<bool, String> {
    let folder = tempfile::Builder::new().prefix("redpack-torture-").tempdir();
    let mut folder = folder.map_err(|error| format!("a folder: {error}"))?;
    // PostgreSQL runs as another user where we are root.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open).map_err(|error| format!("the folder: {error}"))?;
    folder.disable_cleanup(arguments.keep);
    let wanted = Wanted {
        engine: arguments.engine,
        seed: arguments.seed,
        kills: arguments.kills,
        payments: arguments.payments.unwrap_or(arguments.kills * 5),
        processes: arguments.processes,
    };
    let (figures, judgement) = run::run(wanted, folder.path())?;
    report(wanted, &figures, &judgement);
    if arguments.keep {
        println!("kept: {}", folder.path().display());
    }
    Ok(judgement.broken.is_empty())
}

fn report(wanted: Wanted, figures: &Figures, judgement: &Judgement) {
    let Figures { kills, forks, stops, database_kills, restores, entered, .. } = figures;
    println!("engine {:?}, seed {}, {} processes", wanted.engine, wanted.seed, wanted.processes);
    println!("kills {kills}, forks {forks}, stops {stops}, database kills {database_kills}");
    println!("restores {restores}; orders entered again from the console {entered}");
    println!("sends {}, queries {}, faults struck {}", figures.attempts, figures.queries, figures.faults);
    println!(
        "payments {}, orders {}, debits {} ({} under torture), paid once {}, left to an operator after 29 days {}",
        figures.payments,
        judgement.orders,
        figures.debits,
        figures.debits_meanwhile,
        judgement.paid,
        judgement.manual
    );
    println!(
        "clocks moved {:.1} days, took {:.1} s",
        figures.shifted.as_secs_f64() / 86_400.0,
        figures.took.as_secs_f64()
    );
    for check in CHECKS {
        let cases = judgement.broken.get(check).map_or(&[][..], Vec::as_slice);
        println!("{:>6}  {check}", cases.len());
        for case in cases.iter().take(5) {
            println!("        {case}");
        }
    }
}
