//! A client written by hand: one TLS connection, plain HTTP/1.1 on it, requests signed with the protocol
//! layer's functions.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use redpack::sign::sign;
use redpack::xml::{self, Element};
use redpack::{SignType, Timestamp};
use redpack_sandbox::{Options, Sandbox};
use rustls::client::WantsClientCert;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, ConfigBuilder, RootCertStore, StreamOwned, SupportedProtocolVersion,
};
use tempfile::TempDir;

pub const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";

/// A sandbox in a folder that goes with it.
pub struct Started {
    pub sandbox: Sandbox,
    pub dir: TempDir,
}

pub fn start() -> Started {
    let dir = tempfile::tempdir().expect("a folder");
    let sandbox = Sandbox::start(Options::new(dir.path())).expect("a sandbox");
    Started { sandbox, dir }
}

/// Who a client says that it is: certificate and key as PEM.
pub type Identity = Option<(String, String)>;

impl Started {
    pub fn merchant(&self) -> (String, String) {
        let read = |path| std::fs::read_to_string(path).expect("a file");
        (read(self.sandbox.cert_file()), read(self.sandbox.key_file()))
    }

    pub fn connect(&self) -> Connection {
        self.connect_as(Some(self.merchant()), rustls::ALL_VERSIONS)
    }

    pub fn connect_as(
        &self,
        identity: Identity,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Connection {
        self.connect_with(versions, |builder| match identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).expect("PEM");
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("PEM");
                builder.with_client_auth_cert(vec![certificate], key).expect("a pair")
            }
        })
    }

    pub fn connect_with(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        identified: impl FnOnce(ConfigBuilder<ClientConfig, WantsClientCert>) -> ClientConfig,
    ) -> Connection {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.sandbox.ca_file()).expect("a CA")).expect("a root");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots);
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        let client = ClientConnection::new(Arc::new(identified(builder)), name).expect("a client");
        let address = self.sandbox.base_url().replace("https://", "");
        let socket = TcpStream::connect(address).expect("connected");
        socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        Connection { stream: StreamOwned::new(client, socket) }
    }

    /// A signed request of the merchant's on a connection of its own.
    pub fn post(&self, name: &str, fields: &[(&str, &str)]) -> Element {
        self.connect().post(name, &self.signed(fields)).xml()
    }

    /// As XML, with the merchant's signature over every field.
    pub fn signed(&self, fields: &[(&str, &str)]) -> String {
        let signature = sign(fields.iter().copied(), self.sandbox.api_key(), SignType::Md5);
        let fields = fields.iter().copied().chain([("sign", &*signature)]);
        xml::write(fields).expect("legal")
    }
}

/// An ordinary red packet, with some fields changed or added (an empty text takes a field away).
pub fn order<'a>(mch_billno: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fields = vec![
        ("act_name", "猜灯谜抢红包活动"),
        ("client_ip", "127.0.0.1"),
        ("mch_billno", mch_billno),
        ("mch_id", "1900000109"),
        ("nonce_str", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"),
        ("re_openid", OPENID),
        ("remark", "猜越多得越多，快来抢！"),
        ("send_name", "天虹百货"),
        ("total_amount", "100"),
        ("total_num", "1"),
        ("wishing", "祝您元宵节快乐！"),
        ("wxappid", "wx8888888888888888"),
    ];
    changed(fields, changes)
}

pub fn query(mch_billno: &str) -> Vec<(&str, &str)> {
    vec![
        ("appid", "wx8888888888888888"),
        ("bill_type", "MCHT"),
        ("mch_billno", mch_billno),
        ("mch_id", "1900000109"),
        ("nonce_str", "50780e0cca98c8c8e814883e5caa672e"),
    ]
}

pub fn changed<'a>(
    mut fields: Vec<(&'a str, &'a str)>,
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

/// `result_code`, `err_code` and text of an answer whose `return_code` is SUCCESS.
pub fn result(root: &Element) -> (&str, &str, &str) {
    assert_eq!(root.text_of("return_code"), Some("SUCCESS"));
    assert_eq!(root.text_of("return_msg"), root.text_of("err_code_des"));
    let text = |name| root.text_of(name).unwrap_or_default();
    (text("result_code"), text("err_code"), text("err_code_des"))
}

/// A wire time that is about now.
pub fn is_now(text: Option<&str>) -> bool {
    let time = text.and_then(Timestamp::from_wire).expect("a time").unix_seconds();
    (Timestamp::now().unix_seconds() - time).abs() < 5
}

pub struct Connection {
    pub stream: StreamOwned<ClientConnection, TcpStream>,
}

pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn xml(&self) -> Element {
        assert_eq!(self.status, 200, "{}", self.body);
        assert!(self.head.contains("content-type: text/xml; charset=utf-8"), "{}", self.head);
        xml::read(self.body.as_bytes()).expect("XML")
    }
}

impl Connection {
    /// Posts a body to an endpoint and reads the answer; the connection stays open.
    pub fn post(&mut self, name: &str, body: &str) -> Reply {
        let length = body.len();
        let head =
            format!("POST /mmpaymkttransfers/{name} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}");
        self.exchange(&format!("{head}\r\n\r\n{body}")).expect("an answer")
    }

    /// Writes a request as it stands and reads one answer.
    pub fn exchange(&mut self, request: &str) -> io::Result<Reply> {
        // A gateway that refuses early may have closed its side before all is written.
        let _ = self.stream.write_all(request.as_bytes()).and_then(|()| self.stream.flush());
        self.read()
    }

    pub fn read(&mut self) -> io::Result<Reply> {
        read_reply(&mut self.stream)
    }
}

/// Reads one HTTP answer with a Content-Length.
pub fn read_reply(stream: &mut impl Read) -> io::Result<Reply> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("ASCII").to_ascii_lowercase();
    let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let status = head[9..12].parse().expect("a status");
    let mut body = vec![0; value("content-length:").map_or(0, |length| length.parse().expect("a length"))];
    stream.read_exact(&mut body)?;
    Ok(Reply { status, body: String::from_utf8(body).expect("UTF-8"), head })
}
