//! The three levels merged, and a client made of them: flags before environment before TOML file.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use redpack::{Client, ClientBuilder, CredentialFault, Credentials, Roots, Secret};

use crate::args::Common;
use crate::files;
use crate::layer::{Layer, SecretSource};
use crate::trouble::{Complaint, Trouble};

/// The levels, the strongest first, and what was wrong with reading them.
pub struct Settings {
    layers: Vec<Layer>,
    pub(crate) complaints: Vec<Complaint>,
}

impl Settings {
    /// Reads all levels; what is wrong is kept until [`Settings::client`], so that it is all told at once.
    pub fn read(flags: &Common) -> Self {
        let mut complaints = Vec::new();
        let mut layers = vec![Layer::of_flags(flags), Layer::of_environment(&mut complaints)];
        if let Some(path) = &flags.config {
            layers.push(Layer::of_toml(path, &mut complaints));
        }
        Self { layers, complaints }
    }

    /// The strongest level's value, with its level.
    pub(crate) fn found<T>(&self, get: impl Fn(&Layer) -> Option<&T>) -> Option<(&T, &Layer)> {
        self.layers.iter().find_map(|layer| get(layer).map(|value| (value, layer)))
    }

    pub(crate) fn value<T>(&self, get: impl Fn(&Layer) -> Option<&T>) -> Option<&T> {
        self.found(get).map(|(value, _)| value)
    }

    pub(crate) fn complain(&mut self, complaint: Complaint) {
        self.complaints.push(complaint);
    }

    /// The merchant number alone, for what needs nothing else.
    pub fn mch_id(mut self) -> Result<String, Trouble> {
        if let Some(mch_id) = self.value(|layer| layer.mch_id.as_ref()) {
            return Ok(mch_id.clone());
        }
        self.complaints.insert(0, missing(&[MCH_ID]));
        Err(Trouble::Settings(self.complaints))
    }

    /// Makes the client, offline. Everything that is missing or wrong here is told together; what only the
    /// core can judge comes after that.
    pub fn client(self) -> Result<Client, Trouble> {
        self.client_with(|builder| builder)
    }

    /// As [`Settings::client`], without opening the journal: for what must touch nothing.
    pub fn without_journal(mut self) -> Result<Client, Trouble> {
        self.journal_url();
        Ok(self.builder()?.build()?)
    }

