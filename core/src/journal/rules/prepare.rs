//! Preparing an order, or finding the one that is there; amending it.

use super::attempt::settled;
use super::{overdue, refuse};
use crate::billno::is_mch_billno;
use crate::journal::input::{NewOrder, Number};
use crate::journal::order::{Fields, Order, OrderId};
use crate::journal::reply::Refusal;
use crate::journal::state::State;
use crate::journal::store::{Decided, Seen, Write};
use crate::outcome::Advice;
use crate::request::MAX_INTENT;

/// Finds the order by intent key or number, or makes its row.
pub(crate) fn prepare(seen: &Seen, new: &NewOrder) -> Decided {
    if let Some(refusal) = invalid(new) {
        return Decided::Refuse(refusal);
    }
    if let Some(order) = &seen.by_intent {
        let other = matches!(&new.number, Number::Given(number) if *number != order.id.mch_billno);
        let field = if other { Some("mch_billno") } else { order.identity.difference(&new.identity) };
        return match field {
            Some(field) => Decided::Refuse(Refusal::Conflict { field, order: Box::new(order.clone()) }),
            None => Decided::Keep(Box::new(order.clone())),
        };
    }
    let Some(order) = &seen.order else { return create(seen, new) };
    let conflict = |field| Decided::Refuse(Refusal::Conflict { field, order: Box::new(order.clone()) });
    if matches!(new.number, Number::Candidate(_)) {
        // A fresh number that exists already belongs to another payment.
        return conflict("mch_billno");
    }
    if let Some(field) = order.identity.difference(&new.identity) {
        return conflict(field);
    }
    match (&order.intent, &new.intent) {
        (Some(stored), Some(given)) if stored != given => conflict("intent"),
        // The order was prepared under its number only: from now on the key leads to it, too.
        (None, Some(given)) => {
            let mut order = order.clone();
            order.intent = Some(given.clone());
            Decided::Write(Box::new(Write::new(order).guarded()))
        }
        _ => Decided::Keep(Box::new(order.clone())),
    }
}

fn create(seen: &Seen, new: &NewOrder) -> Decided {
    if let (Number::Candidate(_), Some(restore)) = (&new.number, &seen.restore) {
        return Decided::Refuse(Refusal::Restored(restore.clone()));
    }
    // What the lost part of the journal knew of this number, only the service can tell.
    let suspect = seen.restore.is_some();
    let order = Order {
        id: OrderId::new(new.mch_id.clone(), new.number.as_str()),
        intent: new.intent.clone(),
        identity: new.identity.clone(),
        fields: new.fields.clone(),
        state: if suspect { State::Unknown } else { State::Prepared },
        ambiguous: suspect,
        failed: false,
        may_attempt: !suspect,
        suspect,
        attempts: 0,
        reached: 0,
        created_at: seen.now,
        updated_at: seen.now,
        first_attempt_at: None,
        advice: None,
        scope: None,
        err_code: None,
        not_before: None,
        send_listid: None,
        query_status: None,
        queried_at: None,
        queries: 0,
        ambiguous_host: None,
        fence: 0,
        holder: None,
        seq: 0,
        state_before: suspect.then_some(State::Prepared),
        ambiguous_before: false,
        host_before: None,
        first_boot: None,
        counted_day: None,
        rev: 0,
    };
    Decided::Write(Box::new(Write::new(order)))
}

fn invalid(new: &NewOrder) -> Option<Refusal> {
    let no = |field: &str, rule| Some(Refusal::Invalid { field: field.to_owned(), rule });
    if new.mch_id.is_empty() || !new.mch_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return no("mch_id", "must be letters and digits");
    }
    if !is_mch_billno(new.number.as_str()) {
        return no("mch_billno", "must be 1 to 28 letters and digits");
    }
    if new.identity.total_amount == 0 || i64::try_from(new.identity.total_amount).is_err() {
        return no("total_amount", "must be greater than zero and an amount that can be");
    }
    match &new.intent {
        None if matches!(new.number, Number::Candidate(_)) => {
            return no("intent", "is required where the number is a candidate only");
        }
        Some(intent) if intent.is_empty() || intent.len() > MAX_INTENT => {
            return no("intent", "must have 1 to 255 bytes");
        }
        _ => {}
    }
    let texts = [&new.identity.kind, &new.identity.wxappid, &new.identity.re_openid];
    let texts = texts.into_iter().chain(new.fields.values()).chain(&new.intent);
    if texts.into_iter().any(|text| text.contains('\0')) {
        return no("a field", "must not hold the character zero");
    }
    unfit_fields(&new.fields)
}

fn unfit_fields(fields: &Fields) -> Option<Refusal> {
    let secret = ["sign", "workwx_sign", "key"].into_iter().find(|name| fields.contains_key(*name))?;
    Some(Refusal::Invalid { field: secret.into(), rule: "is never kept" })
}

/// Replaces the amendable fields.
pub(crate) fn amend(seen: &Seen, fields: &Fields) -> Decided {
    if let Some(refusal) = unfit_fields(fields) {
        return Decided::Refuse(refusal);
    }
    let Some(order) = &seen.order else { return Decided::Refuse(Refusal::NotPrepared) };
    let (mut order, changed) = overdue(order, seen);
    if let Some(settled) = settled(&order) {
        return refuse(order, changed, settled);
    }
    if let Some(wait) = seen.holder_left {
        return refuse(order, changed, |order| Refusal::InFlight { order, wait });
    }
    if order.failed {
        return refuse(order, changed, Refusal::Failed);
    }
    if order.ambiguous {
        return refuse(order, changed, Refusal::Ambiguous);
    }
    if order.fields == *fields {
        return Decided::Keep(Box::new(order));
    }
    order.fields.clone_from(fields);
    if order.advice.as_deref() == Some(Advice::FixOrder.as_str()) {
        // That is done.
        order.advice = Some(Advice::RetrySameOrder.as_str().into());
    }
    Decided::Write(Box::new(Write::new(order)))
}
