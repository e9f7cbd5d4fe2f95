//! HTTP in front of the service: paths, methods, sizes, and the pages that a web server answers by itself.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use redpack::xml::MAX_BYTES;

use crate::server::Shared;
use crate::service::Route;
use crate::tls::ClientCertificate;

/// How long a client may take to send a body.
const BODY_LIMIT: Duration = Duration::from_secs(30);

/// Answers one request of a client with that certificate.
pub(crate) async fn answer(
    shared: &Shared,
    client: &ClientCertificate,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    shared.traffic.requests.fetch_add(1, Relaxed);
    if *client == ClientCertificate::Foreign {
        return closing(page("400 Bad Request", StatusCode::BAD_REQUEST, "The SSL certificate error"));
    }
    let Some(route) = Route::of(request.uri().path()) else {
        return page("404 Not Found", StatusCode::NOT_FOUND, "");
    };
    if request.method() != Method::POST {
        let mut response = page("405 Not Allowed", StatusCode::METHOD_NOT_ALLOWED, "");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    match body(request).await {
        Ok(body) => xml(shared.service.answer(route, client, &body)),
        Err(response) => closing(*response),
    }
}

/// The whole body, or the answer to one that is too large, too slow or cut short.
async fn body(request: Request<Incoming>) -> Result<Bytes, Box<Response<Full<Bytes>>>> {
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

fn xml(text: String) -> Response<Full<Bytes>> {
    typed(StatusCode::OK, "text/xml; charset=utf-8", text)
}

/// A page as nginx makes them.
fn page(title: &str, status: StatusCode, detail: &str) -> Response<Full<Bytes>> {
    let (head, detail) = match detail {
        "" => (title.to_owned(), String::new()),
        _ => (format!("{} {detail}", status.as_str()), format!("<center>{detail}</center>\r\n")),
    };
    let text = format!(
        "<html>\r\n<head><title>{head}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         {detail}<hr><center>redpack sandbox</center>\r\n</body>\r\n</html>\r\n"
    );
    typed(status, "text/html", text)
}

/// A response of that type.
pub(crate) fn typed(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// After this one the connection ends.
fn closing(mut response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
