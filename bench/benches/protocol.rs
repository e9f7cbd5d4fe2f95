//! The protocol layer: sign and encode one full request, parse and classify an answer.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use redpack::answer::{read_query, read_send};
use redpack::{Fen, Merchant, Query, Received, Secret, SendRedPack, Timestamp, sign};

const BILLNO: &str = "10000098201411111234567890";
const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";

fn merchant() -> Merchant {
    Merchant {
        mch_id: "10000098".into(),
        appid: "wx8888888888888888".into(),
        api_key: Secret::new("192006250b4c09247ec02edce69f6a2d"),
        workwx_secret: None,
    }
}

/// All fields of the service-provider mode, texts of the usual length.
fn order() -> SendRedPack {
    SendRedPack::new(BILLNO, OPENID, Fen(1000))
        .send_name("天虹百货")
        .act_name("猜灯谜抢红包活动")
        .wishing("感谢您参加猜灯谜活动，祝您元宵节快乐！")
        .remark("猜越多得越多，快来抢！")
        .client_ip("192.168.0.1")
        .scene_id("PRODUCT_8")
        .risk_info("posttime%3d123123412%26clientversion%3d234134%26mobile%3d122344545%26deviceid%3dIOS")
        .sub_mch_id("10000099")
        .msgappid("wx2421b1c4370ec43b")
        .consume_mch_id("10000100")
}

fn answer(middle: &str) -> Received {
    let body = format!(
        "<xml>\n<return_code><![CDATA[SUCCESS]]></return_code>\n<return_msg><![CDATA[发放成功]]></return_msg>\n\
         <result_code><![CDATA[SUCCESS]]></result_code>\n<err_code><![CDATA[SUCCESS]]></err_code>\n\
         <err_code_des><![CDATA[发放成功]]></err_code_des>\n<mch_billno><![CDATA[{BILLNO}]]></mch_billno>\n\
         <mch_id><![CDATA[10000098]]></mch_id>\n{middle}</xml>"
    );
    Received { http_status: 200, body: body.into_bytes() }
}

fn protocol(criterion: &mut Criterion) {
    let merchant = merchant();
    let (order, query) = (order(), Query::new(BILLNO));
    let send_wire = order.as_request().encode(&merchant).expect("encoded");
    let query_wire = query.as_request().encode(&merchant).expect("encoded");

    criterion.bench_function("sign and encode, built request", |b| {
        b.iter(|| black_box(order.as_request()).encode(&merchant).expect("encoded"));
    });
    criterion.bench_function("sign and encode, request built too", |b| {
        b.iter(|| self::order().as_request().encode(&merchant).expect("encoded"));
    });
    criterion.bench_function("sign only (MD5)", |b| {
        let fields = [("act_name", "猜灯谜抢红包活动"), ("mch_billno", BILLNO), ("mch_id", "10000098")];
        b.iter(|| sign::sign(black_box(fields), &merchant.api_key, sign::SignType::Md5));
    });
    let sent = answer(&format!(
        "<wxappid><![CDATA[wx8888888888888888]]></wxappid>\n<re_openid><![CDATA[{OPENID}]]></re_openid>\n\
         <total_amount>1000</total_amount>\n<send_listid><![CDATA[100000000020150520314766074200]]></send_listid>\n"
    ));
    criterion.bench_function("parse and classify, answer to a send", |b| {
        b.iter(|| read_send(&send_wire, black_box(&sent), &merchant.api_key).expect("sent"));
    });
    let found = answer(&format!(
        "<detail_id><![CDATA[1000000000201503283103439304]]></detail_id>\n<status><![CDATA[RECEIVED]]></status>\n\
         <send_type><![CDATA[API]]></send_type>\n<hb_type><![CDATA[NORMAL]]></hb_type>\n<total_num>1</total_num>\n\
         <total_amount>1000</total_amount>\n<send_time><![CDATA[2015-04-21 20:00:00]]></send_time>\n<hblist>\n<hbinfo>\
         <openid><![CDATA[{OPENID}]]></openid>\n<amount>1000</amount>\n<rcv_time><![CDATA[2015-04-21 20:00:31]]>\
         </rcv_time></hbinfo>\n</hblist>\n"
    ));
    let now = Timestamp::now();
    criterion.bench_function("parse and classify, answer to a query", |b| {
        b.iter(|| read_query(&query_wire, black_box(&found), &merchant.api_key, now).expect("found"));
    });
    let busy = Received {
        http_status: 200,
        body: String::from_utf8_lossy(&sent.body)
            .replace("<result_code><![CDATA[SUCCESS", "<result_code><![CDATA[FAIL")
            .into_bytes(),
    };
    criterion.bench_function("parse and classify, a refusal", |b| {
        b.iter(|| read_send(&send_wire, black_box(&busy), &merchant.api_key).expect_err("refused"));
    });
}

criterion_group!(benches, protocol);
criterion_main!(benches);
