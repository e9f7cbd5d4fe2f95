//! The policy as the file describes it, beside the one that the gateway has.

use serde_json::{Value, json};

use crate::asking::{ask, get, post, refusal};
use crate::connection::start;
use crate::description::{file, names, schema};

#[test]
fn the_file_has_every_switch_with_its_default() {
    let started = start();
    let file = file();
    let described = schema(&file, "Policy")["properties"].as_object().expect("properties").clone();
    let shown = get(&started.sandbox, "/policy");
    let shown = shown.as_object().expect("an object");
    assert!(described.keys().eq(shown.keys()), "the same switches in the same order");
    for (name, value) in shown {
        assert_eq!(&described[name]["default"], value, "{name}");
    }
    assert_eq!(names(&schema(&file, "Policy")), names(&schema(&file, "PolicyChange")));
    let all: Value = described.keys().cloned().collect();
    assert_eq!(all, schema(&file, "Policy")["required"]);
    assert_eq!(schema(&file, "PolicyChange")["required"], json!([]));
}

#[test]
fn every_value_of_the_file_is_accepted_and_a_wrong_one_refused_by_name() {
    let started = start();
    let file = file();
    let policy = schema(&file, "Policy")["properties"].clone();
    for (name, switch) in policy.as_object().expect("properties") {
        let kind = switch["type"].to_string();
        let (good, bad) = match switch.get("enum").and_then(Value::as_array) {
            Some(values) => (values.clone(), vec![json!("colour"), json!(null), json!(1), json!(["both"])]),
            None if kind == "\"boolean\"" => {
                (vec![json!(true), json!(false)], vec![json!("true"), json!(null), json!(1)])
            }
            None if kind == "\"string\"" => (vec![json!("GROUP"), json!("")], vec![json!(null), json!(1)]),
            None => {
                let nullable = kind.contains("null");
                let mut good = vec![json!(0), json!(86_400), json!(u64::MAX)];
                let mut bad = vec![json!(-1), json!(1.5), json!("1")];
                if nullable { &mut good } else { &mut bad }.push(json!(null));
                (good, bad)
            }
        };
        for value in good {
            let told = post(&started.sandbox, "/policy", json!({ name: value.clone() }));
            assert_eq!(told[name], value, "{name}");
        }
        let before = get(&started.sandbox, "/policy");
        for value in bad {
            let body = json!({"failure_echo": false, name: value});
            let (status, error) = refusal(&started.sandbox, "/policy", body);
            assert_eq!(status, 400, "{name} {value}");
            assert!(error.starts_with(&format!("{name}: ")), "{name} {value}: {error}");
        }
        assert_eq!(get(&started.sandbox, "/policy"), before, "{name}: all or none");
        post(&started.sandbox, "/policy", json!({ name: switch["default"] }));
    }
    let told = ask(&started.sandbox, "DELETE", "/policy", "").json();
    let expected = serde_json::to_value(redpack_sandbox::Policy::default()).expect("JSON");
    assert_eq!(told, expected);
}
