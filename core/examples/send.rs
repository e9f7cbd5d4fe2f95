//! The README's example: one red packet through the local sandbox.
#![allow(clippy::print_stdout, reason = "an example talks to its user")]

use redpack::{Client, Credentials, Fen, Roots, Secret, SendRedPack};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client =
        Client::builder("1900000109", "wx8888888888888888", Secret::new("sandbox0key0sandbox0key0sandbox0"))
            .credentials(Credentials::pem_files("sandbox/apiclient_cert.pem", "sandbox/apiclient_key.pem"))
            .roots(Roots::file("sandbox/ca.pem")) // WeChat Pay itself needs neither this line
            .base_url(&std::env::args().nth(1).ok_or("give the sandbox's base URL")?) // nor this one
            .build()?;
    let mch_billno = redpack::new_mch_billno("1900000109")?; // store it before you send: a retry re-uses it
    let order = SendRedPack::new(&mch_billno, "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100));
    match client.send(&order.send_name("天虹百货").act_name("猜灯谜").wishing("元宵节快乐").remark("快来抢"))
    {
        Ok(sent) => println!("sent: {}", sent.send_listid.unwrap_or_default()),
        Err(error) => println!("{}, next: {}, {error}", error.outcome(), error.advice()),
    }
    Ok(())
}
