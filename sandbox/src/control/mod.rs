//! The control over plain HTTP on a port of its own: read the ledger, ask for faults, set policies, move
//! the clock. `openapi.json` describes it, and a test holds the two together.

mod claim;
mod clock;
mod ledger;
mod money;
mod rules;
mod sign;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue, ORIGIN};
use hyper::{Method, Request, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::timeout;

pub(crate) use ledger::snapshot;

use crate::error::SandboxError;
use crate::gateway::BODY_LIMIT;
use crate::page::{closing, typed};
use crate::server::Shared;
use crate::wire::{Broken, Wire};

/// The largest body that is taken.
const MAX_BODY: usize = 1 << 20;

/// What goes back: a status and something to show.
type Answer = (StatusCode, Value);

/// What the control answers to, with its methods.
const PATHS: [(&str, &[&str]); 10] = [
    ("/", &["GET"]),
    ("/openapi.json", &["GET"]),
    ("/ledger", &["GET"]),
    ("/faults", &["GET", "POST", "DELETE"]),
    ("/policy", &["GET", "POST", "DELETE"]),
    ("/clock", &["GET", "POST"]),
    ("/claim", &["POST"]),
    ("/balance", &["GET", "POST"]),
    ("/reset", &["POST"]),
    ("/sign", &["POST"]),
];

/// Answers one request.
pub(crate) async fn answer(shared: &Shared, request: Request<Incoming>) -> Result<Response<Wire>, Broken> {
    // A page in a browser on this machine has no business here.
    if request.headers().contains_key(ORIGIN) {
        return Ok(shown(problem(StatusCode::FORBIDDEN, "not for pages in a browser: no Origin header")));
    }
    let (path, method) = (request.uri().path().to_owned(), request.method().clone());
    let Some((_, methods)) = PATHS.iter().find(|(known, _)| *known == path) else {
        let paths: Vec<&str> = PATHS.iter().map(|(path, _)| *path).collect();
        let text = format!("there is no {path}; there are {}", paths.join(", "));
        return Ok(shown(problem(StatusCode::NOT_FOUND, text)));
    };
    if !methods.contains(&method.as_str()) {
        let allowed = methods.join(", ");
        let text = format!("{path} takes {allowed}, not {method}");
        let mut response = shown(problem(StatusCode::METHOD_NOT_ALLOWED, text));
        if let Ok(allowed) = HeaderValue::from_str(&allowed) {
            response.headers_mut().insert(ALLOW, allowed);
        }
        return Ok(response);
    }
    let query = request.uri().query().unwrap_or_default().to_owned();
    if !query.is_empty() && path != "/ledger" {
        return Ok(shown(problem(StatusCode::BAD_REQUEST, format!("{path} has no parameters"))));
    }
    let body = match timeout(BODY_LIMIT, Limited::new(request.into_body(), MAX_BODY).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => {
            let text = "the body is over 1 MiB, or cut off";
            return Ok(closing(shown(problem(StatusCode::PAYLOAD_TOO_LARGE, text))));
        }
        Err(_) => {
            let text = "the body does not come";
            return Ok(closing(shown(problem(StatusCode::REQUEST_TIMEOUT, text))));
        }
    };
    if let Some(why) = shared.service.world().broken() {
        return Ok(shown(problem(StatusCode::INTERNAL_SERVER_ERROR, why)));
    }
    if path == "/openapi.json" {
        return Ok(typed(StatusCode::OK, "application/json", include_str!("../../openapi.json")));
    }
    if path == "/sign" {
        return Ok(sign::answer(shared, &body));
    }
    let answer = match (path.as_str(), &method) {
        ("/", _) => Ok((StatusCode::OK, index())),
        ("/ledger", _) => ledger::answer(shared, &query),
        ("/faults", &Method::GET) => rules::faults(shared),
        ("/faults", &Method::POST) => rules::add_faults(shared, &body),
        ("/faults", _) => rules::clear_faults(shared),
        ("/policy", &Method::GET) => rules::policy(shared),
        ("/policy", &Method::POST) => rules::change_policy(shared, &body),
        ("/policy", _) => rules::default_policy(shared),
        ("/clock", &Method::GET) => clock::shown(shared),
        ("/clock", _) => clock::change(shared, &body),
        ("/claim", _) => claim::answer(shared, &body),
        ("/balance", &Method::GET) => money::balance(shared),
        ("/balance", _) => money::change(shared, &body),
        _ => money::reset(shared, &body),
    };
    // What could not be kept isn't told either.
    Ok(shown(match shared.service.world().broken() {
        Some(why) => problem(StatusCode::INTERNAL_SERVER_ERROR, why),
        None => answer,
    }))
}

fn index() -> Value {
    let paths: Vec<Value> =
        PATHS.iter().map(|(path, methods)| json!({"path": path, "methods": methods})).collect();
    json!({"redpack_sandbox": env!("CARGO_PKG_VERSION"), "control": paths})
}

/// Reads a body as a JSON object of that form. An empty one is an empty object.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Answer> {
    let body = body.trim_ascii();
    let body = if body.is_empty() { b"{}" } else { body };
    // serde would take a list for an object too, its values in the order of the fields.
    if body.starts_with(b"[") {
        return Err(refused("the body must be a JSON object"));
    }
    serde_json::from_slice(body).map_err(|error| refused(format!("the body is not as it should be: {error}")))
}

/// The request makes no sense.
fn refused(text: impl Into<String>) -> Answer {
    (StatusCode::BAD_REQUEST, json!({ "error": text.into() }))
}

/// The request makes sense, but not now.
fn conflict(error: &SandboxError) -> Answer {
    let status = match error {
        SandboxError::NoSuchOrder(_) => StatusCode::NOT_FOUND,
        _ => StatusCode::CONFLICT,
    };
    (status, json!({ "error": error.to_string() }))
}

fn problem(status: StatusCode, text: impl Into<String>) -> Result<Answer, Answer> {
    Err((status, json!({ "error": text.into() })))
}

fn ok(value: &impl Serialize) -> Result<Answer, Answer> {
    match serde_json::to_value(value) {
        Ok(value) => Ok((StatusCode::OK, value)),
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

fn shown(answer: Result<Answer, Answer>) -> Response<Wire> {
    let (status, value) = match answer {
        Ok(answer) | Err(answer) => answer,
    };
    typed(status, "application/json", format!("{value:#}\n"))
}
