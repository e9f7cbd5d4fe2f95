//! As much of JSON Schema as `openapi.json` uses. A keyword that isn't known here is an error: else a
//! misspelt one would pass everything.

use redpack::Timestamp;
use serde_json::{Map, Value};

/// Words for people only.
const SILENT: [&str; 4] = ["description", "default", "examples", "summary"];

/// Where a reference leads.
pub fn resolve<'a>(file: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        None => schema,
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("a reference into the file");
            resolve(file, file.pointer(pointer).unwrap_or_else(|| panic!("nothing is at {reference}")))
        }
    }
}

/// What is wrong with the value, if anything is.
pub fn check(file: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let schema = resolve(file, schema).as_object().expect("a schema");
    for (keyword, rule) in schema {
        if !SILENT.contains(&keyword.as_str()) && !holds(file, schema, keyword, rule, value)? {
            return Err(format!("{keyword} {rule} does not hold for {value}"));
        }
    }
    Ok(())
}

fn holds(
    file: &Value,
    schema: &Map<String, Value>,
    keyword: &str,
    rule: &Value,
    value: &Value,
) -> Result<bool, String> {
    let object = value.as_object();
    let members = |compare: fn(u64, u64) -> bool| {
        object.is_none_or(|object| compare(object.len() as u64, rule.as_u64().expect("a number")))
    };
    Ok(match keyword {
        "type" => match rule {
            Value::Array(types) => types.iter().any(|name| is_of(name, value)),
            name => is_of(name, value),
        },
        "enum" => rule.as_array().expect("a list").contains(value),
        "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().expect("a number")),
        "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().expect("a number")),
        "minProperties" => members(|found, least| found >= least),
        "maxProperties" => members(|found, most| found <= most),
        "format" => {
            assert_eq!(rule, "date-time", "the one format");
            value.as_str().is_none_or(|text| Timestamp::from_rfc3339(text).is_some())
        }
        "required" => {
            let names = rule.as_array().expect("a list").iter().map(|name| name.as_str().expect("a name"));
            object.is_none_or(|object| names.into_iter().all(|name| object.contains_key(name)))
        }
        "properties" => {
            for (name, schema) in rule.as_object().expect("properties") {
                if let Some(value) = value.get(name) {
                    check(file, schema, value).map_err(|why| format!("{name}: {why}"))?;
                }
            }
            true
        }
        "additionalProperties" => {
            let known = schema.get("properties").and_then(Value::as_object);
            for (name, value) in object.into_iter().flatten() {
                match rule {
                    _ if known.is_some_and(|known| known.contains_key(name)) => {}
                    Value::Bool(false) => return Err(format!("{name} has no business here")),
                    schema => check(file, schema, value).map_err(|why| format!("{name}: {why}"))?,
                }
            }
            true
        }
        "items" => {
            for value in value.as_array().into_iter().flatten() {
                check(file, rule, value)?;
            }
            true
        }
        "oneOf" => {
            let options = rule.as_array().expect("a list").iter();
            let results: Vec<_> = options.map(|schema| check(file, schema, value)).collect();
            let fit = results.iter().filter(|result| result.is_ok()).count();
            if fit != 1 {
                return Err(format!("{fit} of {} fit {value}: {results:?}", results.len()));
            }
            true
        }
        unknown => panic!("{unknown} is not looked at here"),
    })
}

fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        unknown => panic!("{unknown} is no type"),
    }
}

mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_checks_of_these_tests_find_what_is_wrong() {
        let file = json!({"a": {"type": "object", "additionalProperties": false, "required": ["n"],
            "properties": {"n": {"type": ["integer", "null"], "minimum": 1}, "t": {"enum": ["x"]}}}});
        let schema = json!({"oneOf": [{"$ref": "#/a"}, {"type": "array", "items": {"format": "date-time"}}]});
        for (value, right) in [
            (json!({"n": 1}), true),
            (json!({"n": null, "t": "x"}), true),
            (json!({"n": 0}), false),
            (json!({"n": 1.5}), false),
            (json!({"t": "x"}), false),
            (json!({"n": 1, "t": "y"}), false),
            (json!({"n": 1, "z": 1}), false),
            (json!(["2026-11-24T08:00:00+08:00"]), true),
            (json!(["yesterday"]), false),
        ] {
            assert_eq!(check(&file, &schema, &value).is_ok(), right, "{value}");
        }
    }
}
