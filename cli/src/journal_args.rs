//! The command line of what needs a journal.

use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;
use redpack::journal::State;

use crate::args::{Common, SendArgs};

#[derive(Debug, Args)]
pub struct SettleArgs {
    /// All fields, as of a send; or only --billno, or only --intent, of an order that is in the journal.
    #[command(flatten)]
    pub order: SendArgs,
    /// How long to go on
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, allow_hyphen_values = true)]
    pub deadline: Duration,
}

#[derive(Debug, Args)]
pub struct CloseArgs {
    /// Order number (mch_billno)
    #[arg(long, value_name = "NUMBER")]
    pub billno: String,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct WorkArgs {
    /// How long to go on
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, allow_hyphen_values = true)]
    pub deadline: Duration,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
#[group(id = "evidence", required = true, multiple = false, args = ["paid", "refunded", "not_paid"])]
pub struct ResolveArgs {
    /// Order number (mch_billno)
    #[arg(long, value_name = "NUMBER")]
    pub billno: String,
    /// The money was paid
    #[arg(long)]
    pub paid: bool,
    /// It was paid, not claimed, and is back
    #[arg(long)]
    pub refunded: bool,
    /// It was not paid, and can't be any more: closes the order, and permits a new one
    #[arg(long)]
    pub not_paid: bool,
    /// WeChat's own number of the packet, of one that was paid
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["refunded", "not_paid"])]
    pub send_listid: Option<String>,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub who: String,
    /// On what grounds
    #[arg(long, value_name = "TEXT")]
    pub why: String,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct OrdersArgs {
    /// In this state only
    #[arg(long, value_parser = PossibleValuesParser::new(State::ALL.iter().map(|state| state.as_str())))]
    pub state: Option<String>,
    /// At most so many
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Those after this place in the journal: the last `seq` of the page before
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    pub after: i64,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct AcceptArgs {
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub who: String,
    /// What was done about the orders that the copy lacks
    #[arg(long, value_name = "TEXT")]
    pub why: String,
    #[command(flatten)]
    pub common: Common,
}

/// Plain decimals, up to a day.
fn seconds(text: &str) -> Result<Duration, String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds: Option<f64> = text.parse().ok().filter(|_| plain);
    match seconds {
        Some(seconds) if (0.0..=86_400.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("a number of seconds from 0 to 86400".into()),
    }
}
