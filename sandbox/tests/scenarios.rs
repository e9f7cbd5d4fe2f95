//! Plays the shared scenarios against a sandbox in this process: what the library's own client makes of every
//! step, and what the ledger has in the end. tests/vectors/README.md describes the format.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and says why by its name"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use redpack::journal::{self, Order};
use redpack::{Call, Client, Credentials, Error, Request, Roots, Settlement, table};
use redpack_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

/// How long one scenario may take, and all of them together.
const LIMITS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(40));

fn vectors(name: &str) -> Value {
    let path = format!("{}/../tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("a vector file")).expect("JSON")
}

/// One scenario's client and numbers.
struct Play<'a> {
    sandbox: &'a Sandbox,
    client: Client,
    index: usize,
}

#[test]
fn every_scenario_ends_as_it_must() {
    let dir = tempfile::tempdir().expect("a folder");
    let sandbox = Sandbox::start(Options::new(dir.path().join("sandbox"))).expect("a sandbox");
    let file = vectors("scenarios.json");
    let scenarios = file["scenarios"].as_array().expect("a list");
    let started = Instant::now();
    let mut failures = Vec::new();
    for (index, scenario) in scenarios.iter().enumerate() {
        let start = Instant::now();
        let journal = dir.path().join(format!("{index}.db"));
        let journal = scenario["journal"].as_bool().unwrap_or_default().then_some(journal);
        let found = Play::new(&sandbox, index, scenario, journal.as_deref()).run(scenario);
        if !found.is_empty() {
            failures.push(format!("{}:\n  {}", scenario["name"], found.join("\n  ")));
        }
        assert!(start.elapsed() < LIMITS.0, "{} took {:?}", scenario["name"], start.elapsed());
    }
    assert!(failures.is_empty(), "{} scenarios:\n{}", failures.len(), failures.join("\n"));
    assert!(started.elapsed() < LIMITS.1, "{:?}", started.elapsed());
    println!("scenarios.json: {} cases", scenarios.len());
    assert_eq!(Some(scenarios.len() as u64), vectors("MANIFEST.json")["scenarios.json"].as_u64());
}

impl<'a> Play<'a> {
    fn new(sandbox: &'a Sandbox, index: usize, scenario: &Value, journal: Option<&std::path::Path>) -> Self {
        let limit = Duration::from_millis(scenario["attempt_limit_ms"].as_u64().unwrap_or(3000));
        let mut builder = Client::builder(sandbox.mch_id(), sandbox.appid(), sandbox.api_key().clone())
            .credentials(Credentials::pem_files(sandbox.cert_file(), sandbox.key_file()))
            .workwx_secret(sandbox.workwx_secret().clone())
            .roots(Roots::file(sandbox.ca_file()))
            .base_url(&sandbox.base_url())
            .attempt_limit(limit);
        if let Some(path) = journal {
            let url = format!("sqlite:{}", path.display());
            builder = builder.journal(journal::open(&url).expect("a journal"));
        }
        let client = builder.build().expect("a client");
        Self { sandbox, client, index }
    }

    /// The scenario's own words, with its order numbers in place.
    fn filled(&self, value: &Value) -> Value {
        let mut text = value.to_string().replace("{appid}", self.sandbox.appid());
        for number in 1..=9 {
            let own = format!("s{:03}n{number}", self.index);
            text = text.replace(&format!("{{billno:{number}}}"), &own);
        }
        serde_json::from_str(&text).expect("JSON")
    }

