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
        Self {
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
        let layer = Self {
            mch_id: text("REDPACK_MCH_ID"),
            appid: text("REDPACK_APPID"),
            api_key: text("REDPACK_API_KEY").map(|key| SecretSource::Text(redpack::Secret::new(key))),
            base_url: text("REDPACK_BASE_URL"),
            ca_file: std::env::var_os("REDPACK_CA_FILE").filter(|path| !path.is_empty()).map(PathBuf::from),
            naming: Naming::Environment,
            ..Self::default()
        };
        if std::env::var_os("REDPACK_JOURNAL").is_some_and(|url| !url.is_empty()) {
            complaints.push(no_journal("REDPACK_JOURNAL"));
        }
        layer
    }
}

/// A journal that is asked for and not used would be a promise broken in silence: nothing is called then.
pub fn no_journal(name: &str) -> Complaint {
    Complaint::new(
        format!("{name} asks for a journal, which this version does not have: take it away to go on without"),
        format!("{name} 要求使用 journal，而本版本尚不支持：若确认不用 journal，请先去掉该设置"),
    )
}
