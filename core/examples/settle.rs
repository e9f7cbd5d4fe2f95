//! One payment, made once, whatever crashes: run it as often as you like, and kill it when you like.
//! `cargo run --example settle -- https://127.0.0.1:8443`, against `redpack sandbox --dir try`.
#![allow(clippy::print_stdout, reason = "an example")]

use std::time::Duration;

use redpack::{Advice, Client, Credentials, Fen, Outcome, Roots, Secret, SendRedPack, journal};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gateway = std::env::args().nth(1).unwrap_or("https://127.0.0.1:8443".into());
    let client =
        Client::builder("1900000109", "wx8888888888888888", Secret::new("sandbox0key0sandbox0key0sandbox0"))
            .credentials(Credentials::pem_files("try/apiclient_cert.pem", "try/apiclient_key.pem"))
            .base_url(&gateway)
            .roots(Roots::file("try/ca.pem")) // leave this line out for WeChat Pay itself
            .journal(journal::open("sqlite:try/payments.db")?)
            .build()?;
    client.recover(Duration::from_secs(60))?; // what a crash left open
    let order = SendRedPack::new("", "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100)).intent("invoice 7");
    let order = order.send_name("天虹百货").act_name("猜灯谜").wishing("元宵节快乐").remark("invoice 7");
    let settled = client.settle(order, Duration::from_secs(60))?;
    match (settled.outcome, settled.advice) {
        (Outcome::Sent, _) => println!("paid, once: {}", settled.order.id.mch_billno),
        (_, Advice::NewOrderAllowed) => println!("failed for good, and closed: a new intent may follow"),
        (outcome, advice) => println!("{outcome}, next: {advice}; settle it again later"),
    }
    Ok(())
}
