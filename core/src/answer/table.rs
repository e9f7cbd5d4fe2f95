//! The outcome tables as data (design: "outcome and advice"). Texts of the service are shown, never
//! branched on; codes and statuses that stand in no row are `unknown`.

use crate::outcome::{Advice as A, Outcome as O, Scope as S, Verdict, Wait as W};

/// What a code means in an answer to a send with `return_code=SUCCESS` and `result_code=FAIL`.
#[derive(Debug, Clone, Copy)]
pub struct CodeRow {
    /// The service's `err_code`.
    pub code: &'static str,
    /// What it means.
    pub verdict: Verdict,
}

const fn row(code: &'static str, outcome: O, advice: A, scope: S, wait: W) -> CodeRow {
    CodeRow { code, verdict: Verdict::new(outcome, advice, scope, wait) }
}

const fn setup(code: &'static str) -> CodeRow {
    row(code, O::Rejected, A::FixSetup, S::Merchant, W::No)
}

/// Every code that we know, one row each.
pub const CODES: &[CodeRow] = &[
    row("SYSTEMERROR", O::Unknown, A::QueryFirst, S::Order, W::OneSecond),
    row("PROCESSING", O::Pending, A::QueryFirst, S::Order, W::TwentyMinutes),
    row("FREQ_LIMIT", O::Pending, A::RetrySameOrder, S::Merchant, W::BackOff),
    row("NOTENOUGH", O::Pending, A::RetrySameOrder, S::Merchant, W::OneSecond),
    row("SENDAMOUNT_LIMIT", O::Pending, A::RetrySameOrder, S::Merchant, W::OneSecond),
    row("SENDNUM_LIMIT", O::Pending, A::RetrySameOrder, S::Recipient, W::Tomorrow),
    row("RCVDAMOUNT_LIMIT", O::Pending, A::RetrySameOrder, S::Recipient, W::Tomorrow),
    row("NO_AUTH", O::Pending, A::QueryFirst, S::Recipient, W::OneSecond),
    row("V2_ACCOUNT_SIMPLE_BAN", O::Pending, A::QueryFirst, S::Recipient, W::OneSecond),
    row("NAME_MISMATCH", O::Pending, A::QueryFirst, S::Recipient, W::OneSecond),
    row("AMOUNT_LIMIT", O::Pending, A::QueryFirst, S::Recipient, W::OneSecond),
    row("FATAL_ERROR", O::Unknown, A::QueryFirst, S::Order, W::OneSecond),
    row("SEND_FAILED", O::Rejected, A::QueryFirst, S::Order, W::OneSecond),
    row("MONEY_LIMIT", O::Rejected, A::QueryFirst, S::Order, W::OneSecond),
    row("OPENID_ERROR", O::Rejected, A::QueryFirst, S::Order, W::OneSecond),
    row("PARAM_ERROR", O::Rejected, A::FixOrder, S::Order, W::No),
    setup("CA_ERROR"),
    setup("SIGN_ERROR"),
    setup("XML_ERROR"),
    setup("ILLEGAL_APPID"),
    setup("API_METHOD_CLOSED"),
    setup("MSGAPPID_ERROR"),
    setup("ACCEPTMODE_ERROR"),
    setup("NO_COMPETENCE"),
    setup("WORKWX_MCHID_ERROR"),
    setup("WORKWX_SIGN_ERROR"),
    setup("PAYER_ACCOUNT_ABNORMAL"),
];

/// Both codes SUCCESS and the echo right.
pub const SENT: Verdict = Verdict::new(O::Sent, A::None, S::Order, W::No);

/// A code in no row, a numeric one, or none at all.
pub const UNKNOWN_CODE: Verdict = Verdict::new(O::Unknown, A::QueryFirst, S::Order, W::OneSecond);

/// What an answer to a send with `result_code=FAIL` means.
pub fn code_verdict(err_code: Option<&str>) -> Verdict {
    err_code
        .and_then(|code| CODES.iter().find(|row| row.code == code))
        .map_or(UNKNOWN_CODE, |row| row.verdict)
}

/// What `return_code=FAIL` means: the service speaks of the communication, and the money may have moved.
pub fn communication_verdict(err_code: Option<&str>) -> Verdict {
    let scope = code_verdict(err_code).scope;
    match err_code {
        Some("CA_ERROR" | "SIGN_ERROR") => Verdict::new(O::Unknown, A::FixSetup, scope, W::No),
        _ => Verdict::new(O::Unknown, A::QueryFirst, scope, W::OneSecond),
    }
}

/// What a status in an answer to a query says of the order.
#[derive(Debug, Clone, Copy)]
pub struct StatusRow {
    /// The service's `status`.
    pub status: &'static str,
    /// What it says.
    pub verdict: Verdict,
}

/// Every status that we know. SENDING has a second form: see [`SENDING_WITH_REASON`].
pub const STATUSES: &[StatusRow] = &[
    StatusRow { status: "SENT", verdict: SENT },
    StatusRow { status: "RECEIVED", verdict: SENT },
    StatusRow { status: "RFUND_ING", verdict: SENT },
    StatusRow { status: "REFUND", verdict: SENT },
    StatusRow { status: "FAILED", verdict: Verdict::new(O::Rejected, A::NewOrderAllowed, S::Order, W::No) },
    StatusRow { status: "SENDING", verdict: Verdict::new(O::Pending, A::QueryFirst, S::Order, W::Minutes) },
];

/// SENDING with a `reason`, at most 3 days after the order was sent: once the reason is mended, the same
/// order may be sent again. The service closes such orders after 3 days (protocol facts, section 6).
pub const SENDING_WITH_REASON: Verdict = Verdict::new(O::Pending, A::RetrySameOrder, S::Order, W::OneSecond);

/// NOT_FOUND, a known failure of the query, or a status in no row: nothing is said of the order. Within 3
/// days of the first attempt the same order may also be sent again.
pub const QUERY_SAYS_NOTHING: Verdict = Verdict::new(O::Unknown, A::QueryFirst, S::Order, W::Minutes);

/// How long after its first attempt an order may be attempted again: 3 days, in seconds.
pub const ATTEMPT_HORIZON_SECONDS: i64 = 3 * 86_400;

/// What a status says, leaving the reason of SENDING aside.
pub fn status_verdict(status: Option<&str>) -> Verdict {
    status
        .and_then(|status| STATUSES.iter().find(|row| row.status == status))
        .map_or(QUERY_SAYS_NOTHING, |row| row.verdict)
}
