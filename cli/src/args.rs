//! The command line: subcommands and flags, as design and `--help` describe them.
//!
//! Environment variables are read in `layer.rs`, not by clap, whose help would print their values.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::journal_args::{AcceptArgs, CloseArgs, OrdersArgs, ResolveArgs, SettleArgs, WorkArgs};
use crate::words::Lang;

/// Sends WeChat Pay cash red packets without paying twice, and asks what became of them.
///
/// Settings come from flags, then from environment variables, then from a TOML file (--config). Secrets are
/// never flags: give files, or REDPACK_API_KEY.
///
/// Exit status of a send or settle: 0 sent, 10 not sent, 11 rejected, 12 unknown, 13 pending. Of a query: 0
/// answered, 12 not found or failed. Of recover and reconcile: 0 nothing is left open, 12 something is. 2: the
/// command line can't be parsed. 1: anything else.
#[derive(Debug, Parser)]
#[command(name = "redpack", version, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Send one red packet: at most one request on the wire.
    Send(Box<SendArgs>),
    /// With a journal: send and ask until the order is settled or the deadline passes.
    Settle(Box<SettleArgs>),
    /// With a journal: promise that an order is never attempted again, so that a new one is permitted.
    Close(CloseArgs),
    /// With a journal: after a crash, settle or explain every order that is open and due.
    Recover(WorkArgs),
    /// With a journal: follow orders that were sent until they are claimed or the money is back.
    Reconcile(WorkArgs),
    /// With a journal: record an operator's decision about an order.
    Resolve(ResolveArgs),
    /// List the orders of the journal.
    Orders(OrdersArgs),
    /// Record that a journal restored from an old copy has been dealt with.
    AcceptRestore(AcceptArgs),
    /// Ask what became of an order.
    Query(QueryArgs),
    /// Make a new order number. Store it before you send.
    NewBillno(PlainArgs),
    /// Inspect credentials and settings without touching the network.
    Check(PlainArgs),
    /// Run a local gateway that behaves as WeChat's does, until interrupted.
    Sandbox(SandboxArgs),
    /// See it all at work against a throw-away sandbox: no account, no network, no money.
    Demo(PlainArgs),
}

/// The flags that every subcommand takes, before or after its name.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Settings")]
pub struct Common {
    /// TOML file with settings
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Merchant number (商户号) [environment: REDPACK_MCH_ID]
    #[arg(long, value_name = "NUMBER")]
    pub mch_id: Option<String>,
    /// The merchant's appid [environment: REDPACK_APPID]
    #[arg(long, value_name = "APPID")]
    pub appid: Option<String>,
    /// File that holds the APIv2 key [environment: REDPACK_API_KEY holds the key itself]
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
    /// Merchant certificate, apiclient_cert.pem
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
    /// Its private key, apiclient_key.pem
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Both in one, apiclient_cert.p12, instead of --cert and --key
    #[arg(long, value_name = "FILE")]
    pub p12: Option<PathBuf>,
    /// File that holds the passphrase of --p12; the merchant number unless given
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// File that holds the WeCom secret, for sendworkwxredpack
    #[arg(long, value_name = "FILE")]
    pub workwx_secret_file: Option<PathBuf>,
    /// Trust these certificate authorities and no others [environment: REDPACK_CA_FILE]
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Trust the operating system's certificate authorities
    #[arg(long)]
    pub system_roots: bool,
    /// Another gateway than WeChat Pay's, https only [environment: REDPACK_BASE_URL]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Limit of the whole call; 20 unless given
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub attempt_timeout: Option<String>,
    /// Limit of resolving, connecting and the TLS handshake together; 5 unless given
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub connect_timeout: Option<String>,
    /// Journal that makes sends durable, sqlite:PATH or postgresql://… [environment: REDPACK_JOURNAL, which
    /// keeps a password out of the process list]
    #[arg(long, value_name = "URL")]
    pub journal: Option<String>,
    /// Backup host, https only; WeChat Pay's own unless another --base-url is given
    #[arg(long, value_name = "URL")]
    pub backup_url: Option<String>,
    /// When the backup host takes over: off, connect_phase (unless given), after_sending
    #[arg(long, value_name = "MODE")]
    pub failover: Option<String>,
    /// With a journal: most for one order
    #[arg(long, value_name = "FEN", allow_hyphen_values = true)]
    pub cap_order_fen: Option<String>,
    /// With a journal: most for one recipient and day
    #[arg(long, value_name = "FEN", allow_hyphen_values = true)]
    pub cap_recipient_day_fen: Option<String>,
    /// With a journal: most for the merchant and day
    #[arg(long, value_name = "FEN", allow_hyphen_values = true)]
    pub cap_merchant_day_fen: Option<String>,
    /// With a journal: most attempts a second of settle and recover; 30 unless given
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub pace: Option<String>,
    /// HTTP proxy to tunnel through, http://HOST:PORT
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
    /// Local address to connect from
    #[arg(long, value_name = "IP")]
    pub source_address: Option<String>,
    /// Use no IPv6 address
    #[arg(long)]
    pub ipv4_only: bool,
    /// One JSON object per line on standard output, everything else on standard error
    #[arg(long)]
    pub json: bool,
    /// Language of what people read; by locale unless given
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Log lines on standard error
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Args)]
pub struct PlainArgs {
    #[command(flatten)]
    common: Common,
}

