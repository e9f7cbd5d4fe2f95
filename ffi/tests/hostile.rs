//! Every exported function with NULL, invalid UTF-8, empty, oversized and senseless arguments: a status each time,
//! never a crash. The calls are made from the header itself, so that a new function can't escape.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

mod program;

use std::fmt::Write as _;
use std::fs;

/// One function of the header.
struct Function {
    returns: String,
    name: String,
    parameters: Vec<(String, String)>,
}

fn functions(header: &str) -> Vec<Function> {
    let mut code = String::new();
    let mut rest = header;
    while let Some(start) = rest.find("/*") {
        code.push_str(&rest[..start]);
        rest = &rest[start..][rest[start..].find("*/").expect("a comment's end") + 2..];
    }
    code.push_str(rest);
    let code: String = code.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for statement in code.split(';') {
        let statement = statement.rsplit('{').next().unwrap_or_default().trim();
        let Some((head, parameters)) = statement.split_once('(') else { continue };
        if head.contains("typedef") || !head.contains("redpack_") {
            continue;
        }
        let at = head.rfind("redpack_").expect("a name");
        let parameters = parameters.trim_end_matches(')').split(',').map(str::trim).filter(|p| *p != "void");
        found.push(Function {
            returns: head[..at].trim().to_owned(),
            name: head[at..].trim().to_owned(),
            parameters: parameters
                .map(|parameter| {
                    let at = parameter.rfind([' ', '*']).expect("a name") + 1;
                    (
                        parameter[..at].split_whitespace().collect::<Vec<_>>().join(" "),
                        parameter[at..].to_owned(),
                    )
                })
                .collect(),
        });
    }
    found
}

impl Function {
    /// Whether it has a status to return and an error to write.
    fn is_fallible(&self) -> bool {
        self.parameters.last().is_some_and(|(kind, _)| kind == "struct redpack_error **")
    }
}

/// Texts that may be NULL.
const OPTIONAL: [&str; 13] = [
    "passphrase",
    "send_listid",
    "posttime",
    "mobile",
    "deviceid",
    "clientversion",
    "state",
    "err_code",
    "query_status",
    "re_openid",
    "redpack_journal_list.mch_id",
    "redpack_answer_text.name",
    "redpack_order_field.name",
];

/// An argument that does no harm to the check of the others.
fn harmless(function: &str, kind: &str, name: &str) -> String {
    match (kind, name) {
        ("const char *", "mch_id") => "\"1900000109\"".into(),
        ("const char *", "api_key" | "key" | "secret") => "\"192006250b4c09247ec02edce69f6a2d\"".into(),
        ("const char *", "url") => "journal_url".into(),
        ("const char *", "endpoint") => "\"gethbinfo\"".into(),
        ("const char *", "source_address") => "\"127.0.0.1\"".into(),
        ("const char *", "state") => "\"sent\"".into(),
        ("const char *", "kind") => "\"timeout\"".into(),
        ("const char *", "yuan") => "\"1.23\"".into(),
        ("const char *", "name") if function.starts_with("redpack_request") => {
            if function.ends_with("fen") { "\"total_amount\"" } else { "\"wishing\"" }.into()
        }
        ("const char *", _) => "\"text\"".into(),
        ("const uint8_t *", _) => "(const uint8_t *)\"bytes\"".into(),
        ("size_t", name) if name.ends_with("length") => "5".into(),
        ("bool", _) => "true".into(),
        ("void *", _) => "NULL".into(),
        ("char *", _) => "buffer".into(),
        ("redpack_attempt_callback" | "redpack_log_callback", _) => "NULL".into(),
        ("int64_t", _) => "7".into(),
        ("uint64_t" | "uint32_t" | "size_t" | "int32_t", _) => "1".into(),
        (kind, _) if kind.ends_with("**") => format!("&out_{}", handle_of(kind)),
        (kind, _)
            if kind.starts_with("enum") || kind == "bool *" || kind == "int64_t *" || kind == "size_t *" =>
        {
            format!("({kind})&scratch")
        }
        (kind, _) if kind.contains("struct redpack_") => format!("a_{}", handle_of(kind)),
        other => panic!("no argument for {other:?} of {function}"),
    }
}

fn handle_of(kind: &str) -> String {
    kind.replace("const", "").replace("struct", "").replace(['*', ' '], "").replace("redpack_", "")
}

