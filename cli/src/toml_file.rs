//! The TOML file of `--config`.
//!
//! The parser's own messages quote the line at fault, which may be the key's: ours name line and setting.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::files;
use crate::layer::{Layer, Naming, SecretSource};
use crate::trouble::Complaint;

const KEYS: [&str; 24] = [
    "mch_id",
    "appid",
    "api_key",
    "api_key_file",
    "cert",
    "key",
    "p12",
    "passphrase_file",
    "ca_file",
    "base_url",
    "attempt_timeout",
    "connect_timeout",
    "proxy",
    "source_address",
    "ipv4_only",
    "system_roots",
    "workwx_secret_file",
    "journal",
    "backup_url",
    "failover",
    "cap_order_fen",
    "cap_recipient_day_fen",
    "cap_merchant_day_fen",
    "pace",
];

impl Layer {
    pub fn of_toml(path: &Path, complaints: &mut Vec<Complaint>) -> Self {
        let naming = Naming::File(path.to_owned());
        match table(path) {
            Ok(table) => File { path, table, complaints }.into_layer(naming),
            Err(complaint) => {
                complaints.push(complaint);
                Self { naming, ..Self::default() }
            }
        }
    }
}

fn table(path: &Path) -> Result<Table, Complaint> {
    let shown = path.display();
    let text = files::text(path).map_err(|trouble| {
        Complaint::new(
            format!("the settings file {shown} can't be read: {}", trouble.english()),
            format!("配置文件 {shown} 无法读取：{}", trouble.chinese()),
        )
    })?;
    text.parse::<Table>().map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(start).filter(|&byte| byte == b'\n').count() + 1;
        Complaint::new(
            format!("the settings file {shown} is not valid TOML at line {line}"),
            format!("配置文件 {shown} 第 {line} 行不是合法的 TOML"),
        )
    })
}

struct File<'a> {
    path: &'a Path,
    table: Table,
    complaints: &'a mut Vec<Complaint>,
}

impl File<'_> {
    fn into_layer(mut self, naming: Naming) -> Layer {
        self.refuse_unknown();
        let key = self.text("api_key").map(|key| SecretSource::Text(redpack::Secret::new(key)));
        let key_file = self.path_of("api_key_file").map(SecretSource::File);
        if key.is_some() && key_file.is_some() {
            self.complain(
                "api_key and api_key_file: give one of the two",
                "api_key 与 api_key_file 只能给一个",
            );
        }
        Layer {
            mch_id: self.text("mch_id"),
            appid: self.text("appid"),
            api_key: key.or(key_file),
            cert: self.path_of("cert"),
            key: self.path_of("key"),
            p12: self.path_of("p12"),
            passphrase_file: self.path_of("passphrase_file"),
            workwx_secret_file: self.path_of("workwx_secret_file"),
            ca_file: self.path_of("ca_file"),
            system_roots: self.switch("system_roots"),
            base_url: self.text("base_url"),
            attempt_timeout: self.number("attempt_timeout"),
            connect_timeout: self.number("connect_timeout"),
            proxy: self.text("proxy"),
            source_address: self.text("source_address"),
            ipv4_only: self.switch("ipv4_only"),
            journal: self.journal(),
            backup_url: self.text("backup_url"),
            failover: self.text("failover"),
            cap_order_fen: self.whole("cap_order_fen"),
            cap_recipient_day_fen: self.whole("cap_recipient_day_fen"),
            cap_merchant_day_fen: self.whole("cap_merchant_day_fen"),
            pace: self.whole("pace"),
            naming,
        }
    }

    /// A key that nobody knows is most often a known one misspelt, and the wrong account is debited.
    fn refuse_unknown(&mut self) {
        let unknown: Vec<String> =
            self.table.keys().filter(|key| !KEYS.contains(&key.as_str())).cloned().collect();
        for key in unknown {
            let key = crate::output::visible(&key);
            self.complain(&format!("the setting {key} is not known"), &format!("没有名为 {key} 的设置"));
        }
    }

    fn complain(&mut self, english: &str, chinese: &str) {
        let path = self.path.display();
        self.complaints.push(Complaint::new(
            format!("in the settings file {path}: {english}"),
            format!("配置文件 {path}：{chinese}"),
        ));
    }

    fn wrong_type<T>(&mut self, key: &str, english: &str, chinese: &str) -> Option<T> {
        self.complain(&format!("{key} must be {english}"), &format!("{key} 必须是{chinese}"));
        None
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.table.remove(key)? {
            Value::String(text) => Some(text),
            _ => self.wrong_type(key, "text in quotes", "带引号的文本"),
        }
    }

    /// Relative paths start at the file's own folder, so that it works from anywhere.
    fn path_of(&mut self, key: &str) -> Option<PathBuf> {
        let text = self.text(key)?;
        if text.is_empty() {
            self.complain(&format!("{key} is empty"), &format!("{key} 为空"));
            return None;
        }
        Some(self.path.parent().map_or_else(|| PathBuf::from(&text), |folder| folder.join(&text)))
    }

    /// A journal's file starts at the settings file's own folder, as all paths here: two programs that are
    /// started in different folders must not have two journals.
    fn journal(&mut self) -> Option<String> {
        let url = self.text("journal")?;
        let Some(path) = url.strip_prefix("sqlite:") else { return Some(url) };
        let path = path.strip_prefix("//").unwrap_or(path);
        let relative = !path.is_empty() && path != ":memory:" && !Path::new(path).is_absolute();
        match self.path.parent().and_then(Path::to_str).filter(|folder| relative && !folder.is_empty()) {
            Some(folder) => Some(format!("sqlite:{}/{path}", folder.trim_end_matches('/'))),
            None => Some(url),
        }
    }

    fn whole(&mut self, key: &str) -> Option<String> {
        match self.table.remove(key)? {
            Value::Integer(number) => Some(number.to_string()),
            _ => self.wrong_type(key, "a whole number", "整数"),
        }
    }

    fn switch(&mut self, key: &str) -> Option<bool> {
        match self.table.remove(key)? {
            Value::Boolean(switch) => Some(switch),
            _ => self.wrong_type(key, "true or false", " true 或 false"),
        }
    }

    fn number(&mut self, key: &str) -> Option<String> {
        match self.table.remove(key)? {
            Value::Integer(number) => Some(number.to_string()),
            Value::Float(number) => Some(number.to_string()),
            _ => self.wrong_type(key, "a number of seconds", "秒数"),
        }
    }
}
