//! The numbers that functions return. Never reused; families with gaps.

/// How a call went. Enough for a switch; the optional error object says the rest.
///
/// 10 to 19: the call itself is wrong, nothing was done and nothing sent. Status, outcome and advice then speak of
/// this call only, never of an order. 20 to 29: what is known of the money. Only REDPACK_ADVICE_NEW_ORDER_ALLOWED
/// permits a new order, no status does.
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
    /// No byte of the request can have reached the service. Also a send or settlement with a field that breaks a
    /// rule: kind "invalid_request", and redpack_error_problem_field names it.
    REDPACK_STATUS_NOT_SENT = 20,
    /// The service refused the order, and nothing says that it holds it. No permission for a new order.
    REDPACK_STATUS_REJECTED = 21,
    /// The service holds, or may hold, the order unpaid, and may still pay it by itself.
    REDPACK_STATUS_PENDING = 22,
    /// The money may have moved, or this call says nothing of the money. So of every query that failed, also of
    /// one with a broken field, which never left: kind "invalid_request". And of a call that the state of its
    /// order does not permit (kind "not_permitted"), where redpack_error_outcome tells that state: it may be
    /// REDPACK_OUTCOME_SENT.
    REDPACK_STATUS_UNKNOWN = 23,
    /// Credentials or settings can't be used. Nothing was sent.
    REDPACK_STATUS_SETUP = 30,
    /// A function of the journal failed, or a client could not open its journal. It says nothing of any order.
    /// Nothing was written, unless the kind is "journal_ambiguous": then nobody knows, and the same call may be
    /// made again.
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
    /// The service accepted the order and took the money from the merchant. It says that the money left, not that
    /// it stayed away: a packet that nobody claims comes back after 24 hours, and stays REDPACK_OUTCOME_SENT.
    /// That it is back is told by the state "refunded" (redpack_order_state) and by the status REFUND of a query.
    /// Whether you pay again is then your decision: under a new intent or number.
    REDPACK_OUTCOME_SENT = 1,
    /// No byte of the request can have reached the service.
    REDPACK_OUTCOME_NOT_SENT = 2,
    /// The service refused the order, and nothing says that it holds it. A journal keeps it open until it is sent
    /// after all, or closed (redpack_client_amend, redpack_client_close).
    REDPACK_OUTCOME_REJECTED = 3,
    /// The service holds, or may hold, the order unpaid, and may still pay it by itself. So also after NOTENOUGH
    /// and after limits of the service: never pay it another way.
    REDPACK_OUTCOME_PENDING = 4,
    /// Everything else: the money may have moved.
    REDPACK_OUTCOME_UNKNOWN = 5,
}

/// What to do next. Only REDPACK_ADVICE_NEW_ORDER_ALLOWED permits a new order.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum redpack_advice {
    /// Nothing: the order was sent.
    REDPACK_ADVICE_NONE = 0,
    /// Every further call would fail in the same way: stop, and correct credentials, key, settings or product.
    /// Where the outcome is unknown or pending, this order must still be settled after that.
    REDPACK_ADVICE_FIX_SETUP = 1,
    /// Correct a field of this order. With a journal, the fields of an order are those of its first preparation:
    /// later ones are ignored, and the log says so. Give it others by redpack_client_amend. Amount and recipient
    /// never change under one mch_billno: if they are wrong, close the order and make a new one under a new
    /// intent. Kind "order_conflict": another payment has this number or intent (redpack_error_order).
    REDPACK_ADVICE_FIX_ORDER = 2,
    /// Send or settle again: the same mch_billno and the same fields, not before redpack_error_not_before.
    REDPACK_ADVICE_RETRY_SAME_ORDER = 3,
    /// Ask the service what became of the order, not before redpack_error_not_before, and keep the mch_billno.
    REDPACK_ADVICE_QUERY_FIRST = 4,
    /// This order failed for good: a new one, under a new mch_billno, can't pay twice. With a journal the old
    /// intent leads to the closed order for ever: see redpack_request_set_intent.
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
    /// Every order of this merchant: stop the queue. Settling and recovering do it by themselves for a time, and
    /// a send does not: call redpack_journal_pause. With REDPACK_ADVICE_RETRY_SAME_ORDER, look who said so. An
    /// err_code: the service. Kind "held_back": this side, by a stopped queue, a local limit or the pace. Kind
    /// "journal": the journal could not be used. Kind "not_permitted": the last answer to this order
    /// (redpack_order_err_code).
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
