//! Orders from the first send to their end.

use redpack::Fen;

use crate::connection::{OPENID, changed, is_now, order, query, result, start};

#[test]
fn a_packet_is_sent_claimed_and_queried() {
    let started = start();
    let sent = started.post("sendredpack", &order("a1", &[]));
    assert_eq!(result(&sent), ("SUCCESS", "SUCCESS", "发放成功"));
    let names: Vec<&str> = sent.children.iter().map(|child| &*child.name).collect();
    let expected =
        ["return_code", "return_msg", "result_code", "err_code", "err_code_des", "mch_billno", "mch_id"];
    assert_eq!(names[..7], expected);
    assert_eq!(names[7..], ["wxappid", "re_openid", "total_amount", "send_listid"]);
    assert_eq!(sent.text_of("mch_billno"), Some("a1"));
    assert_eq!(sent.text_of("re_openid"), Some(OPENID));
    assert_eq!(sent.text_of("total_amount"), Some("100"));
    let listid = sent.text_of("send_listid").expect("a number");
    assert!(listid.len() == 30 && listid.bytes().all(|byte| byte.is_ascii_digit()), "{listid}");

    let found = started.post("gethbinfo", &query("a1"));
    assert_eq!(result(&found), ("SUCCESS", "SUCCESS", "OK"));
    for (name, text) in [
        ("status", "SENT"),
        ("send_type", "API"),
        ("hb_type", "NORMAL"),
        ("total_num", "1"),
        ("total_amount", "100"),
        ("detail_id", listid),
    ] {
        assert_eq!(found.text_of(name), Some(text), "{name}");
    }
    assert!(is_now(found.text_of("send_time")));
    assert!(
        found.child("hblist").is_none() && found.child("sign").is_none() && found.child("reason").is_none()
    );

    started.sandbox.claim("a1").expect("claimed");
    let claimed = started.post("gethbinfo", &query("a1"));
    assert_eq!(claimed.text_of("status"), Some("RECEIVED"));
    let claim = claimed.child("hblist").and_then(|list| list.child("hbinfo")).expect("a claim");
    assert_eq!((claim.text_of("openid"), claim.text_of("amount")), (Some(OPENID), Some("100")));
    assert!(is_now(claim.text_of("rcv_time")));
}

#[test]
fn an_unclaimed_packet_goes_back() {
    let started = start();
    started.post("sendredpack", &order("a1", &[]));
    started.sandbox.refund("a1").expect("returned");
    let found = started.post("gethbinfo", &query("a1"));
    assert_eq!(found.text_of("status"), Some("REFUND"));
    assert_eq!(found.text_of("refund_amount"), Some("100"));
    assert!(is_now(found.text_of("refund_time")) && found.child("hblist").is_none());
    let ledger = started.sandbox.ledger();
    assert_eq!((ledger.balance, ledger.totals.debited), (Fen(100_000_000), Fen(100)));
    assert_eq!(ledger.totals.refunded, Fen(100));
    assert!(started.sandbox.claim("a1").is_err());
}

#[test]
fn one_number_pays_once() {
    let started = start();
    let mut connection = started.connect();
    let first = connection.post("sendredpack", &started.signed(&order("a1", &[]))).xml();
    // Again, with another nonce and other texts, which are no part of an order's identity.
    let again = order("a1", &[("nonce_str", "another"), ("wishing", "x")]);
    assert_eq!(connection.post("sendredpack", &started.signed(&again)).xml(), first);
    for change in [("re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16F"), ("total_amount", "101")] {
        let other = connection.post("sendredpack", &started.signed(&order("a1", &[change]))).xml();
        assert_eq!(result(&other).1, "FATAL_ERROR");
        assert_eq!(other.text_of(change.0), Some(change.1), "the echo is the request's");
    }
    let ledger = started.sandbox.ledger();
    assert_eq!((ledger.balance, ledger.orders.len()), (Fen(99_999_900), 1));
    let shown = &ledger.orders["a1"];
    assert_eq!((shown.attempts, shown.hasty_attempts, shown.debits), (4, 3, 1));
}

