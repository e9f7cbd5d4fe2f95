//! `openapi.json` by itself, and its paths, methods and names beside those that are really there.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::asking::{ask, get, refusal};
use crate::connection::start;
use crate::schema::{check, resolve};

pub const FILE: &str = include_str!("../../openapi.json");

/// What HTTP knows and an OpenAPI file can describe.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];

pub fn file() -> Value {
    serde_json::from_str(FILE).expect("JSON")
}

pub fn schema(file: &Value, name: &str) -> Map<String, Value> {
    file["components"]["schemas"][name].as_object().unwrap_or_else(|| panic!("no schema {name}")).clone()
}

pub fn names(schema: &Map<String, Value>) -> BTreeSet<String> {
    schema["properties"].as_object().expect("properties").keys().cloned().collect()
}

/// Everything in it, deepest last.
fn walk<'a>(value: &'a Value, at: &str, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(at, value);
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(name, value)| walk(value, &format!("{at}/{name}"), visit));
        }
        Value::Array(list) => list.iter().for_each(|value| walk(value, &format!("{at}/-"), visit)),
        _ => {}
    }
}

#[test]
fn every_path_answers_to_the_methods_of_the_file_and_to_no_other() {
    let started = start();
    let file = file();
    let mut listed = Vec::new();
    for (path, operations) in file["paths"].as_object().expect("paths") {
        let declared: Vec<String> =
            operations.as_object().expect("methods").keys().map(|name| name.to_uppercase()).collect();
        for method in METHODS {
            let told = ask(&started.sandbox, method, path, "");
            if declared.iter().any(|name| name == method) {
                assert!(![404, 405].contains(&told.status), "{method} {path}: {}", told.body);
            } else {
                assert_eq!(told.status, 405, "{method} {path}");
                let allow = format!("allow: {}", declared.join(", ").to_lowercase());
                assert!(told.head.lines().any(|line| line == allow), "{method} {path}: {}", told.head);
            }
        }
        listed.push(json!({"path": path, "methods": declared}));
    }
    assert_eq!(get(&started.sandbox, "/")["control"], Value::Array(listed), "the index lists the same");
    assert_eq!(ask(&started.sandbox, "GET", "/openapi.json", "").body, FILE);
    assert_eq!(file["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn what_is_not_in_the_file_is_refused() {
    let started = start();
    let file = file();
    for path in ["/nowhere", "/ledger/", "/Ledger", "//ledger", "/faults/1"] {
        let told = ask(&started.sandbox, "GET", path, "");
        assert_eq!(told.status, 404, "{path}");
        assert!(told.error().starts_with(&format!("there is no {path}; there are /, /openapi.json, ")));
    }
    for (path, operations) in file["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("methods").keys() {
            let told = ask(&started.sandbox, &method.to_uppercase(), &format!("{path}?colour=red"), "");
            assert_eq!(told.status, 400, "{method} {path}");
            let text = if path == "/ledger" { "only parameter is mch_billno" } else { "has no parameters" };
            assert!(told.error().contains(text), "{}", told.error());
        }
    }
}

#[test]
fn the_schemas_are_strict_and_say_what_each_thing_is() {
    let file = file();
    let mut references = 0;
    walk(&file, "", &mut |at, value| {
        if value.get("$ref").is_some() {
            references += 1;
            assert!(resolve(&file, value).is_object(), "{at}");
        }
        if at.ends_with("/examples/-") || at.contains("/value") || at.ends_with("/example") {
            return;
        }
        let properties = value.get("properties").and_then(Value::as_object);
        if let Some(properties) = properties.filter(|_| value.get("type") == Some(&json!("object"))) {
            assert_eq!(value["additionalProperties"], false, "{at}");
            for name in value["required"].as_array().unwrap_or_else(|| panic!("{at} requires nothing")) {
                assert!(properties.contains_key(name.as_str().expect("a name")), "{at}: {name}");
            }
            for (name, property) in properties {
                assert!(resolve(&file, property)["description"].is_string(), "{at}: {name} is not described");
            }
        }
    });
    assert!(references > 100, "{references}");
    for (name, response) in file["components"]["responses"].as_object().expect("responses") {
        let content = &response["content"]["application/json"];
        check(&file, &content["schema"], &content["example"]).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
    for (path, operations) in file["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("methods") {
            assert!(operation["summary"].is_string() && operation["operationId"].is_string());
            let responses = operation["responses"].as_object().expect("responses");
            let has = |status: &str| responses.contains_key(status);
            assert!(has("200") && has("400") && has("403") && has("500"), "{method} {path}");
            let takes = operation.get("requestBody").is_some();
            assert_eq!((has("408"), has("413")), (takes, takes), "{method} {path}");
            assert_eq!(takes, method == "post");
        }
    }
}

#[test]
fn a_rule_of_the_file_is_a_rule_of_the_gateways() {
    let started = start();
    let file = file();
    let (_, error) = refusal(&started.sandbox, "/faults", json!({"fault": "drop", "colour": "red"}));
    let known = error.split_once("expected one of ").expect("a list").1;
    let mut known: BTreeSet<String> =
        known.split(", ").map(|name| name.trim_matches('`').to_owned()).collect();
    assert!(known.remove("struck"), "kept by the gateway: {known:?}");
    assert_eq!(names(&schema(&file, "NewRule")), known);
    known.extend(["struck".into(), "id".into()]);
    assert_eq!(names(&schema(&file, "Rule")), known);
}

#[test]
fn every_fault_is_named() {
    let started = start();
    let file = file();
    let named = get(&started.sandbox, "/faults")["names"].clone();
    let mut there: BTreeSet<String> = ["any".to_owned()].into();
    for on in file["components"]["schemas"]["NewRule"]["properties"]["on"]["enum"].as_array().expect("a list")
    {
        for name in named[on.as_str().expect("a name")].as_array().expect("names") {
            there.insert(name.as_str().expect("a name").to_owned());
            let told =
                ask(&started.sandbox, "POST", "/faults", &json!({"fault": name, "on": on}).to_string());
            assert_eq!(told.status, 200, "{name} on {on}: {}", told.body);
        }
    }
    let listed = schema(&file, "NewRule")["properties"]["fault"]["examples"].clone();
    let listed: BTreeSet<String> = serde_json::from_value(listed).expect("names");
    assert_eq!(listed, there);
}
