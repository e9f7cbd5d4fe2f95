//! Nothing of the core is missing in C, and nothing of C in C++, but for what is named here with its reason.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn symbols() -> BTreeSet<String> {
    read("ffi/abi/symbols.txt").lines().map(str::to_owned).collect()
}

/// The identifiers of a text.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// C functions that redpack.hpp has no use for, and why.
const NOT_IN_CPP: [(&str, &str); 1] =
    [("redpack_error_status", "Error keeps the status itself, which is there without an error object too")];

#[test]
fn the_cpp_wrapper_leaves_no_function_of_c_out() {
    let mut headers = read("include/redpack.hpp");
    for entry in fs::read_dir(root().join("include/redpack")).expect("a folder").flatten() {
        headers += &fs::read_to_string(entry.path()).expect("text");
    }
    // Comments name functions that they don't use.
    let code: String = headers
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let used = words(&code);
    let symbols = symbols();
    let excused: BTreeSet<&str> = NOT_IN_CPP.iter().map(|(name, _)| *name).collect();
    let missing: Vec<&String> = symbols
        .iter()
        .filter(|name| !used.contains(name.as_str()) && !excused.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in redpack.hpp: {missing:?}");
    for name in excused {
        assert!(symbols.contains(name) && !used.contains(name), "no longer an exception: {name}");
    }
}

/// What C has in the place of a public name of the core: a function, a type or a constant of redpack.h; or, with
/// spaces in it, why it has nothing.
const COUNTERPARTS: &[(&str, &str)] = &[
    ("Answer", "redpack_answer"),
    ("OrderRecord", "redpack_query_result"),
    ("OrderStatus", "redpack_query_result_status"),
    ("QueryResult", "redpack_query_result"),
    ("Receiver", "redpack_query_result_receiver_openid"),
    ("SendResult", "redpack_send_result"),
    ("read_call", "redpack_wire_read_call"),
    ("read_query", "redpack_wire_read_query"),
    ("read_send", "redpack_wire_read_send"),
    ("new_mch_billno", "redpack_new_mch_billno"),
    ("is_mch_billno", "redpack_is_mch_billno"),
    ("MAX_LENGTH", "REDPACK_MCH_BILLNO_SIZE"),
    ("Check", "redpack_check"),
    ("Client", "redpack_client"),
    ("ClientBuilder", "redpack_config"),
    ("DEFAULT_ATTEMPT_LIMIT", "REDPACK_DEFAULT_ATTEMPT_LIMIT_MS"),
    ("DEFAULT_BACKUP_URL", "redpack_check_backup_url"),
    ("DEFAULT_BASE_URL", "redpack_check_base_url"),
    ("DEFAULT_CONNECT_LIMIT", "REDPACK_DEFAULT_CONNECT_LIMIT_MS"),
    ("Failover", "redpack_failover"),
    ("Finding", "redpack_check_finding"),
    ("CertificateSummary", "redpack_check"),
    ("CredentialFault", "redpack_error_credential_fault"),
    ("Credentials", "redpack_config_set_pem_files"),
    ("Roots", "redpack_config_set_roots_file"),
    ("Error", "redpack_error"),
    ("ErrorKind", "redpack_kind_name"),
    ("Operation", "a C program knows which function it has called"),
    ("Problem", "redpack_error_problem_field"),
    ("Received", "redpack_error_body"),
    ("AttemptEvent", "redpack_event"),
    ("AmountError", "redpack_error_problem_rule"),
    ("Fen", "redpack_fen_from_yuan"),
    ("Advice", "redpack_advice"),
    ("Outcome", "redpack_outcome"),
    ("Scope", "redpack_scope"),
    ("Verdict", "redpack_kind_verdict"),
    ("Wait", "redpack_error_not_before"),
    ("Call", "redpack_call"),
    ("Expected", "what an answer is compared with, which is done inside"),
    ("Merchant", "redpack_config_new"),
    ("Query", "redpack_request"),
    ("QueryWorkwx", "redpack_request"),
    ("Request", "redpack_request"),
    ("RiskInfo", "redpack_risk_info"),
    ("SendMiniProgram", "redpack_request"),
    ("SendRedPack", "redpack_request"),
    ("SendWorkwx", "redpack_request"),
    ("WireRequest", "redpack_wire"),
    ("table", "redpack_endpoint_field_name"),
    ("Clock", "for tests in Rust that wait without taking time"),
    ("DEFAULT_PACE", "REDPACK_DEFAULT_PACE"),
    ("DEFAULT_SETTLE_LIMIT", "REDPACK_DEFAULT_SETTLE_LIMIT_MS"),
    ("Reconciled", "redpack_reconciled"),
    ("Recovered", "redpack_recovered"),
    ("Settlement", "redpack_settlement"),
    ("SystemClock", "for tests in Rust that wait without taking time"),
    ("Secret", "keys are given as text, and copied into one"),
    ("mask_openid", "redpack_mask_openid"),
    ("SignType", "redpack_sign_type"),
    ("Timestamp", "redpack_time_from_wire"),
    ("Phase", "redpack_event_phase"),
    ("while_wanted", "a C program makes its calls on its own threads, and nobody else can give one up"),
    ("BizRedPacket", "redpack_package_encoded"),
    ("pay_sign", "redpack_pay_sign"),
    ("package_encoded", "redpack_package_encoded"),
    ("WORKWX_SIGN_FIELDS", "redpack_workwx_sign"),
    ("workwx_sign", "redpack_workwx_sign"),
    ("canonical", "redpack_canonical"),
    ("sign", "redpack_sign"),
    ("verify", "redpack_verify"),
    ("Element", "redpack_answer"),
    ("MAX_BYTES", "a limit that redpack_xml_read names"),
    ("MAX_DEPTH", "a limit that no answer comes near"),
    ("MAX_ELEMENTS", "a limit that no answer comes near"),
    ("ReadError", "redpack_error_problem_rule"),
    ("read", "redpack_xml_read"),
    ("is_legal", "redpack_xml_write says so of all fields together"),
    ("write", "redpack_xml_write"),
];

/// The public names of a file of the core: what it exports again, its functions and its constants.
fn public_names(path: &str) -> Vec<String> {
    let text = read(path);
    let mut names = Vec::new();
    for line in text.split("pub use ").skip(1) {
        let list = line.split(';').next().unwrap_or_default();
        let list = list.rsplit_once("::").map_or(list, |(_, names)| names);
        let list = if line.starts_with("client::{") || list.contains('}') {
            line.split(';').next().unwrap_or_default().split('{').nth(1).unwrap_or(list)
        } else {
            list
        };
        names.extend(words(list).into_iter().map(str::to_owned));
    }
    for start in ["\npub fn ", "\npub const ", "\npub struct ", "\npub enum "] {
        names.extend(text.split(start).skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
        }));
    }
    names
}