#[test]
fn many_at_once_under_one_number_are_paid_once() {
    let started = start();
    let body = started.signed(&order("a1", &[]));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut connection = started.connect();
                for _ in 0..10 {
                    let answer = connection.post("sendredpack", &body).xml();
                    assert_eq!(result(&answer).0, "SUCCESS");
                }
            });
        }
    });
    let ledger = started.sandbox.ledger();
    assert_eq!((ledger.totals.debits, ledger.totals.sends), (1, 80));
    assert_eq!((ledger.totals.connections, ledger.totals.tls_handshakes, ledger.totals.requests), (8, 8, 80));
}

#[test]
fn an_order_without_money_lands_and_is_completed_by_the_same_order() {
    let started = start();
    started.sandbox.set_balance(Fen(99));
    let refused = started.post("sendredpack", &order("a1", &[]));
    assert_eq!(result(&refused).1, "NOTENOUGH");
    let found = started.post("gethbinfo", &query("a1"));
    assert_eq!(result(&found).0, "SUCCESS");
    assert_eq!((found.text_of("status"), found.text_of("reason")), (Some("SENDING"), Some("帐号余额不足")));
    assert!(started.sandbox.claim("a1").is_err());
    started.sandbox.set_balance(Fen(100));
    assert_eq!(started.post("gethbinfo", &query("a1")).text_of("status"), Some("SENDING"));
    assert_eq!(result(&started.post("sendredpack", &order("a1", &[]))).0, "SUCCESS");
    let found = started.post("gethbinfo", &query("a1"));
    assert_eq!((found.text_of("status"), found.text_of("reason")), (Some("SENT"), None));
    assert_eq!(started.sandbox.ledger().balance, Fen(0));
}

#[test]
fn nothing_is_found_under_an_unknown_number() {
    let started = start();
    let missing = started.post("gethbinfo", &query("a1"));
    assert_eq!(result(&missing), ("FAIL", "NOT_FOUND", "指定单号数据不存在"));
    let names: Vec<&str> = missing.children[5..].iter().map(|child| &*child.name).collect();
    assert_eq!(names, ["mch_billno", "mch_id"]);
}

#[test]
fn a_mini_program_packet_comes_with_a_package() {
    let started = start();
    let mini = || changed(order("m1", &[]), &[("client_ip", ""), ("notify_way", "MINI_PROGRAM_JSAPI")]);
    let sent = started.post("sendminiprogramhb", &mini());
    assert_eq!(result(&sent).0, "SUCCESS");
    let package = sent.text_of("package").expect("a package");
    let parts: Vec<&str> =
        package.split('&').map(|part| part.split('=').next().unwrap_or_default()).collect();
    assert_eq!(parts, ["sendid", "ver", "sign", "mchid", "appid"]);
    assert!(package.ends_with("&mchid=1900000109&appid=wx8888888888888888"));
    assert_eq!(started.post("sendminiprogramhb", &mini()).text_of("package"), Some(package));
    assert_eq!(started.post("gethbinfo", &query("m1")).text_of("status"), Some("SENT"));
    // The number is taken: another product is another order.
    assert_eq!(result(&started.post("sendredpack", &order("m1", &[]))).1, "FATAL_ERROR");
    let wrong = changed(mini(), &[("notify_way", "SMS")]);
    assert_eq!(result(&started.post("sendminiprogramhb", &wrong)).1, "PARAM_ERROR");
}

#[test]
fn a_service_provider_pays_for_a_sub_merchant() {
    let started = start();
    let provider = [
        ("sub_mch_id", "1900000110"),
        ("msgappid", "wx28b16568a629bb33"),
        ("consume_mch_id", "1900000111"),
        ("risk_info", "posttime%3d123123412%26deviceid%3dIOS"),
        ("scene_id", "PRODUCT_1"),
    ];
    assert_eq!(result(&started.post("sendredpack", &order("p1", &provider))).0, "SUCCESS");
    assert_eq!(started.sandbox.ledger().orders["p1"].sub_mch_id.as_deref(), Some("1900000110"));
}
