//! One level of settings: the flags, the environment, or a TOML file. `settings.rs` merges them.

use std::env::VarError;
use std::path::PathBuf;

use crate::args::Common;
use crate::trouble::Complaint;

/// What one level says. Nothing in it has been judged yet.
#[derive(Default)]
pub struct Layer {
    pub mch_id: Option<String>,
    pub appid: Option<String>,
    pub api_key: Option<SecretSource>,
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
    pub p12: Option<PathBuf>,
    pub passphrase_file: Option<PathBuf>,
    pub workwx_secret_file: Option<PathBuf>,
    pub ca_file: Option<PathBuf>,
    pub system_roots: Option<bool>,
    pub base_url: Option<String>,
    pub attempt_timeout: Option<String>,
    pub connect_timeout: Option<String>,
    pub proxy: Option<String>,
    pub source_address: Option<String>,
    pub ipv4_only: Option<bool>,
    /// May hold a password: never shown.
    pub journal: Option<String>,
    pub backup_url: Option<String>,
    pub failover: Option<String>,
    pub cap_order_fen: Option<String>,
    pub cap_recipient_day_fen: Option<String>,
    pub cap_merchant_day_fen: Option<String>,
    pub pace: Option<String>,
    /// How messages call this level's settings.
    pub naming: Naming,
}

/// A secret, or the file that holds it.
pub enum SecretSource {
    Text(redpack::Secret),
    File(PathBuf),
}

/// How a level spells the names of its settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Naming {
    /// `--api-key-file`
    #[default]
    Flags,
    /// `REDPACK_API_KEY`
    Environment,
    /// `api_key_file in FILE`
    File(PathBuf),
}

impl Naming {
    pub fn of(&self, setting: &str) -> String {
        match self {
            Self::Flags => format!("--{}", setting.replace('_', "-")),
            Self::Environment => format!("REDPACK_{}", setting.to_uppercase()),
            Self::File(path) => format!("{setting} in {}", path.display()),
        }
    }
}

impl Layer {
    pub fn of_flags(flags: &Common) -> Self {
        let Common { mch_id, appid, cert, key, p12, passphrase_file, workwx_secret_file, .. } = flags.clone();
        let Common { ca_file, base_url, attempt_timeout, connect_timeout, proxy, source_address, .. } =
            flags.clone();
        let Common { journal, backup_url, failover, pace, .. } = flags.clone();
        let Common { cap_order_fen, cap_recipient_day_fen, cap_merchant_day_fen, .. } = flags.clone();
        Self {
            journal,
            backup_url,
            failover,
            pace,
            cap_order_fen,
            cap_recipient_day_fen,
            cap_merchant_day_fen,
            mch_id,
            appid,
            api_key: flags.api_key_file.clone().map(SecretSource::File),
            cert,
            key,
            p12,
            passphrase_file,
            workwx_secret_file,
            ca_file,
            system_roots: flags.system_roots.then_some(true),
            base_url,
            attempt_timeout,
            connect_timeout,
            proxy,
            source_address,
            ipv4_only: flags.ipv4_only.then_some(true),
            naming: Naming::Flags,
        }
    }

    /// Reads the environment. An empty variable counts as unset.
    pub fn of_environment(complaints: &mut Vec<Complaint>) -> Self {
        let mut text = |name: &str| match std::env::var(name) {
            Ok(value) => Some(value).filter(|value| !value.is_empty()),
            Err(VarError::NotPresent) => None,
            // Its value stays out of the message: it may be the key.
            Err(VarError::NotUnicode(_)) => {
                complaints.push(Complaint::new(
                    format!("the environment variable {name} is not UTF-8"),
                    format!("环境变量 {name} 不是 UTF-8 编码"),
                ));
                None
            }
        };
        Self {
            mch_id: text("REDPACK_MCH_ID"),
            appid: text("REDPACK_APPID"),
            api_key: text("REDPACK_API_KEY").map(|key| SecretSource::Text(redpack::Secret::new(key))),
            base_url: text("REDPACK_BASE_URL"),
            journal: text("REDPACK_JOURNAL"),
            ca_file: std::env::var_os("REDPACK_CA_FILE").filter(|path| !path.is_empty()).map(PathBuf::from),
            naming: Naming::Environment,
            ..Self::default()
        }
    }
}