    /// As [`Settings::client`], with a last word on the builder.
    pub fn client_with(
        mut self,
        last: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Client, Trouble> {
        let url = self.journal_url();
        let builder = last(self.builder()?);
        match url {
            // What the core finds wrong with the settings comes first: no file is made for a mistake.
            Some(url) => {
                builder.clone().build()?;
                Ok(builder.journal(redpack::journal::open(&url)?).build()?)
            }
            None => Ok(builder.build()?),
        }
    }

    /// Everything but the journal.
    fn builder(&mut self) -> Result<ClientBuilder, Trouble> {
        let rules = self.journal_rules();
        let credentials = self.credentials();
        let roots = self.roots();
        let api_key = self.api_key();
        let workwx_secret = self.file_secret("workwx_secret_file", |layer| layer.workwx_secret_file.as_ref());
        let attempt = self.seconds("attempt_timeout", |layer| layer.attempt_timeout.as_ref());
        let connect = self.seconds("connect_timeout", |layer| layer.connect_timeout.as_ref());
        let source_address = self.source_address();
        let mch_id = self.value(|layer| layer.mch_id.as_ref()).cloned();
        let appid = self.value(|layer| layer.appid.as_ref()).cloned();

        let absent = [
            (mch_id.is_none(), MCH_ID),
            (appid.is_none(), "--appid (REDPACK_APPID, appid)"),
            (
                !self.layers.iter().any(|layer| layer.api_key.is_some()),
                "--api-key-file (REDPACK_API_KEY, api_key_file)",
            ),
            (!self.layers.iter().any(Layer::names_credentials), "--cert and --key, or --p12"),
        ];
        let absent: Vec<&str> = absent.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
        if !absent.is_empty() {
            self.complaints.insert(0, missing(&absent));
        }
        let (true, Some(mch_id), Some(appid), Some(api_key), Some(credentials)) =
            (self.complaints.is_empty(), mch_id, appid, api_key, credentials)
        else {
            return Err(Trouble::Settings(std::mem::take(&mut self.complaints)));
        };

        let mut builder = Client::builder(&mch_id, &appid, api_key).credentials(credentials).roots(roots);
        builder = builder.ipv4_only(self.value(|layer| layer.ipv4_only.as_ref()).copied().unwrap_or(false));
        if let Some(url) = self.value(|layer| layer.base_url.as_ref()) {
            builder = builder.base_url(url);
        }
        if let Some(limit) = attempt {
            builder = builder.attempt_limit(limit);
        }
        if let Some(limit) = connect {
            builder = builder.connect_limit(limit);
        }
        if let Some(proxy) = self.value(|layer| layer.proxy.as_ref()) {
            builder = builder.proxy(proxy);
        }
        if let Some(address) = source_address {
            builder = builder.source_address(address);
        }
        if let Some(secret) = workwx_secret {
            builder = builder.workwx_secret(secret);
        }
        Ok(rules.apply(builder))
    }

    /// The strongest level that gives any credentials decides of which kind they are; the missing half of
    /// a PEM pair may come from a weaker one.
    fn credentials(&mut self) -> Option<Credentials> {
        let layer = self.layers.iter().find(|layer| layer.names_credentials())?;
        let pem = layer.cert.is_some() || layer.key.is_some();
        if let (true, Some(_)) = (pem, &layer.p12) {
            let [cert, key, p12] = ["cert", "key", "p12"].map(|setting| layer.naming.of(setting));
            self.complain(Complaint::new(
                format!("either {cert} and {key}, or {p12}: not both"),
                format!("{cert} 和 {key}，或者 {p12}：只能给一种"),
            ));
            return None;
        }
        if let Some(p12) = layer.p12.clone() {
            let passphrase = self.file_secret("passphrase_file", |layer| layer.passphrase_file.as_ref());
            return Some(Credentials::pkcs12_file(p12, passphrase));
        }
        let cert = self.value(|layer| layer.cert.as_ref()).cloned();
        let key = self.value(|layer| layer.key.as_ref()).cloned();
        match (cert, key) {
            (Some(cert), Some(key)) => Some(Credentials::pem_files(cert, key)),
            (cert, _) => {
                let absent = if cert.is_some() { "--key" } else { "--cert" };
                self.complain(missing(&[absent]).fault(CredentialFault::Missing));
                None
            }
        }
    }

    fn roots(&mut self) -> Roots {
        let decides = |layer: &&Layer| layer.ca_file.is_some() || layer.system_roots.is_some();
        let Some(layer) = self.layers.iter().find(decides) else { return Roots::mozilla() };
        match (&layer.ca_file, layer.system_roots) {
            (Some(_), Some(true)) => {
                let [file, system] = ["ca_file", "system_roots"].map(|setting| layer.naming.of(setting));
                self.complain(Complaint::new(
                    format!("either {file} or {system}: not both"),
                    format!("{file} 与 {system} 只能给一个"),
                ));
                Roots::mozilla()
            }
            (Some(file), _) => Roots::file(file),
            (None, Some(true)) => Roots::system(),
            (None, _) => Roots::mozilla(),
        }
    }

    fn api_key(&mut self) -> Option<Secret> {
        match self.value(|layer| layer.api_key.as_ref())? {
            SecretSource::Text(secret) => Some(secret.clone()),
            SecretSource::File(_) => self.file_secret("api_key_file", |layer| match &layer.api_key {
                Some(SecretSource::File(path)) => Some(path),
                _ => None,
            }),
        }
    }

    /// A secret from the file that the strongest level names. The message names the setting and not the
    /// path: somebody will give the secret itself there one day.
    fn file_secret(&mut self, setting: &str, get: impl Fn(&Layer) -> Option<&PathBuf>) -> Option<Secret> {
        let (path, name) = self.found(get).map(|(path, layer)| (path.clone(), layer.naming.of(setting)))?;
        match files::secret(Path::new(&path)) {
            Ok(secret) => Some(secret),
            Err(trouble) => {
                let complaint = Complaint::new(
                    format!("the file that {name} names can't be read: {}", trouble.english()),
                    format!("{name} 指定的文件无法读取：{}", trouble.chinese()),
                );
                self.complain(complaint.fault(CredentialFault::UnreadableFile));
                None
            }
        }
    }

    fn seconds(&mut self, setting: &str, get: impl Fn(&Layer) -> Option<&String>) -> Option<Duration> {
        let (text, layer) = self.found(get)?;
        let limit = parse_seconds(text);
        if limit.is_none() {
            let name = layer.naming.of(setting);
            self.complain(Complaint::new(
                format!("{name} must be a number of seconds from 0.001 to 600"),
                format!("{name} 必须是 0.001 到 600 之间的秒数"),
            ));
        }
        limit
    }

    fn source_address(&mut self) -> Option<IpAddr> {
        let (text, layer) = self.found(|layer| layer.source_address.as_ref())?;
        let address = text.parse().ok();
        if address.is_none() {
            let name = layer.naming.of("source_address");
            self.complain(Complaint::new(
                format!("{name} must be an IP address"),
                format!("{name} 必须是 IP 地址"),
            ));
        }
        address
    }
}

impl Layer {
    fn names_credentials(&self) -> bool {
        self.cert.is_some() || self.key.is_some() || self.p12.is_some()
    }
}

pub const MCH_ID: &str = "--mch-id (REDPACK_MCH_ID, mch_id)";

/// Flags, with the other places where the same can be given.
pub fn missing(names: &[&str]) -> Complaint {
    let complaint = Complaint::new(
        format!("missing: {} (flags, environment or --config FILE)", names.join(", ")),
        format!("缺少：{}（可用命令行参数、环境变量或 --config 文件给出）", names.join("、")),
    );
    let credentials = names.iter().any(|name| name.starts_with("--cert") || name.starts_with("--api-key"));
    if credentials { complaint.fault(CredentialFault::Missing) } else { complaint }
}

/// Plain decimals only: `f64` would also read "inf", "NaN" and "1e9".
fn parse_seconds(text: &str) -> Option<Duration> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds: f64 = text.parse().ok().filter(|_| plain)?;
    (0.001..=600.0).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_plain_decimals_within_bounds() {
        for (text, milliseconds) in [("5", 5000), ("0.25", 250), ("600", 600_000), (".5", 500), ("2.", 2000)]
        {
            assert_eq!(parse_seconds(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in
            ["", "0", "0.0", "-1", "NaN", "inf", "1e2", "601", "9".repeat(400).as_str(), "1s", "1.2.3"]
        {
            assert_eq!(parse_seconds(text), None, "{text}");
        }
    }
}
