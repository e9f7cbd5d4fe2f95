//! Every example of `openapi.json` is sent, and what comes back is the file's answer to the letter.
//!
//! Where the answers have changed for a reason, `BLESS=1` writes the new ones into the file.

use redpack::sign::BizRedPacket;
use serde_json::{Map, Value, json};

use crate::asking::{Told, ask, post};
use crate::connection::{Started, changed, order, start};
use crate::description::file;
use crate::schema::check;

const ORDINARY: &str = "1900000109261124000000000001";
const MINI_PROGRAM: &str = "1900000109261124000000000002";
const OPENED: &str = "1900000109261124000000000003";

/// The world of the examples: three packets, sent while the clock stood still.
fn prepare(started: &Started) {
    let sandbox = &started.sandbox;
    ask(sandbox, "DELETE", "/policy", "");
    post(sandbox, "/reset", json!({}));
    post(sandbox, "/clock", json!({"now": "2026-11-24T08:00:00+08:00", "held": true}));
    let mut connection = started.connect();
    connection.post("sendredpack", &started.signed(&order(ORDINARY, &[("remark", "invoice 7")])));
    let mini = [("client_ip", ""), ("notify_way", "MINI_PROGRAM_JSAPI"), ("remark", "invoice 8")];
    connection.post("sendminiprogramhb", &started.signed(&changed(order(MINI_PROGRAM, &[]), &mini)));
    connection.post("sendredpack", &started.signed(&order(OPENED, &[("remark", "invoice 9")])));
    sandbox.claim(OPENED).expect("claimed");
}

/// An example: its name, and what is asked.
struct Case {
    name: String,
    path: String,
    body: String,
}

fn cases(path: &str, operation: &Value) -> Vec<Case> {
    let case = |name: &str, path: String, body: String| Case { name: name.to_owned(), path, body };
    let examples = |of: &Value| of["examples"].as_object().cloned().unwrap_or_default();
    if let Some(body) = operation.pointer("/requestBody/content/application~1json") {
        let sent = |(name, example): (&String, &Value)| {
            case(name, path.to_owned(), format!("{:#}", example["value"]))
        };
        return examples(body).iter().map(sent).collect();
    }
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let asked = |parameter: &Value| {
        let name = parameter["name"].as_str().expect("a name").to_owned();
        let values = examples(parameter).into_iter().map(move |(example, value)| {
            (example, format!("{name}={}", value["value"].as_str().expect("a text")))
        });
        values.collect::<Vec<_>>()
    };
    let with = parameters.iter().flat_map(asked);
    let with = with.map(|(name, query)| case(&name, format!("{path}?{query}"), String::new()));
    let plain = if parameters.is_empty() { "plain" } else { "everything" };
    with.chain([case(plain, path.to_owned(), String::new())]).collect()
}

/// Where the file has the answer of that name: the status, and the pointer inside of the operation.
fn declared(operation: &Value, name: &str) -> Option<(u16, String)> {
    let responses = operation["responses"].as_object().expect("responses");
    responses.iter().find_map(|(status, response)| {
        let (media, content) = response.get("content")?.as_object()?.iter().next()?;
        content.get("examples")?.get(name)?;
        let media = media.replace('/', "~1");
        let pointer = format!("/responses/{status}/content/{media}");
        Some((status.parse().expect("a status"), pointer))
    })
}

fn value(told: &Told) -> Value {
    if told.head.contains("content-type: text/xml") { told.body.clone().into() } else { told.json() }
}

#[test]
fn every_example_is_answered_as_the_file_says() {
    let started = start();
    let file = file();
    let mut blessed = file.clone();
    let (mut sent, mut answers) = (0, 0);
    for (path, operations) in file["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("methods") {
            answers += count_examples(operation["responses"].as_object().expect("responses"));
            for case in cases(path, operation) {
                // The file can't hold an example of itself.
                if path == "/openapi.json" {
                    continue;
                }
                let at = format!("{method} {path} {}", case.name);
                let (status, pointer) =
                    declared(operation, &case.name).unwrap_or_else(|| panic!("{at}: no answer"));
                prepare(&started);
                let told = ask(&started.sandbox, &method.to_uppercase(), &case.path, &case.body);
                assert_eq!(told.status, status, "{at}: {}", told.body);
                let content = operation.pointer(&pointer).expect("content");
                let found = value(&told);
                check(&file, &content["schema"], &found).unwrap_or_else(|why| panic!("{at}: {why}"));
                if std::env::var_os("BLESS").is_some() {
                    let operation = &mut blessed["paths"][path][method];
                    let content = operation.pointer_mut(&pointer).expect("content");
                    content["examples"][&case.name]["value"] = found;
                } else {
                    assert_eq!(content["examples"][&case.name]["value"], found, "{at}");
                }
                accepted_by_schema(&file, operation, &case, status);
                sent += 1;
            }
        }
    }
    assert_eq!(sent, answers, "every answer of the file belongs to a request of that name");
    if std::env::var_os("BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        std::fs::write(path, format!("{blessed:#}\n")).expect("written");
    }
}

/// What the gateway takes fits the schema of the body.
fn accepted_by_schema(file: &Value, operation: &Value, case: &Case, status: u16) {
    let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") else { return };
    let body = serde_json::from_str(&case.body).expect("JSON");
    if status == 200 {
        check(file, schema, &body).unwrap_or_else(|why| panic!("{}: {why}", case.name));
    }
}

fn count_examples(responses: &Map<String, Value>) -> usize {
    let contents = responses.values().filter_map(|response| response["content"].as_object());
    let examples = contents.flat_map(Map::values).filter_map(|content| content["examples"].as_object());
    examples.map(Map::len).sum()
}

#[test]
fn the_file_shows_what_a_mini_program_really_hands_over() {
    let started = start();
    prepare(&started);
    let mini = [("client_ip", ""), ("notify_way", "MINI_PROGRAM_JSAPI"), ("remark", "invoice 8")];
    let sent = started.post("sendminiprogramhb", &changed(order(MINI_PROGRAM, &[]), &mini));
    let package = sent.text_of("package").expect("a package");
    let (appid, key) = (started.sandbox.appid(), started.sandbox.api_key());
    let nonce = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";
    let right = BizRedPacket::new(appid, "1795478400", nonce, package, key);
    let shown = &file()["paths"]["/claim"]["post"]["requestBody"]["content"]["application/json"]["examples"];
    let shown = &shown["mini_program"]["value"]["send_biz_red_packet"];
    assert_eq!(shown, &serde_json::to_value(right).expect("JSON"));
}
