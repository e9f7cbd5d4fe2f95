//! What JavaScript asks a client for, and the core's answer to it.

use std::time::Duration;

use redpack::journal::Evidence;
use redpack::{Client, Operation, Settlement};
use serde::{Deserialize, Serialize};

use crate::asked_journal::JournalAsked;
use crate::fields::{CallGiven, RequestGiven};
use crate::told::{Fault, json};

/// One call. `lib/client.js` writes it: an object with one field, named as the call.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    Open,
    Send { request: RequestGiven },
    Query { request: RequestGiven },
    Call { call: CallGiven },
    Settle { request: RequestGiven, limit_ms: u64 },
    Amend { request: RequestGiven },
    SettleNumber { mch_billno: String, limit_ms: u64 },
    Close { mch_billno: String },
    Resolve { mch_billno: String, evidence: String, send_listid: Option<String>, who: String, why: String },
    Recover { limit_ms: u64 },
    Reconcile { limit_ms: u64 },
    Check,
    Journal { journal: JournalAsked },
}

/// Reads it.
pub fn read(asked: &str) -> Result<Asked, Fault> {
    let rule = "is not understood: lib/ and the addon are of different versions";
    serde_json::from_str(asked).map_err(|_| Fault::argument("asked", rule, asked.len()))
}

impl Asked {
    /// The order that it is about, if it is about one.
    pub fn mch_billno(&self) -> &str {
        match self {
            Self::Send { request }
            | Self::Query { request }
            | Self::Settle { request, .. }
            | Self::Amend { request } => request.mch_billno(),
            Self::Call { call } => call.mch_billno(),
            Self::SettleNumber { mch_billno, .. }
            | Self::Close { mch_billno }
            | Self::Resolve { mch_billno, .. } => mch_billno,
            _ => "",
        }
    }

    /// Whether giving it up says something of the order's money.
    pub fn operation(&self) -> Operation {
        match self {
            Self::Send { .. } | Self::Call { .. } | Self::Settle { .. } | Self::SettleNumber { .. } => {
                Operation::Send
            }
            _ => Operation::Query,
        }
    }

    /// Does it, on the calling thread, which waits.
    pub fn answer(&self, client: &Client) -> Result<String, Fault> {
        Ok(match self {
            Self::Open => json(&()),
            Self::Send { request } => json(&client.send_request(&request.request()?)?),
            Self::Query { request } => json(&client.query_request(&request.request()?)?),
            Self::Call { call } => json(&client.call(&call.call()?)?),
            Self::Settle { request, limit_ms } => {
                settled(&client.settle(request.request()?, Duration::from_millis(*limit_ms))?)
            }
            Self::Amend { request } => settled(&client.amend(request.request()?)?),
            Self::SettleNumber { mch_billno, limit_ms } => {
                settled(&client.settle_number(mch_billno, Duration::from_millis(*limit_ms))?)
            }
            Self::Close { mch_billno } => settled(&client.close(mch_billno)?),
            Self::Resolve { mch_billno, evidence, send_listid, who, why } => {
                let evidence = seen(evidence, send_listid.as_deref())?;
                settled(&client.resolve(mch_billno, &evidence, who, why)?)
            }
            Self::Recover { limit_ms } => {
                let recovered = client.recover(Duration::from_millis(*limit_ms))?;
                json(&RecoveredTold {
                    settlements: recovered.orders.iter().map(SettlementTold::new).collect(),
                    waiting: recovered.waiting,
                    next_due: recovered.next_due,
                })
            }
            Self::Reconcile { limit_ms } => json(&client.reconcile(Duration::from_millis(*limit_ms))?),
            Self::Check => json(&client.check()),
            Self::Journal { journal } => journal.answer(client)?,
        })
    }
}

/// A recovery, its settlements as they are told alone.
#[derive(Serialize)]
struct RecoveredTold<'a> {
    settlements: Vec<SettlementTold<'a>>,
    waiting: u32,
    next_due: Option<redpack::Timestamp>,
}

/// A settlement, and whether the money question has its answer.
#[derive(Serialize)]
struct SettlementTold<'a> {
    #[serde(flatten)]
    settlement: &'a Settlement,
    settled: bool,
}

impl<'a> SettlementTold<'a> {
    fn new(settlement: &'a Settlement) -> Self {
        Self { settlement, settled: settlement.is_settled() }
    }
}

fn settled(settlement: &Settlement) -> String {
    json(&SettlementTold::new(settlement))
}

fn seen(word: &str, send_listid: Option<&str>) -> Result<Evidence, Fault> {
    match word {
        "paid" => Ok(Evidence::Paid { send_listid: send_listid.map(str::to_owned) }),
        "refunded" => Ok(Evidence::Refunded),
        "not_paid" => Ok(Evidence::NotPaid),
        _ => Err(Fault::argument("evidence", "is none of paid, refunded, not_paid", word.len())),
    }
}