/// Everything is text, and nothing required, for clap: the core judges all of it and reports all problems
/// together.
#[derive(Debug, Args)]
pub struct SendArgs {
    /// Order number (mch_billno): yours, stored before this call, the same for every retry
    #[arg(long, value_name = "NUMBER")]
    pub billno: Option<String>,
    /// With a journal: your own name of the payment. The same one always leads to the same order, and a
    /// number is made if --billno is left out
    #[arg(long, value_name = "KEY")]
    pub intent: Option<String>,
    /// Recipient (re_openid)
    #[arg(long, value_name = "OPENID")]
    pub openid: Option<String>,
    /// Amount in fen (total_amount): 100 is one yuan
    #[arg(long, value_name = "FEN", allow_hyphen_values = true, conflicts_with = "amount_yuan")]
    pub amount_fen: Option<String>,
    /// Amount in yuan instead, at most two decimals: 1.23
    #[arg(long, value_name = "YUAN", allow_hyphen_values = true)]
    pub amount_yuan: Option<String>,
    /// Sender's name that the user sees, at most 32 bytes
    #[arg(long, value_name = "TEXT")]
    pub send_name: Option<String>,
    /// Blessing, at most 128 bytes
    #[arg(long, value_name = "TEXT")]
    pub wishing: Option<String>,
    /// Name of the activity, at most 32 bytes
    #[arg(long, value_name = "TEXT")]
    pub act_name: Option<String>,
    /// Remark, at most 256 bytes
    #[arg(long, value_name = "TEXT")]
    pub remark: Option<String>,
    /// Which kind of red packet
    #[arg(long, value_enum, default_value_t = Kind::Sendredpack)]
    pub endpoint: Kind,
    #[command(flatten)]
    pub optional: OptionalFields,
    #[command(flatten)]
    pub common: Common,
}

/// Fields that an order may have, named as on the wire. Which kind of red packet has which, the core knows.
#[derive(Debug, Args)]
#[command(next_help_heading = "Optional fields")]
pub struct OptionalFields {
    /// IPv4 address of the calling machine; 127.0.0.1 unless given
    #[arg(long, value_name = "IPV4")]
    pub client_ip: Option<String>,
    /// PRODUCT_1 to PRODUCT_8
    #[arg(long, value_name = "SCENE")]
    pub scene_id: Option<String>,
    /// What is known of the user's action, URL-encoded
    #[arg(long, value_name = "TEXT")]
    pub risk_info: Option<String>,
    /// Service-provider mode: the sub-merchant
    #[arg(long, value_name = "NUMBER")]
    pub sub_mch_id: Option<String>,
    /// Service-provider mode: the appid that reaches the user
    #[arg(long, value_name = "APPID")]
    pub msgappid: Option<String>,
    /// Service-provider mode: the merchant who pays
    #[arg(long, value_name = "NUMBER")]
    pub consume_mch_id: Option<String>,
    /// Another appid of the same merchant than --appid
    #[arg(long, value_name = "APPID")]
    pub wxappid: Option<String>,
    /// A nonce of your own instead of the derived one; the same for every retry
    #[arg(long, value_name = "TEXT")]
    pub nonce_str: Option<String>,
    /// Must be 1, which it is unless given
    #[arg(long, value_name = "1", allow_hyphen_values = true)]
    pub total_num: Option<String>,
    /// Mini program: must be MINI_PROGRAM_JSAPI, which it is unless given
    #[arg(long, value_name = "TEXT")]
    pub notify_way: Option<String>,
    /// WeCom: in the name of a person; excludes --agentid
    #[arg(long, value_name = "TEXT")]
    pub sender_name: Option<String>,
    /// WeCom: in the name of an application; excludes --sender-name
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub agentid: Option<String>,
    /// WeCom: media id of the sender's picture
    #[arg(long, value_name = "ID")]
    pub sender_header_media_id: Option<String>,
}

