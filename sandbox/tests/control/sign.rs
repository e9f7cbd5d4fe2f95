//! `/sign`: what it makes is what the gateway takes.

use serde_json::{Value, json};

use crate::asking::{ask, code, refusal};
use crate::connection::{OPENID, Started, order, start};

fn signed(started: &Started, fields: &Value) -> String {
    let told = ask(&started.sandbox, "POST", "/sign", &fields.to_string());
    assert_eq!(told.status, 200, "{}", told.body);
    assert!(told.head.contains("content-type: text/xml; charset=utf-8"), "{}", told.head);
    told.body
}

fn post(started: &Started, endpoint: &str, fields: &Value) -> String {
    code(&started.connect().post(endpoint, &signed(started, fields)).xml())
}

fn packet(mch_billno: &str, sender: (&str, &str)) -> Value {
    let mut fields = json!({"act_name": "a", "mch_billno": mch_billno, "re_openid": OPENID,
        "remark": "<&]]>", "total_amount": 100, "wishing": "祝您\n快乐", "wxappid": "wx8888888888888888"});
    fields[sender.0] = sender.1.into();
    fields
}

#[test]
fn the_gateway_accepts_what_is_signed_here() {
    let started = start();
    let mut ordinary = packet("a1", ("send_name", "天虹百货"));
    (ordinary["client_ip"], ordinary["total_num"]) = ("127.0.0.1".into(), 1.into());
    assert_eq!(post(&started, "sendredpack", &ordinary), "SUCCESS");
    let asked = json!({"appid": "wx8888888888888888", "mch_billno": "a1", "bill_type": "MCHT"});
    assert_eq!(post(&started, "gethbinfo", &asked), "SUCCESS");
    // WeCom's second signature comes with the fields that ask for it.
    assert_eq!(post(&started, "sendworkwxredpack", &packet("w1", ("sender_name", "XX活动"))), "SUCCESS");
    assert_eq!(post(&started, "sendworkwxredpack", &packet("w2", ("agentid", "1000002"))), "SUCCESS");
    let asked = json!({"appid": "wx8888888888888888", "mch_billno": "w1"});
    assert_eq!(post(&started, "queryworkwxredpack", &asked), "SUCCESS");
    assert_eq!(started.sandbox.ledger().totals.debits, 3);
}

#[test]
fn it_signs_what_is_there_and_checks_nothing_else() {
    let started = start();
    let fields = Value::Object(order("a1", &[]).into_iter().map(|(k, v)| (k.to_owned(), v.into())).collect());
    let by_hand = started.signed(&order("a1", &[]));
    let read = |body: &str| redpack::xml::read(body.as_bytes()).expect("XML");
    assert_eq!(read(&signed(&started, &fields)), read(&by_hand), "nothing is added where nothing is missing");
    let other = signed(&started, &json!({"mch_id": "1", "nonce_str": "n", "total_amount": "1.00"}));
    assert!(other.starts_with("<xml><mch_id>1</mch_id><nonce_str>n</nonce_str>"), "{other}");
    assert!(!other.contains(started.sandbox.api_key().expose()));
    for (fields, text) in [
        (json!({"a": true}), "a must be a text or a number"),
        (json!({"a": null}), "a must be a text or a number"),
        (json!({"a": {"b": 1}}), "a must be a text or a number"),
        (json!({"sign": "0"}), "sign is what is made here"),
        (json!({"workwx_sign": "0"}), "workwx_sign is what is made here"),
        (json!({"a b": "1"}), "a name or a value can't stand in XML 1.0"),
        (json!({"a": "\u{1}"}), "a name or a value can't stand in XML 1.0"),
    ] {
        assert_eq!(refusal(&started.sandbox, "/sign", fields), (400, text.into()));
    }
}