#[test]
fn nothing_of_the_core_is_missing_in_c() {
    let header = read("include/redpack.h");
    let known = words(&header);
    let mut all = BTreeSet::new();
    for path in ["lib.rs", "sign/mod.rs", "xml/mod.rs", "answer/mod.rs", "billno.rs"] {
        all.extend(public_names(&format!("core/src/{path}")));
    }
    assert!(all.len() > 70, "{all:?}");
    for name in &all {
        let found = COUNTERPARTS.iter().find(|(of, _)| of == name);
        let counterpart = found.unwrap_or_else(|| panic!("the core's {name} has no counterpart in C")).1;
        assert!(
            counterpart.contains(' ') || known.contains(counterpart),
            "{name}: {counterpart} is not in C"
        );
    }
    for (name, _) in COUNTERPARTS {
        assert!(all.contains(*name), "the core has no {name} any more");
    }
}

/// Settings of the core's builder that C has under another name, or that are only for tests in Rust.
const BUILDER: [(&str, &str); 8] = [
    ("credentials", "redpack_config_set_pem_files"),
    ("roots", "redpack_config_set_roots_file"),
    ("connect_limit", "redpack_config_set_connect_limit_ms"),
    ("attempt_limit", "redpack_config_set_attempt_limit_ms"),
    ("on_attempt", "redpack_config_set_attempt_callback"),
    ("build", "redpack_client_new"),
    ("lease_margin", ""),
    ("clock", ""),
];

