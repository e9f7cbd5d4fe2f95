//! The numbers that functions return. Never reused; families with gaps.

/// How a call went. Enough for a switch; the optional error object says the rest.
///
/// 10 to 19: the call itself is wrong, nothing was done and nothing sent. 20 to 29: what is known of the
/// money. Only REDPACK_ADVICE_NEW_ORDER_ALLOWED permits a new order, no status does.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum redpack_status {
    /// Done; outputs are written.
    REDPACK_STATUS_OK = 0,
    /// A pointer is NULL that must not be. Nothing was done, nothing sent.
    REDPACK_STATUS_NULL_ARGUMENT = 10,
    /// A text is not UTF-8. Nothing was done, nothing sent.
    REDPACK_STATUS_INVALID_UTF8 = 11,
    /// An argument breaks a rule that the error names. Nothing was done, nothing sent.
    REDPACK_STATUS_INVALID_ARGUMENT = 12,
    /// No byte of the request can have reached the service.
    REDPACK_STATUS_NOT_SENT = 20,
    /// Refused, and by all evidence not held by the service. No permission for a new order.
    REDPACK_STATUS_REJECTED = 21,
    /// The service holds, or may hold, the order unpaid.
    REDPACK_STATUS_PENDING = 22,
    /// The money may have moved. Also every query that was not answered.
    REDPACK_STATUS_UNKNOWN = 23,
    /// Credentials or settings can't be used. Nothing was sent.
    REDPACK_STATUS_SETUP = 30,
    /// A function of the journal failed. Nothing was written unless the kind is "journal_ambiguous".
    REDPACK_STATUS_JOURNAL = 40,
    /// A defect of the library, caught. Of a call that sends: the outcome is unknown.
    REDPACK_STATUS_PANIC = 90,
}

/// What is known of the money. No outcome by itself permits a new order.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum redpack_outcome {
    /// The getter was called with NULL.
    REDPACK_OUTCOME_NONE = 0,
    /// The service accepted the order and took the money from the merchant.
    REDPACK_OUTCOME_SENT = 1,
    /// No byte of the request can have reached the service.
    REDPACK_OUTCOME_NOT_SENT = 2,
    /// Refused, and by all evidence not held by the service.
    REDPACK_OUTCOME_REJECTED = 3,
    /// The service holds, or may hold, the order unpaid.
    REDPACK_OUTCOME_PENDING = 4,
    /// Everything else: the money may have moved.
    REDPACK_OUTCOME_UNKNOWN = 5,
}

/// What to do next. Only REDPACK_ADVICE_NEW_ORDER_ALLOWED permits a new order.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum redpack_advice {
    /// Nothing: the matter is settled.
    REDPACK_ADVICE_NONE = 0,
    /// Every further call would fail alike: stop, and mend credentials, key, settings or product.
    REDPACK_ADVICE_FIX_SETUP = 1,
    /// Mend a field of this order; amount and recipient under one mch_billno never change.
    REDPACK_ADVICE_FIX_ORDER = 2,
    /// Send again: the same mch_billno and the same fields, not before "not before".
    REDPACK_ADVICE_RETRY_SAME_ORDER = 3,
    /// Ask the service what became of the order, not before "not before", and keep the mch_billno.
    REDPACK_ADVICE_QUERY_FIRST = 4,
    /// This order failed for good: a new one, under a new mch_billno, can't pay twice.
    REDPACK_ADVICE_NEW_ORDER_ALLOWED = 5,
    /// No machine can settle it any more: look into the merchant console, then call redpack_client_resolve.
    REDPACK_ADVICE_ASK_OPERATOR = 6,
}

/// Whom else an answer concerns.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum redpack_scope {
    /// This order only.
    REDPACK_SCOPE_ORDER = 0,
    /// Every order to this recipient.
    REDPACK_SCOPE_RECIPIENT = 1,
    /// Every order of this merchant: pause the queue.
    REDPACK_SCOPE_MERCHANT = 2,
}

impl From<redpack::Outcome> for redpack_outcome {
    fn from(outcome: redpack::Outcome) -> Self {
        match outcome {
            redpack::Outcome::Sent => Self::REDPACK_OUTCOME_SENT,
            redpack::Outcome::NotSent => Self::REDPACK_OUTCOME_NOT_SENT,
            redpack::Outcome::Rejected => Self::REDPACK_OUTCOME_REJECTED,
            redpack::Outcome::Pending => Self::REDPACK_OUTCOME_PENDING,
            redpack::Outcome::Unknown => Self::REDPACK_OUTCOME_UNKNOWN,
        }
    }
}

impl From<redpack::Advice> for redpack_advice {
    fn from(advice: redpack::Advice) -> Self {
        match advice {
            redpack::Advice::None => Self::REDPACK_ADVICE_NONE,
            redpack::Advice::FixSetup => Self::REDPACK_ADVICE_FIX_SETUP,
            redpack::Advice::FixOrder => Self::REDPACK_ADVICE_FIX_ORDER,
            redpack::Advice::RetrySameOrder => Self::REDPACK_ADVICE_RETRY_SAME_ORDER,
            redpack::Advice::QueryFirst => Self::REDPACK_ADVICE_QUERY_FIRST,
            redpack::Advice::NewOrderAllowed => Self::REDPACK_ADVICE_NEW_ORDER_ALLOWED,
            redpack::Advice::AskOperator => Self::REDPACK_ADVICE_ASK_OPERATOR,
        }
    }
}

impl From<redpack::Scope> for redpack_scope {
    fn from(scope: redpack::Scope) -> Self {
        match scope {
            redpack::Scope::Order => Self::REDPACK_SCOPE_ORDER,
            redpack::Scope::Recipient => Self::REDPACK_SCOPE_RECIPIENT,
            redpack::Scope::Merchant => Self::REDPACK_SCOPE_MERCHANT,
        }
    }
}
