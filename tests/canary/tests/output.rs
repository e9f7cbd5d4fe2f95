//! Every scenario from Rust: nothing that comes out holds a secret, and an openid only where it belongs.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use log::{LevelFilter, Log, Metadata, Record};
use redpack::{
    Call, Client, ClientBuilder, Credentials, Error, Query, Request, Roots, Secret, journal, table,
};
use redpack_canary::setup::{api_key, fields, files, filled};
use redpack_canary::{Gateway, Kind, Needle, found, scenarios, value};
use serde_json::Value;

/// Every line of every crate, those of ureq that dump answers apart: SECURITY.md tells hosts to leave them off.
struct Everything {
    lines: Mutex<String>,
    dumps: Mutex<String>,
}

impl Log for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &Record<'_>) {
        let dumped = record.target().starts_with("ureq") && record.level() >= log::Level::Debug;
        let to = if dumped { &self.dumps } else { &self.lines };
        let _ = writeln!(to.lock().expect("log"), "{} {} {}", record.level(), record.target(), record.args());
    }
    fn flush(&self) {}
}

static LOG: Everything = Everything { lines: Mutex::new(String::new()), dumps: Mutex::new(String::new()) };

/// What came out of a scenario.
#[derive(Default)]
struct Shown {
    /// What anybody may see: neither secrets nor openids.
    shown: String,
    /// Results, and what the journal keeps: no secrets.
    results: String,
    kind: Option<String>,
}

impl Shown {
    fn failed(&mut self, error: &Error) {
        self.kind = Some(error.kind().to_string());
        let _ =
            write!(self.shown, "{error} {error:?} {error:#?} {} {:?} ", error.message(), error.problems());
        let _ = write!(self.shown, "{:?} {:?} {:?} ", error.answer(), error.received(), error.order());
        if let Some(source) = std::error::Error::source(error) {
            let _ = write!(self.shown, "{source} {source:?}");
        }
    }
}

