//! The floor: a bare rustls loop on a kept connection that exchanges the same bytes. It signs nothing, reads no HTTP and
//! no XML, keeps no time limit, and believes whatever comes: less can't be done.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use redpack::Request;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::load::Sender;
use crate::orders;

pub fn sender(url: &str, folder: &Path) -> Result<Sender, Box<dyn std::error::Error + Send + Sync>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("ca.pem"))?)?;
    let certificate = CertificateDer::from_pem_file(folder.join("client.pem"))?;
    let key = PrivateKeyDer::from_pem_file(folder.join("client.key"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key)?;

    let authority = url.trim_start_matches("https://");
    let request: Request = orders::order(orders::BILLNO).into();
    let wire = request.encode(&orders::merchant())?;
    let request = format!(
        "POST {} HTTP/1.1\r\ncontent-length: {}\r\nuser-agent: redpack/{}\r\naccept: text/xml\r\nhost: {authority}\r\n\
         content-type: text/xml; charset=utf-8\r\n\r\n{}",
        wire.path,
        wire.body.len(),
        env!("CARGO_PKG_VERSION"),
        wire.body
    );
    let host = authority.split(':').next().unwrap_or_default().to_owned();
    let mut tls = ClientConnection::new(Arc::new(config), ServerName::try_from(host)?)?;
    let mut stream = TcpStream::connect(authority)?;
    stream.set_nodelay(true)?;

    let mut buffer = vec![0; 16 * 1024];
    // The first answer tells how long they all are.
    let mut answer_length = usize::MAX;
    Ok(Box::new(move || {
        tls.writer().write_all(request.as_bytes())?;
        let mut filled = 0;
        while filled < answer_length {
            while tls.wants_write() {
                tls.write_tls(&mut stream)?;
            }
            match tls.reader().read(&mut buffer[filled..]) {
                Ok(0) => return Err("the connection ended".into()),
                Ok(amount) => {
                    filled += amount;
                    if answer_length == usize::MAX && buffer[..filled].ends_with(b"</xml>") {
                        answer_length = filled;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    tls.read_tls(&mut stream)?;
                    tls.process_new_packets()?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }))
}
