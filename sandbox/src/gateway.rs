//! HTTP in front of the service: paths, methods, sizes, and the pages that a web server answers by itself.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_LENGTH, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use redpack::xml::MAX_BYTES;

use crate::page::{closing, page};
use crate::policy::Expired;
use crate::server::Shared;
use crate::service::{Reply, Route};
use crate::tls::ClientCertificate;
use crate::wire::{Broken, Wire, render};

/// How long a client may take to send a body.
pub(crate) const BODY_LIMIT: Duration = Duration::from_secs(10);

/// Who is at the other end of a connection, and which host they came to.
pub(crate) struct Caller {
    pub certificate: ClientCertificate,
    pub backup: bool,
}

/// Answers one request.
pub(crate) async fn answer(
    shared: &Shared,
    caller: &Caller,
    request: Request<Incoming>,
) -> Result<Response<Wire>, Broken> {
    shared.traffic.requests.fetch_add(1, Relaxed);
    if let Some(response) = turned_away(shared, caller) {
        return Ok(closing(response));
    }
    let path = request.uri().path().to_owned();
    let Some(route) = Route::of(&path) else {
        return Ok(page("404 Not Found", StatusCode::NOT_FOUND, ""));
    };
    if request.method() != Method::POST {
        let mut response = page("405 Not Allowed", StatusCode::METHOD_NOT_ALLOWED, "");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return Ok(response);
    }
    let body = match body(request).await {
        Ok(body) => body,
        Err(response) => return Ok(closing(*response)),
    };
    let Reply { xml, strike } = shared.service.answer(route, &caller.certificate, caller.backup, &body);
    // What could not be kept isn't told either.
    if let Some(why) = shared.service.world().broken() {
        return Ok(closing(broken(why)));
    }
    render(xml, &path, strike.as_ref()).await
}

/// What the web server tells those whom it doesn't let through.
fn turned_away(shared: &Shared, caller: &Caller) -> Option<Response<Wire>> {
    let world = shared.service.world();
    if let Some(why) = world.broken() {
        return Some(broken(why));
    }
    let expired =
        caller.certificate == ClientCertificate::Expired && world.policy.expired_certificate == Expired::Html;
    (expired || caller.certificate == ClientCertificate::Foreign)
        .then(|| page("400 Bad Request", StatusCode::BAD_REQUEST, "The SSL certificate error"))
}

fn broken(why: &str) -> Response<Wire> {
    page("500 Internal Server Error", StatusCode::INTERNAL_SERVER_ERROR, why)
}

/// The whole body, or the answer to one that is too large, too slow or cut short.
async fn body(request: Request<Incoming>) -> Result<Bytes, Box<Response<Wire>>> {
    let too_large = || Box::new(page("413 Request Entity Too Large", StatusCode::PAYLOAD_TOO_LARGE, ""));
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse().ok()).is_some_and(|length: u64| length > MAX_BYTES as u64) {
        return Err(too_large());
    }
    let collected = tokio::time::timeout(BODY_LIMIT, Limited::new(request.into_body(), MAX_BYTES).collect());
    match collected.await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Box::new(page("400 Bad Request", StatusCode::BAD_REQUEST, ""))),
        Err(_) => Err(Box::new(page("408 Request Time-out", StatusCode::REQUEST_TIMEOUT, ""))),
    }
}
