//! The README's example: one red packet through a local sandbox.
#![allow(clippy::print_stdout, reason = "an example talks to its user")]

use redpack::{Client, Credentials, Fen, Roots, Secret, SendRedPack, new_mch_billno};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gateway = std::env::args().nth(1).unwrap_or("https://127.0.0.1:8443".into());
    let client =
        Client::builder("1900000109", "wx8888888888888888", Secret::new("sandbox0key0sandbox0key0sandbox0"))
            .credentials(Credentials::pem_files("try/apiclient_cert.pem", "try/apiclient_key.pem"))
            .base_url(&gateway)
            .roots(Roots::file("try/ca.pem")) // leave this line out for WeChat Pay itself
            .build()?;
    let mch_billno = new_mch_billno("1900000109")?; // store it before you send: a retry re-uses it
    let order = SendRedPack::new(&mch_billno, "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100));
    match client.send(&order.send_name("天虹百货").act_name("猜灯谜").wishing("元宵节快乐").remark("快来抢"))
    {
        Ok(sent) => println!("sent: {}", sent.send_listid.unwrap_or_default()),
        Err(error) => println!("{}, next: {}: {error}", error.outcome(), error.advice()),
    }
    Ok(())
}
