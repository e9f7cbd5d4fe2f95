//! `risk_info`: what is known of the user's action, URL-encoded as the service wants it.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Builds the value of `risk_info`: `urlencode("k=v&k=v…")` of what is given (protocol facts, section 2.6).
///
/// ```
/// let value = redpack::RiskInfo::default().mobile("86-13800000000").deviceid("IOS").encode();
/// assert_eq!(value, "mobile%3D86%2D13800000000%26deviceid%3DIOS");
/// ```
#[derive(Debug, Clone, Default)]
pub struct RiskInfo {
    parts: Vec<(&'static str, String)>,
}

impl RiskInfo {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        if !value.is_empty() {
            self.parts.push((name, value.to_owned()));
        }
        self
    }

    /// When the user acted, as seconds since 1970.
    pub fn posttime(self, value: &str) -> Self {
        self.with("posttime", value)
    }

    /// The user's mobile: country code, `-`, number, without `+`.
    pub fn mobile(self, value: &str) -> Self {
        self.with("mobile", value)
    }

    /// MAC address or device id.
    pub fn deviceid(self, value: &str) -> Self {
        self.with("deviceid", value)
    }

    /// Version of the client program.
    pub fn clientversion(self, value: &str) -> Self {
        self.with("clientversion", value)
    }

    /// The field's value; the service takes at most 128 bytes of it.
    pub fn encode(&self) -> String {
        let parts: Vec<String> = self.parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        utf8_percent_encode(&parts.join("&"), NON_ALPHANUMERIC).to_string()
    }
}
