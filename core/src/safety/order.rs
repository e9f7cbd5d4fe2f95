//! From a request to the journal's row and back: what the row holds is all that an attempt needs.

use crate::billno::new_mch_billno;
use crate::error::{Error, ErrorKind, Operation, Problem};
use crate::journal::{Fields, Identity, NewOrder, Number, Order};
use crate::request::table::{ENDPOINTS, Purpose, Source};
use crate::request::{Merchant, Request};

/// The fields that the row has columns for.
const IDENTITY: [&str; 7] =
    ["mch_id", "mch_billno", "sub_mch_id", "wxappid", "re_openid", "total_amount", "consume_mch_id"];

/// The order that a request asks for. Its fields have been checked, all but the number where there is only
/// an intent key: then a new one is offered.
pub(super) fn new_order(request: &Request, merchant: &Merchant) -> Result<NewOrder, Error> {
    let text = |name: &str| request.get(name).unwrap_or_default().to_owned();
    let number = match request.get("mch_billno") {
        Some(number) => Number::Given(number.to_owned()),
        None if request.intent().is_some() => {
            let made = new_mch_billno(&merchant.mch_id);
            Number::Candidate(made.map_err(|problem| Error::invalid(Operation::Send, vec![problem]))?)
        }
        None => {
            let problem = Problem::new("mch_billno", "is required, or an intent key", 0);
            return Err(Error::invalid(Operation::Send, vec![problem]));
        }
    };
    // The defaults of today are written down, so that an attempt under another version has the same bytes.
    let mut complete = request.clone();
    for field in request.endpoint().fields {
        if let (Source::Default(default), None) = (field.source, request.get(field.name)) {
            let _ = complete.set(field.name, default);
        }
    }
    set(&mut complete, "mch_billno", number.as_str())?;
    // Every rule at once, and nothing in the journal of what breaks one.
    complete.encode(merchant)?;
    let amount = request.get("total_amount").and_then(|amount| amount.parse().ok()).unwrap_or_default();
    let wxappid = request.get("wxappid").unwrap_or(&merchant.appid).to_owned();
    let identity = Identity {
        kind: request.endpoint().name.to_owned(),
        sub_mch_id: text("sub_mch_id"),
        wxappid,
        re_openid: text("re_openid"),
        total_amount: amount,
        total_num: complete.get("total_num").and_then(|number| number.parse().ok()).unwrap_or(1),
        consume_mch_id: text("consume_mch_id"),
    };
    let fields: Fields = request
        .endpoint()
        .fields
        .iter()
        .filter(|field| !IDENTITY.contains(&field.name))
        .filter_map(|field| Some((field.name.to_owned(), complete.get(field.name)?.to_owned())))
        .collect();
    let intent = request.intent().map(str::to_owned);
    Ok(NewOrder { mch_id: merchant.mch_id.clone(), number, intent, identity, fields })
}

/// The request that a row asks for: the same for every attempt.
pub(super) fn request_of(order: &Order) -> Result<Request, Error> {
    let unreadable = || {
        let message = format!("the journal has an order of the unknown kind {:?}", order.identity.kind);
        Error::new(ErrorKind::Journal, Operation::Send, message).for_order(Some(&order.id.mch_billno))
    };
    let endpoint = ENDPOINTS
        .into_iter()
        .find(|endpoint| endpoint.name == order.identity.kind && endpoint.purpose == Purpose::Send)
        .ok_or_else(unreadable)?;
    let mut request = Request::new(endpoint);
    let identity = &order.identity;
    let amount = identity.total_amount.to_string();
    for (name, value) in [
        ("mch_billno", &order.id.mch_billno),
        ("sub_mch_id", &identity.sub_mch_id),
        ("wxappid", &identity.wxappid),
        ("re_openid", &identity.re_openid),
        ("total_amount", &amount),
        ("consume_mch_id", &identity.consume_mch_id),
    ] {
        if !value.is_empty() {
            set(&mut request, name, value)?;
        }
    }
    for (name, value) in &order.fields {
        set(&mut request, name, value)?;
    }
    Ok(request)
}

/// The request that asks what became of a row's order.
pub(super) fn query_of(order: &Order) -> Request {
    let workwx = order.identity.kind == "sendworkwxredpack";
    let mut request = if workwx {
        crate::QueryWorkwx::new(&order.id.mch_billno).as_request().clone()
    } else {
        crate::Query::new(&order.id.mch_billno).as_request().clone()
    };
    // The order may have been sent under another appid than the client's own. Both queries have the field.
    let _ = request.set("appid", order.identity.wxappid.clone());
    request
}

fn set(request: &mut Request, name: &str, value: &str) -> Result<(), Error> {
    request.set(name, value).map_err(|problem| Error::invalid(Operation::Send, vec![problem]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fen, Secret, SendRedPack, SendWorkwx};

    fn merchant() -> Merchant {
        Merchant {
            mch_id: "1900000109".into(),
            appid: "wx8888888888888888".into(),
            api_key: Secret::new("192006250b4c09247ec02edce69f6a2d"),
            workwx_secret: Some(Secret::new("secret")),
        }
    }

    /// The row that a journal makes of it.
    fn row(new: &NewOrder) -> Order {
        let dir = tempfile::tempdir().expect("a folder");
        let journal = crate::journal::open(&format!("sqlite:{}", dir.path().join("j").display()));
        journal.expect("a journal").prepare(new).expect("prepared").order
    }

    #[test]
    fn what_is_in_the_row_writes_the_same_bytes() {
        let full = SendRedPack::new("19000001092611240000000001", "o1", Fen(1000))
            .send_name("天虹百货")
            .act_name("猜灯谜")
            .wishing("节日快乐]]>")
            .remark("备注")
            .scene_id("PRODUCT_8")
            .sub_mch_id("10000099")
            .msgappid("wx1")
            .consume_mch_id("10000100")
            .wxappid("wx2");
        let workwx =
            SendWorkwx::new("1", "o1", Fen(100)).sender_name("a").act_name("b").wishing("c").remark("d");
        for request in [full.as_request(), workwx.as_request()] {
            let new = new_order(request, &merchant()).expect("an order");
            let again = request_of(&row(&new)).expect("a request");
            let bytes = |request: &Request| request.encode(&merchant()).expect("encoded").body;
            assert_eq!(bytes(request), bytes(&again));
            assert!(!new.fields.contains_key("sign") && !new.fields.contains_key("workwx_sign"));
        }
    }

    #[test]
    fn an_intent_key_stands_in_for_the_number_and_broken_rules_are_told_first() {
        let order =
            SendRedPack::new("", "o1", Fen(100)).send_name("a").act_name("b").wishing("c").remark("d");
        let problem = new_order(order.as_request(), &merchant()).expect_err("no number");
        assert_eq!(problem.problems()[0].field, "mch_billno");
        let keyed = order.intent("invoice 7");
        let new = new_order(keyed.as_request(), &merchant()).expect("an order");
        assert!(matches!(new.number, Number::Candidate(_)) && new.intent.as_deref() == Some("invoice 7"));
        let broken = keyed.client_ip("nowhere");
        let error = new_order(broken.as_request(), &merchant()).expect_err("broken");
        assert_eq!(error.problems()[0].field, "client_ip");
    }
}
