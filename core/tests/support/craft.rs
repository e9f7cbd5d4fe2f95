//! A TLS server whose records the test makes itself: any alert, any message, at any moment.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::cipher::{MessageEncrypter, OutboundChunks, OutboundPlainMessage};
use rustls::server::NoServerSessionStorage;
use rustls::{
    ConnectionTrafficSecrets, ContentType, ProtocolVersion, ServerConfig, ServerConnection, StreamOwned,
    SupportedCipherSuite, SupportedProtocolVersion,
};

use super::server::{Tls, server_config};

pub type Stream = StreamOwned<ServerConnection, TcpStream>;

/// The usual certificates, one version, no session that could be resumed, and keys that can be had.
pub fn config(version: &'static SupportedProtocolVersion) -> Arc<ServerConfig> {
    let mut config = server_config(Tls { versions: vec![version], ..Tls::default() });
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.enable_secret_extraction = true;
    Arc::new(config)
}

/// Shakes hands, the client's certificate included.
pub fn shake_hands(stream: TcpStream, config: &Arc<ServerConfig>) -> io::Result<Stream> {
    let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(config)).expect("TLS"), stream);
    while tls.conn.is_handshaking() {
        tls.conn.complete_io(&mut tls.sock)?;
    }
    // What the handshake itself still has to say.
    tls.flush()?;
    Ok(tls)
}

/// Makes encrypted records of whatever it is given.
pub struct Records {
    pub stream: TcpStream,
    encrypter: Box<dyn MessageEncrypter>,
    sequence: u64,
}

impl Records {
    /// Takes a connection's keys away from rustls. What has been read by then is gone.
    pub fn of(tls: Stream) -> Self {
        let (connection, stream) = tls.into_parts();
        let suite = connection.negotiated_cipher_suite().expect("a cipher suite");
        let secrets = connection.dangerous_extract_secrets().expect("keys");
        let (sequence, ConnectionTrafficSecrets::Aes256Gcm { key, iv }) = secrets.tx else {
            panic!("the cipher that both sides prefer is AES-256-GCM");
        };
        let encrypter = match suite {
            SupportedCipherSuite::Tls13(suite) => suite.aead_alg.encrypter(key, iv),
            SupportedCipherSuite::Tls12(suite) => {
                let (salt, explicit) = iv.as_ref().split_at(4);
                suite.aead_alg.encrypter(key, salt, explicit)
            }
        };
        Self { stream, encrypter, sequence }
    }

    /// One record.
    pub fn make(&mut self, kind: ContentType, payload: &[u8]) -> Vec<u8> {
        let version = ProtocolVersion::TLSv1_2;
        let plain = OutboundPlainMessage { typ: kind, version, payload: OutboundChunks::Single(payload) };
        let record = self.encrypter.encrypt(plain, self.sequence).expect("a record");
        self.sequence += 1;
        record.encode()
    }

    /// A record of HTTP.
    pub fn data(&mut self, payload: &[u8]) -> Vec<u8> {
        self.make(ContentType::ApplicationData, payload)
    }

    /// A fatal alert.
    pub fn alert(&mut self, number: u8) -> Vec<u8> {
        self.make(ContentType::Alert, &[2, number])
    }
}
