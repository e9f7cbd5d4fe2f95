//! Pages as the web server in front of the service makes them.

use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

use crate::wire::Wire;

/// A page as nginx makes them.
pub(crate) fn page(title: &str, status: StatusCode, detail: &str) -> Response<Wire> {
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
pub(crate) fn typed(status: StatusCode, content_type: &'static str, body: impl Into<Wire>) -> Response<Wire> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// After this one the connection ends.
pub(crate) fn closing(mut response: Response<Wire>) -> Response<Wire> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