    /// Plays it; what came out otherwise than expected.
    fn run(&self, scenario: &Value) -> Vec<String> {
        let scenario = self.filled(scenario);
        let mut failures = Vec::new();
        for (index, step) in scenario["steps"].as_array().expect("steps").iter().enumerate() {
            let found = self.step(step);
            let Some(expected) = step["expect"].as_object() else { continue };
            for (name, value) in expected {
                let same = match (name.as_str(), value) {
                    ("answer", Value::Object(fields)) => {
                        fields.iter().all(|(field, value)| found["answer"][field] == *value)
                    }
                    _ => found.get(name) == Some(value),
                };
                if !same {
                    let found = &found[name];
                    failures.push(format!("step {}: {name} is {found}, not {value}", index + 1));
                }
            }
        }
        let ledger = serde_json::to_value(self.sandbox.ledger()).expect("JSON");
        for (number, expected) in scenario["ledger"].as_object().expect("a ledger") {
            let order = &ledger["orders"][number];
            let sends = order["attempts"].as_u64().or(ledger["not_landed"][number].as_u64());
            let found = json!({"debits": order["debits"].as_u64().unwrap_or(0), "sends": sends.unwrap_or(0)});
            if found != *expected {
                failures.push(format!("ledger: {number} has {found}, not {expected}"));
            }
        }
        failures
    }

    fn step(&self, step: &Value) -> Value {
        match step["do"].as_str().expect("what to do") {
            "send" => match self.client.send_request(&request(step)) {
                Ok(sent) => json!({
                    "outcome": "sent", "advice": "none", "scope": "order", "kind": null, "err_code": null,
                    "recorded": sent.recorded, "answer": sent.answer,
                }),
                Err(error) => told(&error),
            },
            "query" => match self.client.query_request(&request(step)) {
                Ok(answer) => json!({
                    "outcome": answer.outcome, "advice": answer.advice, "found": answer.found(), "kind": null,
                    "status": answer.order.as_ref().and_then(|order| order.status.as_ref()),
                }),
                Err(error) => told(&error),
            },
            "call" => {
                let mut call = Call::new(step["path"].as_str().expect("a path"));
                for pair in step["fields"].as_array().expect("fields") {
                    call = call.field(pair[0].as_str().expect("a name"), pair[1].as_str().expect("text"));
                }
                match self.client.call(&call) {
                    Ok(answer) => json!({
                        "outcome": "sent", "advice": "none", "kind": null, "err_code": null, "answer": answer,
                    }),
                    Err(error) => told(&error),
                }
            }
            "settle" => {
                let limit = Duration::from_millis(step["limit_ms"].as_u64().expect("a limit"));
                self.client.settle(request(step), limit).map_or_else(|error| told(&error), |it| settled(&it))
            }
            "close" => {
                let number = step["mch_billno"].as_str().expect("a number");
                self.client.close(number).map_or_else(|error| told(&error), |it| settled(&it))
            }
            "control" => self.control(step),
            "wait" => {
                std::thread::sleep(Duration::from_millis(step["ms"].as_u64().expect("a time")));
                Value::Null
            }
            other => panic!("what is {other}?"),
        }
    }

    /// The control as other languages reach it: plain HTTP.
    fn control(&self, step: &Value) -> Value {
        let url = self.sandbox.control_url();
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        let (path, body) = (step["path"].as_str().expect("a path"), step["body"].to_string());
        let mut stream = TcpStream::connect(host).expect("the control");
        let length = body.len();
        write!(stream, "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
            .expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(answer.starts_with("HTTP/1.1 200"), "{step}: {answer}");
        Value::Null
    }
}

fn request(step: &Value) -> Request {
    let name = step["endpoint"].as_str().expect("an endpoint");
    let endpoint = table::ENDPOINTS.into_iter().find(|endpoint| endpoint.name == name).expect("an endpoint");
    let mut request = Request::new(endpoint);
    for (name, value) in step["fields"].as_object().expect("fields") {
        request.set(name, value.as_str().expect("text")).expect("a field of the endpoint");
    }
    request
}

fn told(error: &Error) -> Value {
    json!({
        "outcome": error.outcome(), "advice": error.advice(), "scope": error.scope(), "kind": error.kind(),
        "err_code": error.err_code(), "http_status": error.http_status(), "wire_sends": error.attempts(),
        "found": null, "status": null, "recorded": null,
    })
}

fn settled(settlement: &Settlement) -> Value {
    let Order { state, .. } = &settlement.order;
    json!({
        "outcome": settlement.outcome, "advice": settlement.advice, "scope": settlement.scope, "state": state,
        "settled": settlement.is_settled(), "attempts": settlement.attempts, "queries": settlement.queries,
    })
}