/// The kinds of red packet, by the name of their endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Ordinary red packet (普通红包)
    Sendredpack,
    /// Mini program red packet (小程序红包)
    Sendminiprogramhb,
    /// WeCom red packet (企业红包)
    Sendworkwxredpack,
}

#[derive(Debug, Args)]
pub struct QueryArgs {
    /// Order number (mch_billno)
    #[arg(long, value_name = "NUMBER")]
    pub billno: Option<String>,
    /// Ask about a WeCom red packet
    #[arg(long)]
    pub workwx: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Where the gateway listens; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:0")]
    pub listen: std::net::SocketAddr,
    /// Where the backup host listens, which serves the same orders
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:0")]
    pub backup_listen: std::net::SocketAddr,
    /// Where the control (ledger, faults, policy, clock …) listens, over plain HTTP
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:0")]
    pub control_listen: std::net::SocketAddr,
    /// File that keeps orders, money, faults, policy and clock between runs; without it they end with it
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Folder for certificates, keys and config.toml
    #[arg(long, value_name = "FOLDER")]
    pub dir: PathBuf,
    /// The merchant's balance in fen
    #[arg(long, value_name = "FEN")]
    pub balance_fen: Option<u64>,
    #[command(flatten)]
    common: Common,
}

impl Cli {
    /// The common flags from before and after the subcommand's name. One that stands in both places is a
    /// contradiction, not an order of strength.
    pub fn take_common(&mut self) -> Result<Common, clap::Error> {
        let after = match &mut self.command {
            Command::Send(args) => &mut args.common,
            Command::Query(args) => &mut args.common,
            Command::NewBillno(args) | Command::Check(args) | Command::Demo(args) => &mut args.common,
            Command::Sandbox(args) => &mut args.common,
            Command::Settle(args) => &mut args.order.common,
            Command::Close(args) => &mut args.common,
            Command::Recover(args) | Command::Reconcile(args) => &mut args.common,
            Command::Resolve(args) => &mut args.common,
            Command::Orders(args) => &mut args.common,
            Command::AcceptRestore(args) => &mut args.common,
        };
        std::mem::take(&mut self.common).joined(std::mem::take(after))
    }
}

impl Common {
    fn joined(self, after: Self) -> Result<Self, clap::Error> {
        macro_rules! one_of_both {
            ($($field:ident)*) => { Self {
                $($field: match (self.$field, after.$field) {
                    (Some(_), Some(_)) => return Err(given_twice(stringify!($field))),
                    (before, after) => before.or(after),
                },)*
                system_roots: self.system_roots || after.system_roots,
                ipv4_only: self.ipv4_only || after.ipv4_only,
                json: self.json || after.json,
                verbose: self.verbose.saturating_add(after.verbose),
            } };
        }
        Ok(one_of_both!(
            config mch_id appid api_key_file cert key p12 passphrase_file workwx_secret_file ca_file base_url
            attempt_timeout connect_timeout proxy source_address lang
            journal backup_url failover cap_order_fen cap_recipient_day_fen cap_merchant_day_fen pace
        ))
    }
}

fn given_twice(field: &str) -> clap::Error {
    let flag = field.replace('_', "-");
    Cli::command().error(
        clap::error::ErrorKind::ArgumentConflict,
        format!("the argument '--{flag}' is given both before and after the subcommand"),
    )
}

/// Shows help, version, or what is wrong with the command line; a stray value is not repeated, since it may
/// be a secret that was meant for a file.
pub fn explain(mut error: clap::Error) -> ExitCode {
    for context in [ContextKind::InvalidArg, ContextKind::InvalidSubcommand, ContextKind::InvalidValue] {
        let Some(ContextValue::String(text)) = error.get(context) else { continue };
        let harmless = |byte: u8| byte.is_ascii_lowercase() || byte == b'-' || byte == b'_';
        if text.starts_with("--") || (text.len() <= 20 && text.bytes().all(harmless)) {
            continue;
        }
        let shown = match text.strip_prefix('-') {
            Some(_) => format!("-… ({} bytes)", text.len()),
            None => format!("… ({} bytes)", text.len()),
        };
        error.insert(context, ContextValue::String(shown));
        // The tips quote the value too.
        error.remove(ContextKind::Suggested);
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::SuggestedSubcommand);
        error.remove(ContextKind::SuggestedValue);
    }
    // A reader that went away is no failure of ours.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
