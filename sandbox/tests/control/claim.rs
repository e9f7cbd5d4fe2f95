//! `/claim`: a packet is opened, as WeChat's own client would let its user open it.

use redpack::sign::{BizRedPacket, sign};
use redpack::{Secret, SignType};
use serde_json::{Value, json};

use crate::asking::{policy, post, refusal, send, status};
use crate::connection::{Started, changed, order, start};

/// A mini program's packet, and what the mini program hands over.
fn mini_program(started: &Started, mch_billno: &str) -> Value {
    let mini = [("client_ip", ""), ("notify_way", "MINI_PROGRAM_JSAPI")];
    let sent = started.post("sendminiprogramhb", &changed(order(mch_billno, &[]), &mini));
    let package = sent.text_of("package").expect("a package");
    let (appid, key) = (started.sandbox.appid(), started.sandbox.api_key());
    let handed = BizRedPacket::new(appid, "1795478400", "nonce", package, key);
    serde_json::to_value(handed).expect("JSON")
}

#[test]
fn an_ordinary_packet_is_opened_once() {
    let started = start();
    let sandbox = &started.sandbox;
    send(&started, "a1", &[]);
    let order = post(sandbox, "/claim", json!({"mch_billno": "a1"}));
    assert_eq!((&order["status"], &order["debits"]), (&json!("RECEIVED"), &json!(1)));
    assert!(order["rcv_time"].as_str().is_some_and(|time| time.ends_with("+08:00")));
    let states: Vec<&Value> =
        order["states"].as_array().expect("states").iter().map(|state| &state["status"]).collect();
    assert_eq!(states, ["SENT", "RECEIVED"]);
    assert_eq!(status(&started, "a1"), "RECEIVED");
    let (code, error) = refusal(sandbox, "/claim", json!({"mch_billno": "a1"}));
    assert_eq!(code, 409);
    assert_eq!(error, "the order a1 is RECEIVED; only a SENT one can be claimed or returned");
    let (code, error) = refusal(sandbox, "/claim", json!({"mch_billno": "a2"}));
    assert_eq!((code, error.as_str()), (404, "the gateway has no order a2"));
    let (code, error) = refusal(sandbox, "/claim", json!({}));
    assert!(code == 400 && error.contains("missing field `mch_billno`"), "{error}");
}

#[test]
fn what_a_mini_program_hands_over_is_checked_under_each_policy() {
    let started = start();
    let sandbox = &started.sandbox;
    let wrong = "sendBizRedPacket:fail paySign is wrong";
    for (number, (switch, raw, encoded)) in
        [("raw", true, false), ("encoded_without_appid", false, true), ("any", true, true)].iter().enumerate()
    {
        policy(&started, "pay_sign", *switch);
        for (form, right) in [("raw", *raw), ("encoded", *encoded)] {
            let mch_billno = format!("m{number}{form}");
            let mut handed = mini_program(&started, &mch_billno);
            if form == "encoded" {
                let text = |name: &str| handed[name].as_str().expect("a text").to_owned();
                let (time, nonce, package) = (text("timeStamp"), text("nonceStr"), text("package"));
                let fields = [("timeStamp", &*time), ("nonceStr", &*nonce), ("package", &*package)];
                handed["paySign"] = sign(fields, sandbox.api_key(), SignType::Md5).into();
            }
            let body = json!({"mch_billno": mch_billno, "send_biz_red_packet": handed});
            if right {
                assert_eq!(post(sandbox, "/claim", body)["status"], "RECEIVED", "{switch} {form}");
            } else {
                assert_eq!(refusal(sandbox, "/claim", body), (400, wrong.into()), "{switch} {form}");
                assert_eq!(status(&started, &mch_billno), "SENT", "nothing has happened");
            }
        }
    }
}

#[test]
fn the_client_says_what_is_wrong_with_it() {
    let started = start();
    let sandbox = &started.sandbox;
    let handed = mini_program(&started, "m1");
    send(&started, "a1", &[]);
    let with = |name: &str, value: &str| {
        let mut changed = handed.clone();
        changed[name] = value.into();
        changed
    };
    let raw = sandbox.ledger().orders["m1"].wxappid.clone();
    let stranger = BizRedPacket::new(&raw, "1795478400", "nonce", "sendid=1", &Secret::new("x"));
    for (mch_billno, handed, text) in [
        ("m1", with("signType", "HMAC-SHA256"), "signType must be MD5"),
        ("m1", with("paySign", "0"), "paySign is wrong"),
        ("m1", with("timeStamp", "1795478401"), "paySign is wrong"),
        ("m1", with("package", "sendid=1"), "package must be the answer's, URL-encoded"),
        ("m1", serde_json::to_value(stranger).expect("JSON"), "package must be the answer's, URL-encoded"),
        ("a1", handed.clone(), "the order came by sendredpack, not by sendminiprogramhb"),
    ] {
        let body = json!({"mch_billno": mch_billno, "send_biz_red_packet": handed});
        assert_eq!(refusal(sandbox, "/claim", body), (400, format!("sendBizRedPacket:fail {text}")));
    }
    let unknown = json!({"mch_billno": "m1", "send_biz_red_packet": with("appId", "wx1")});
    assert!(refusal(sandbox, "/claim", unknown).1.contains("unknown field `appId`"));
    // Without it a mini program's packet opens like any other.
    assert_eq!(post(sandbox, "/claim", json!({"mch_billno": "m1"}))["status"], "RECEIVED");
}