/// Methods of the core's client that C has under another name.
const CLIENT: [(&str, &str); 11] = [
    ("builder", "redpack_config_new"),
    ("send_mini_program", "redpack_client_send"),
    ("send_workwx", "redpack_client_send"),
    ("send_request", "redpack_client_send"),
    ("query_workwx", "redpack_client_query"),
    ("query_request", "redpack_client_query"),
    ("replace_credentials", "redpack_client_replace_pem_files"),
    ("mch_id", "redpack_check_mch_id"),
    ("base_url", "redpack_check_base_url"),
    ("backup_url", "redpack_check_backup_url"),
    // Of another type in the same file.
    ("is_settled", "redpack_settlement_settled"),
];

fn methods_are_in_c(path: &str, prefix: &str, others: &[(&str, &str)]) -> usize {
    let (text, symbols) = (read(path), symbols());
    let mut count = 0;
    for rest in text.split("\n    pub fn ").skip(1) {
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let counterpart =
            others.iter().find(|(of, _)| *of == name).map_or(format!("{prefix}{name}"), |it| it.1.into());
        assert!(counterpart.is_empty() || symbols.contains(&counterpart), "{path}: {name}: {counterpart}?");
        count += 1;
    }
    count
}

#[test]
fn no_setting_and_no_call_of_the_client_is_missing_in_c() {
    let mut builder = BUILDER.to_vec();
    // Two of the settings' own getters, which C has in the check.
    builder.extend([("url", "redpack_check_base_url"), ("backup", "redpack_check_backup_url")]);
    assert!(methods_are_in_c("core/src/client/settings.rs", "redpack_config_set_", &builder) > 15);
    let mut client = CLIENT.to_vec();
    client.extend([("of", "redpack_recovered_settlement"), ("open", "redpack_recovered_open_count")]);
    client.push(("refunded_fen", "redpack_reconciled_refunded_fen"));
    let files = ["core/src/client/mod.rs", "core/src/safety/settle.rs", "core/src/safety/recover.rs"];
    let count: usize = files.iter().map(|path| methods_are_in_c(path, "redpack_client_", &client)).sum();
    assert!(count > 20, "{count}");
}

/// What the core's client does with a journal by itself; a C program has no journal of its own making to do it with.
const JOURNAL: [(&str, &str); 12] = [
    ("prepare", "redpack_client_settle"),
    ("amend", "redpack_client_amend"),
    ("begin", "redpack_client_send"),
    ("finish", "redpack_client_send"),
    ("begin_query", "redpack_client_query"),
    ("finish_query", "redpack_client_query"),
    ("close", "redpack_client_close"),
    ("resolve", "redpack_client_resolve"),
    ("claim", "redpack_client_recover"),
    ("turn", "redpack_config_set_pace"),
    ("restore", "redpack_journal_suspicion"),
    ("now", "redpack_order_updated_at"),
];

#[test]
fn nothing_of_the_journal_is_missing_in_c() {
    let (text, symbols) = (read("core/src/journal/mod.rs"), symbols());
    let methods = text.split("pub trait Journal").nth(1).expect("the trait");
    let mut count = 0;
    for rest in methods.split("\n    fn ").skip(1) {
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let other = JOURNAL.iter().find(|(of, _)| *of == name);
        let counterpart = other.map_or(format!("redpack_journal_{name}"), |it| it.1.into());
        assert!(symbols.contains(&counterpart), "{name}: {counterpart}?");
        count += 1;
    }
    assert!(count > 20, "{count}");
}
