//! What the control refuses before it looks at what is asked.

use serde_json::json;

use crate::asking::{ask, ask_with, get, raw, refusal};
use crate::connection::start;

#[test]
fn pages_in_a_browser_are_turned_away() {
    let started = start();
    for (method, path) in
        [("GET", "/ledger"), ("POST", "/reset"), ("GET", "/nowhere"), ("OPTIONS", "/faults")]
    {
        for origin in ["http://localhost:3000", "null"] {
            let told = ask_with(&started.sandbox, method, path, &format!("Origin: {origin}\r\n"), "");
            assert_eq!(told.status, 403, "{method} {path}");
            assert_eq!(told.error(), "not for pages in a browser: no Origin header");
        }
    }
}

#[test]
fn a_body_is_one_mebibyte_at_most() {
    let started = start();
    let most = 1 << 20;
    let padded = |length: usize| format!("{{\"balance\": 7}}{}", " ".repeat(length - 14));
    assert_eq!(ask(&started.sandbox, "POST", "/balance", &padded(most)).json(), json!({"balance": 7}));
    let told = ask(&started.sandbox, "POST", "/balance", &padded(most + 1));
    assert_eq!((told.status, told.error().as_str()), (413, "the body is over 1 MiB, or cut off"));
    let piece = format!("{:x}\r\n{}\r\n", most, " ".repeat(most));
    let chunked = format!(
        "POST /balance HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        piece.repeat(3)
    );
    let told = raw(&started.sandbox, chunked.as_bytes());
    assert_eq!(told.status, 413);
    assert!(told.head.contains("connection: close"), "{}", told.head);
}

#[test]
fn garbage_is_refused_in_words_and_changes_nothing() {
    let started = start();
    let before = get(&started.sandbox, "/ledger");
    for path in ["/faults", "/policy", "/clock", "/claim", "/balance", "/reset", "/sign"] {
        for body in ["{", "nonsense", "\"text\"", "7", "null", "[]", "[{}]", "{\"a\": 1}}", "\u{0}"] {
            let told = ask(&started.sandbox, "POST", path, body);
            assert_eq!(told.status, 400, "{path} {body}: {}", told.body);
            let error = told.error();
            let text =
                if body.starts_with('[') { "the body must be a JSON object" } else { "the body is not as" };
            assert!(error.starts_with(text), "{path} {body}: {error}");
        }
        let told = raw(
            &started.sandbox,
            format!("POST {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n\u{0}\u{1}")
                .as_bytes(),
        );
        assert_eq!(told.status, 400, "{path}");
        if path != "/sign" && path != "/policy" && path != "/faults" {
            let (status, error) = refusal(&started.sandbox, path, json!({"colour": "red"}));
            assert!(status == 400 && error.contains("unknown field `colour`"), "{path}: {error}");
        }
    }
    assert_eq!(get(&started.sandbox, "/ledger"), before);
}

#[test]
fn an_empty_body_is_an_empty_object() {
    let started = start();
    for body in ["", " \r\n", "{}"] {
        for (path, status) in [("/policy", 200), ("/reset", 200), ("/clock", 400), ("/balance", 400)] {
            assert_eq!(ask(&started.sandbox, "POST", path, body).status, status, "{path} {body:?}");
        }
    }
}