#[test]
fn invariant_10_nothing_that_comes_out_holds_a_canary() {
    log::set_logger(&LOG).expect("the only logger");
    log::set_max_level(LevelFilter::Trace);
    let folder = tempfile::tempdir().expect("a folder");
    let gateway = Gateway::start(folder.path()).expect("a gateway");
    let mut complaints = can_find(&gateway.needles);
    let scenarios = scenarios();
    for (number, scenario) in scenarios.iter().enumerate() {
        let name = scenario["name"].as_str().expect("a name");
        let journal = folder.path().join(format!("journal-{number}"));
        let url = gateway.server.url(name).expect("a scenario of the gateway");
        let mut shown = Shown::default();
        play(folder.path(), url, &scenario["client"], &journal, &mut shown);
        if shown.kind.as_deref() != scenario["expect"].as_str() {
            complaints
                .push(format!("{name}: {:?} instead of {}: {}", shown.kind, scenario["expect"], shown.shown));
        }
        shown.shown += &std::mem::take(&mut *LOG.lines.lock().expect("log"));
        let mut secrets_only = shown.results.into_bytes();
        secrets_only.extend(std::mem::take(&mut *LOG.dumps.lock().expect("log")).into_bytes());
        for file in ["", "-wal", "-shm"] {
            let path = format!("{}{file}", journal.display());
            secrets_only.extend(std::fs::read(path).unwrap_or_default());
        }
        shown.shown += &outside_of_request_fields(&journal);
        for needle in found(&gateway.needles, shown.shown.as_bytes()) {
            complaints.push(format!("{name}: {} in {}", needle.what, shown.shown));
        }
        for needle in found(&gateway.needles, &secrets_only) {
            if needle.kind == Kind::Secret {
                complaints.push(format!("{name}: {} in a result, a journal's file or a dump", needle.what));
            }
        }
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
    println!("canaries: {} scenarios, {} needles", scenarios.len(), gateway.needles.len());
}

/// That a canary is found at all, in each of its forms.
fn can_find(needles: &[Needle]) -> Vec<String> {
    let missed = needles.iter().filter(|needle| {
        let planted = [b"WARN redpack: ", &needle.bytes[..], b" and more"].concat();
        !found(needles, &planted).iter().any(|other| other.what == needle.what)
    });
    missed.map(|needle| format!("{} is not found where it is", needle.what)).collect()
}

fn play(folder: &Path, url: &str, client: &Value, journal: &Path, shown: &mut Shown) {
    let builder = match builder(folder, url, client, journal) {
        Ok(builder) => builder,
        Err(error) => {
            let _ = write!(shown.shown, "{error} {error:?}");
            shown.kind = Some(error.kind().to_string());
            return;
        }
    };
    let _ = write!(shown.shown, "{builder:?} {builder:#?} ");
    let built = match builder.build() {
        Ok(built) => built,
        Err(error) => return shown.failed(&error),
    };
    let _ = write!(shown.shown, "{built:?} {:?} ", built.check());
    let replaced = match client["replace"].as_str() {
        None => Ok(()),
        Some("api_key") => built
            .replace_api_key(Secret::new(value("another_api_key")))
            .and_then(|()| built.replace_api_key(Secret::new(value("api_key")))),
        Some("long_api_key") => built.replace_api_key(Secret::new(value("api_key") + "!")),
        Some("credentials") => built.replace_credentials(&credentials(folder, "pem_bytes")),
        Some(other) => built.replace_credentials(&credentials(folder, other)),
    };
    if let Err(error) = replaced {
        return shown.failed(&error);
    }
    call(&built, client, shown);
}

fn call(built: &Client, client: &Value, shown: &mut Shown) {
    let number = redpack::new_mch_billno("1900000109").expect("a number");
    let fields = fields(client, &number);
    match client["do"].as_str() {
        Some("send") => {
            let mut order = Request::new(&table::SENDREDPACK);
            for (name, value) in &fields {
                order.set(name, value.as_str()).expect("a field");
            }
            let _ = write!(shown.shown, "{order:?} {order:#?} ");
            match built.send_request(&order) {
                Ok(sent) => {
                    let _ = write!(shown.shown, "{sent:?} ");
                    shown.results += &serde_json::to_string(&sent).expect("JSON");
                }
                Err(error) => shown.failed(&error),
            }
        }
        Some("query") => match built.query(&Query::new(&number)) {
            Ok(told) => {
                let _ = write!(shown.shown, "{told:?} ");
                shown.results += &serde_json::to_string(&told).expect("JSON");
            }
            Err(error) => shown.failed(&error),
        },
        _ => {
            let call =
                fields.iter().fold(Call::new("/some/path"), |call, (name, value)| call.field(name, value));
            let _ = write!(shown.shown, "{call:?} ");
            match built.call(&call) {
                Ok(answer) => {
                    let _ = write!(shown.shown, "{answer:?} ");
                    shown.results += &serde_json::to_string(&answer).expect("JSON");
                }
                Err(error) => shown.failed(&error),
            }
        }
    }
}

fn builder(
    folder: &Path,
    url: &str,
    client: &Value,
    path: &Path,
) -> Result<ClientBuilder, journal::JournalError> {
    let setting = |name: &str| client["settings"][name].as_str().map(filled);
    let roots = folder.join(client["roots"].as_str().unwrap_or("ca.pem"));
    let key = Secret::new(api_key(client));
    let mut builder = Client::builder("1900000109", "wx8888888888888888", key)
        .credentials(credentials(folder, client["credentials"].as_str().expect("credentials")))
        .workwx_secret(Secret::new(value("workwx_secret")))
        .roots(Roots::file(roots))
        .base_url(&setting("base_url").unwrap_or(url.into()))
        .attempt_limit(Duration::from_secs(20));
    if let Some(proxy) = setting("proxy") {
        builder = builder.proxy(&proxy);
    }
    if client["hook"] == "fails" {
        // What it is told is looked at through its panic, which Rust prints; the text is the hook's own.
        builder = builder.on_attempt(|event| {
            log::info!(target: "redpack", "{event} {event:?} {:?}", event.err_code);
            panic!("the hook's own defect");
        });
    }
    let own = (client["journal"] == true).then(|| format!("sqlite:{}", path.display()));
    match setting("journal").or(own) {
        Some(url) => Ok(builder.journal(journal::open(&url)?)),
        None => Ok(builder),
    }
}

fn credentials(folder: &Path, name: &str) -> Credentials {
    let files = files(folder, name);
    let read = |path: &Path| std::fs::read(path).expect("a file");
    match (&files.key, files.as_bytes) {
        (Some(key), false) => Credentials::pem_files(&files.certificate, key),
        (Some(key), true) => Credentials::pem(&read(&files.certificate), &read(key)),
        (None, false) => Credentials::pkcs12_file(&files.certificate, files.passphrase.map(Secret::new)),
        (None, true) => Credentials::pkcs12(&read(&files.certificate), files.passphrase.map(Secret::new)),
    }
}

/// All that a journal keeps but the fields of requests.
fn outside_of_request_fields(path: &Path) -> String {
    let mut text = String::new();
    if !path.exists() {
        return text;
    }
    let database = rusqlite::Connection::open(path).expect("the journal");
    let mut tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").expect("tables");
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).expect("tables");
    for table in tables.map(|table| table.expect("a name")) {
        let mut statement = database.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
        let columns: Vec<String> = statement.column_names().map(ToString::to_string).collect();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            for (index, column) in columns.iter().enumerate() {
                let value: rusqlite::types::Value = row.get(index).expect("a cell");
                // The request's own fields, and the recipient whose day's sum is kept.
                if !["re_openid", "fields", "openid"].contains(&column.as_str()) {
                    let _ = writeln!(text, "{table}.{column} = {value:?}");
                }
            }
        }
    }
    text
}
