//! Answers: read, judged by the tables, and typed; every wire field kept.

mod fields;
mod order;
mod query;
mod send;
mod sent;
pub mod table;

pub use fields::Answer;
pub use order::{OrderRecord, OrderStatus, Receiver};
pub use query::{QueryResult, read_query};
pub use send::{read_call, read_send};
pub use sent::SendResult;

use crate::error::{Error, ErrorKind, LONGEST_TEXT, Operation, Received};
use crate::request::WireRequest;
use crate::secret::{Secret, mask_openid, told_by_service};
use crate::sign;
use crate::xml;

/// The first steps that every answer takes: HTTP status, XML, no contradiction, signature.
fn open(request: &WireRequest, received: &Received, key: &Secret) -> Result<Answer, Error> {
    let failed = |kind: ErrorKind, message: String| {
        Error::new(kind, request.purpose.operation(), message)
            .with_received(received.clone())
            .for_order(request.expected.mch_billno.as_deref())
            .with_attempts(1)
    };
    match received.http_status {
        200 => {}
        status @ 300..400 => {
            return Err(failed(ErrorKind::Redirect, format!("HTTP {status}: redirects are never followed")));
        }
        400 if is_html(&received.body) => {
            let message =
                "HTTP 400 with an HTML page: the server refused the client certificate (old or expired?)";
            return Err(failed(ErrorKind::ClientCertificateDoubted, message.into()));
        }
        status => return Err(failed(ErrorKind::HttpStatus, format!("HTTP status {status} instead of 200"))),
    }
    let root = xml::read(&received.body).map_err(|error| failed(ErrorKind::Malformed, error.to_string()))?;
    let answer = Answer::new(root);
    if let Some(name) = answer.contradiction() {
        let message = format!("the answer has several values of {name}");
        return Err(failed(ErrorKind::Malformed, message).with_answer(answer));
    }
    if let Some(signature) = answer.text("sign")
        && !is_signed(&answer, key, signature)
    {
        let message = "the answer's signature is wrong";
        return Err(failed(ErrorKind::BadSignature, message.into()).with_answer(answer));
    }
    Ok(answer)
}

/// Whether the signature fits the values as they came, or as they are without the blanks round them: the
/// service may lay its XML out over several lines.
fn is_signed(answer: &Answer, key: &Secret, signature: &str) -> bool {
    let leaves = || answer.root().children.iter().filter(|child| child.children.is_empty());
    sign::verify(leaves().map(|leaf| (&*leaf.name, &*leaf.text)), key, signature)
        || sign::verify(leaves().map(|leaf| (&*leaf.name, leaf.text.trim())), key, signature)
}

/// A page of the web server in front of the service, however it begins.
fn is_html(body: &[u8]) -> bool {
    let start = body[..body.len().min(1024)].to_ascii_lowercase();
    [b"<html".as_slice(), b"<!doctype html"].iter().any(|tag| start.windows(tag.len()).any(|at| at == *tag))
}

/// What `return_code` and `result_code` say together.
enum ResultCodes {
    /// Both SUCCESS.
    Success,
    /// SUCCESS, then FAIL: the service speaks about the order.
    Refused,
    /// `return_code` FAIL: it speaks about the communication only.
    NoCommunication,
    /// Anything else.
    NotUnderstood(&'static str),
}

fn result_of(answer: &Answer) -> ResultCodes {
    match (answer.text("return_code"), answer.text("result_code")) {
        (Some("SUCCESS"), Some("SUCCESS")) => ResultCodes::Success,
        (Some("SUCCESS"), Some("FAIL")) => ResultCodes::Refused,
        (Some("FAIL"), _) => ResultCodes::NoCommunication,
        (None, _) => ResultCodes::NotUnderstood("the answer has no return_code"),
        (Some("SUCCESS"), None) => ResultCodes::NotUnderstood("the answer has no result_code"),
        (Some("SUCCESS"), Some(_)) => {
            ResultCodes::NotUnderstood("the answer's result_code is neither SUCCESS nor FAIL")
        }
        (Some(_), _) => ResultCodes::NotUnderstood("the answer's return_code is neither SUCCESS nor FAIL"),
    }
}

/// An error that carries what came back.
fn error_with(
    kind: ErrorKind,
    request: &WireRequest,
    received: &Received,
    answer: &Answer,
    message: impl Into<String>,
) -> Error {
    // The whole text is masked before an error keeps the start of it: what is cut off must not hide an openid.
    let mut message: String = message.into();
    if let Some(openid) = request.expected.re_openid.as_deref().filter(|openid| !openid.is_empty()) {
        message = message.replace(openid, &mask_openid(openid));
    }
    Error::new(kind, request.purpose.operation(), told_by_service(&message, 2 * LONGEST_TEXT))
        .with_answer(answer.clone())
        .with_received(received.clone())
        .for_order(request.expected.mch_billno.as_deref())
        .with_attempts(1)
        .masking(request.expected.re_openid.as_deref())
}

/// "CODE: text of the service", for people.
fn service_text(answer: &Answer) -> String {
    let code = answer.text("err_code").unwrap_or("no err_code");
    let text = answer.text("err_code_des").or_else(|| answer.text("return_msg"));
    match (answer.text("return_code"), text) {
        (Some("FAIL"), Some(text)) => format!("return_code FAIL, {code}: {text}"),
        (Some("FAIL"), None) => format!("return_code FAIL, {code}"),
        (_, Some(text)) => format!("{code}: {text}"),
        (_, None) => code.to_owned(),
    }
}

impl Operation {
    /// Whether the call may have moved money.
    pub fn moves_money(self) -> bool {
        self == Self::Send
    }
}
