//! The kinds of error that are not a service's answer, each with its row of the outcome table.

use serde::Serialize;
use std::fmt;

use crate::outcome::{Advice, Outcome, Scope, Verdict, Wait, words};

words! {
    /// What happened. [`ErrorKind::verdict`] says what it means for the money.
    ErrorKind {
        /// A field rule is broken; [`crate::Error::problems`] lists every one.
        InvalidRequest = "invalid_request",
        /// A setting of the client is unusable.
        Configuration = "configuration",
        /// Certificate, private key, passphrase or API key are unusable.
        Credentials = "credentials",
        /// The server's certificate is not trusted, expired, or for another host.
        ServerCertificate = "server_certificate",
        /// The host's name could not be resolved.
        Resolve = "resolve",
        /// No TCP connection within the connect limit.
        Connect = "connect",
        /// The TLS handshake failed or took too long.
        Handshake = "handshake",
        /// The call never started: no free worker, or given up before its first byte could leave.
        NotStarted = "not_started",
        /// The journal has this order with another recipient, amount or other identity field.
        OrderConflict = "order_conflict",
        /// The journal could not make the attempt durable, so nothing was sent.
        Journal = "journal",
        /// The lease of the attempt ended before its first byte could leave.
        LeaseExpired = "lease_expired",
        /// A local limit, or a stopped queue: the journal permits no attempt now.
        HeldBack = "held_back",
        /// The order's state permits no attempt; the error tells that state.
        NotPermitted = "not_permitted",
        /// The request went out, and what came of it could not be written into the journal.
        JournalUnwritten = "journal_unwritten",
        /// The server refused our certificate by a TLS alert, on a fresh connection, before it answered (under
        /// TLS 1.2, in the handshake).
        ClientCertificateRefused = "client_certificate_refused",
        /// Such an alert at any other moment, or HTTP 400 with an HTML page, as nginx answers it.
        ClientCertificateDoubted = "client_certificate_doubted",
        /// The attempt limit passed after the first byte may have left.
        Timeout = "timeout",
        /// The connection ended or broke after the first byte may have left.
        Disconnected = "disconnected",
        /// The server did not speak HTTP as we know it.
        Protocol = "protocol",
        /// An HTTP status other than 200.
        HttpStatus = "http_status",
        /// A redirect, which is never followed.
        Redirect = "redirect",
        /// An answer of more than 1 MiB.
        TooLarge = "too_large",
        /// Not XML, cut short, or without the fields that say how it went.
        Malformed = "malformed",
        /// The answer's signature is wrong, or missing where it must be.
        BadSignature = "bad_signature",
        /// The answer speaks of another order.
        EchoMismatch = "echo_mismatch",
        /// The caller gave up after the first byte may have left.
        Aborted = "aborted",
        /// A defect in this library or in a callback, caught.
        Panic = "panic",
        /// The service answered with a failure: see [`crate::Error::err_code`].
        Answer = "answer",
    }
}

impl ErrorKind {
    /// The row of the outcome table; for [`ErrorKind::Answer`] the row of a code that nobody knows.
    pub const fn verdict(self) -> Verdict {
        use {Advice as A, Outcome as O, Scope as S, Wait as W};
        match self {
            Self::InvalidRequest | Self::OrderConflict => {
                Verdict::new(O::NotSent, A::FixOrder, S::Order, W::No)
            }
            Self::Configuration
            | Self::Credentials
            | Self::ServerCertificate
            | Self::ClientCertificateRefused => Verdict::new(O::NotSent, A::FixSetup, S::Merchant, W::No),
            Self::Resolve | Self::Connect | Self::Handshake | Self::NotStarted | Self::LeaseExpired => {
                Verdict::new(O::NotSent, A::RetrySameOrder, S::Order, W::OneSecond)
            }
            Self::Journal | Self::HeldBack => {
                Verdict::new(O::NotSent, A::RetrySameOrder, S::Merchant, W::OneSecond)
            }
            Self::ClientCertificateDoubted => Verdict::new(O::Unknown, A::FixSetup, S::Merchant, W::No),
            Self::Timeout
            | Self::Disconnected
            | Self::Protocol
            | Self::HttpStatus
            | Self::Redirect
            | Self::TooLarge
            | Self::Malformed
            | Self::BadSignature
            | Self::EchoMismatch
            | Self::Aborted
            | Self::Panic
            | Self::NotPermitted
            | Self::JournalUnwritten
            | Self::Answer => Verdict::new(O::Unknown, A::QueryFirst, S::Order, W::OneSecond),
        }
    }
}
