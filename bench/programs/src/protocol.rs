//! The protocol layer alone, so often: the difference of two runs is what one costs.

use std::hint::black_box;

use redpack::answer::read_send;
use redpack::{Received, Request};

use crate::Done;
use crate::orders::{APPID, BILLNO, MCH_ID, OPENID, merchant, order};

/// Prints the body that is sent.
pub fn body() -> Done {
    let request: Request = order(BILLNO).into();
    print!("{}", request.encode(&merchant())?.body);
    Ok(())
}

/// Builds, checks, signs and writes a request.
pub fn encode(times: usize) -> Done {
    let merchant = merchant();
    for _ in 0..times {
        let request: Request = order(black_box(BILLNO)).into();
        black_box(request.encode(&merchant)?);
    }
    Ok(())
}

/// Reads and judges the answer to it.
pub fn answer(times: usize) -> Done {
    let merchant = merchant();
    let request: Request = order(BILLNO).into();
    let wire = request.encode(&merchant)?;
    let fields = [
        ("return_code", "SUCCESS"),
        ("return_msg", "发放成功"),
        ("result_code", "SUCCESS"),
        ("err_code", "SUCCESS"),
        ("err_code_des", "发放成功"),
        ("mch_billno", BILLNO),
        ("mch_id", MCH_ID),
        ("wxappid", APPID),
        ("re_openid", OPENID),
        ("total_amount", "100"),
        ("send_listid", "100000000020150520314766074200"),
    ];
    let body = redpack::xml::write(fields).ok_or("a field that XML can't carry")?;
    let received = Received { http_status: 200, body: body.into_bytes() };
    for _ in 0..times {
        black_box(read_send(&wire, black_box(&received), &merchant.api_key)?);
    }
    Ok(())
}
