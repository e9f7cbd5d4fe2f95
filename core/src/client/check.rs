//! `check()`: what can be said of credentials and settings without touching the network.

use std::fmt;

use serde::Serialize;

use super::connections::Connections;
use super::hosts::Host;
use super::settings::{DEFAULT_BASE_URL, Settings};
use crate::credentials::CertificateSummary;
use crate::outcome::words;
use crate::timestamp::Timestamp;

/// What an inspection found. A client that could be built has usable credentials; this tells what will, or
/// may, become trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The merchant number.
    pub mch_id: String,
    /// The merchant certificate.
    pub certificate: CertificateSummary,
    /// Whole days until it expires.
    pub days_left: i64,
    /// Where requests go.
    pub base_url: String,
    /// Where they go when that host can't be reached.
    pub backup_url: Option<String>,
    /// What deserves a look; empty if nothing does.
    pub findings: Vec<Finding>,
}

words! {
    /// Something that deserves a look.
    Finding {
        /// The certificate expires within 30 days: download a new one from the merchant platform.
        ExpiresSoon = "expires_soon",
        /// The certificate is not valid yet, or this machine's clock is wrong.
        NotYetValid = "not_yet_valid",
        /// The certificate's name is not a merchant number: is it a WeChat Pay certificate at all?
        UnusualName = "unusual_name",
        /// Requests go elsewhere than to WeChat Pay's primary host.
        UnusualHost = "unusual_host",
        /// The appid does not look like one (`wx` and 16 characters; a WeCom corpid begins `ww`).
        UnusualAppid = "unusual_appid",
    }
}

impl Finding {
    /// One sentence for people.
    pub fn as_text(self) -> &'static str {
        match self {
            Self::ExpiresSoon => "the certificate expires within 30 days: download a new one in time",
            Self::NotYetValid => "the certificate is not valid yet, or this machine's clock is wrong",
            Self::UnusualName => "the certificate's name is not the merchant number: is it WeChat Pay's?",
            Self::UnusualHost => "requests go elsewhere than to WeChat Pay's primary host",
            Self::UnusualAppid => "the appid does not look like one (wx and 16 more characters)",
        }
    }
}

const DAY: i64 = 86_400;

pub(super) fn inspect(connections: &Connections, settings: &Settings) -> Check {
    let certificate = connections.identity.summary.clone();
    let merchant = &connections.merchant;
    let now = Timestamp::now();
    let seconds_left = certificate.not_after.unix_seconds() - now.unix_seconds();
    let usual_appid =
        merchant.appid.len() == 18 && (merchant.appid.starts_with("wx") || merchant.appid.starts_with("ww"));
    let findings = [
        (seconds_left < 30 * DAY, Finding::ExpiresSoon),
        (now < certificate.not_before, Finding::NotYetValid),
        (certificate.common_name.as_deref() != Some(merchant.mch_id.as_str()), Finding::UnusualName),
        (settings.url(Host::Primary) != DEFAULT_BASE_URL, Finding::UnusualHost),
        (!usual_appid, Finding::UnusualAppid),
    ];
    Check {
        mch_id: merchant.mch_id.clone(),
        days_left: seconds_left.div_euclid(DAY),
        certificate,
        base_url: settings.url(Host::Primary).to_owned(),
        backup_url: settings.backup().map(str::to_owned),
        findings: findings.into_iter().filter(|(found, _)| *found).map(|(_, finding)| finding).collect(),
    }
}