/// What is tried in place of the harmless argument, and the status that must come of it, if it is certain.
fn hostile(function: &Function, kind: &str, name: &str) -> Vec<(&'static str, Option<i32>)> {
    let getter = !function.is_fallible();
    let certain = |status| if getter { None } else { Some(status) };
    let qualified = format!("{}.{name}", function.name);
    let optional = OPTIONAL.contains(&name) || OPTIONAL.contains(&&*qualified);
    match kind {
        "const char *" => vec![
            ("NULL", if optional { None } else { certain(10) }),
            ("\"\\xff\\xfe\\x80\"", certain(11)),
            ("\"\"", None),
            ("oversized", None),
            ("\"%s%n%s\\r\\n\\x01]]>&<\"", None),
            ("\"\\xe7\\xba\\xa2\\xe5\\x8c\\x85\\xf0\\x9f\\xa7\\xa7\"", None),
        ],
        "const uint8_t *" => vec![("NULL", certain(10))],
        "int32_t" => vec![("0", None), ("-1", None), ("INT32_MAX", None), ("INT32_MIN", None)],
        "int64_t" => vec![("0", None), ("-1", None), ("INT64_MAX", None), ("INT64_MIN", None)],
        "uint32_t" => vec![("0", None), ("UINT32_MAX", None)],
        "size_t" if name.ends_with("length") => vec![("0", None)],
        "size_t" => vec![("0", None), ("SIZE_MAX", None)],
        "uint64_t" => vec![("0", None)],
        "bool" => vec![("false", None)],
        "void *" | "redpack_attempt_callback" | "redpack_log_callback" => vec![("NULL", None)],
        _ if name == "error" => vec![("NULL", None)],
        _ if kind == "int64_t *" && name == "until" => vec![("NULL", None)],
        _ if kind == "size_t *" && name == "length" => vec![("NULL", None)],
        _ => vec![("NULL", certain(10))],
    }
}

/// The call, then the check of what came of it, then the end of whatever it made.
fn call(code: &mut String, function: &Function, arguments: &[String], expected: Option<i32>) {
    let call = format!("{}({})", function.name, arguments.join(", "));
    let quoted = call.replace('\\', "\\\\").replace('"', "\\\"");
    writeln!(code, "  at = \"{quoted}\";").expect("written");
    if function.is_fallible() {
        let expected = expected.map_or("-1".into(), |status| status.to_string());
        let told = arguments.last().is_some_and(|argument| argument != "NULL");
        writeln!(code, "  checked({call}, {expected}, {told});").expect("written");
    } else if function.returns == "const char *" {
        writeln!(code, "  readable({call});").expect("written");
    } else if function.returns == "void" {
        writeln!(code, "  {call}; calls++;").expect("written");
    } else {
        writeln!(code, "  (void){call}; calls++;").expect("written");
    }
}

#[test]
fn no_argument_crashes_a_function() {
    let header = fs::read_to_string(program::include().join("redpack.h")).expect("the header");
    let functions = functions(&header);
    let listed = fs::read_to_string(program::folder().join("abi/symbols.txt")).expect("the list");
    let mut names: Vec<&str> = functions.iter().map(|function| &*function.name).collect();
    names.sort_unstable();
    assert_eq!(names, listed.lines().collect::<Vec<_>>(), "the list and the header differ");

    let mut handles: Vec<String> = Vec::new();
    let mut code = String::new();
    for function in &functions {
        let base: Vec<String> =
            function.parameters.iter().map(|(kind, name)| harmless(&function.name, kind, name)).collect();
        for (kind, _) in &function.parameters {
            if kind.contains("struct redpack_") && !handles.contains(&handle_of(kind)) {
                handles.push(handle_of(kind));
            }
        }
        if function.name.ends_with("_free") {
            call(&mut code, function, &["NULL".into()], None);
            continue;
        }
        for (index, (kind, name)) in function.parameters.iter().enumerate() {
            for (argument, expected) in hostile(function, kind, name) {
                let mut arguments = base.clone();
                arguments[index] = argument.into();
                if argument == "NULL" && kind == "const uint8_t *" {
                    call(&mut code, function, &arguments, expected);
                    arguments[index + 1] = "0".into();
                    call(&mut code, function, &arguments, None);
                } else {
                    call(&mut code, function, &arguments, expected);
                }
            }
        }
        call(&mut code, function, &base, None);
        let nothing: Vec<String> = function
            .parameters
            .iter()
            .map(|(kind, _)| if kind.contains('*') { "NULL" } else { "0" }.into())
            .collect();
        call(&mut code, function, &nothing, None);
    }
    let mut declarations = String::new();
    let mut ends = String::new();
    for handle in &handles {
        writeln!(declarations, "static redpack_{handle} *a_{handle};").expect("written");
        if handle == "event" {
            continue;
        }
        writeln!(declarations, "static redpack_{handle} *out_{handle};").expect("written");
        if handle != "error" {
            let free = format!("redpack_{handle}_free");
            writeln!(ends, "  {free}(out_{handle}); out_{handle} = NULL;").expect("written");
        }
    }
    let frame = fs::read_to_string(program::folder().join("tests/c/hostile.c")).expect("the frame");
    let source = frame
        .replace("/* DECLARATIONS */", &declarations)
        .replace("/* ENDS */", &ends)
        .replace("/* CALLS */", &code);
    let fixtures = format!("-DFIXTURES=\"{}\"", program::folder().join("../core/tests/fixtures").display());
    let built = program::build(
        "hostile",
        &source,
        &[&fixtures, "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
    );
    let output = program::run(&built);
    println!("{output}");
    assert!(output.contains(" calls, "), "{output}");
}
