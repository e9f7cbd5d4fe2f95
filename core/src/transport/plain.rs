//! The usual request on a connection that stands, and its usual answer, without the machinery of a whole HTTP client.
//!
//! Usual is: HTTP/1.1, status 200, one `Content-Length`, nothing that changes the framing, all of it in one buffer.
//! Every other answer is read by ureq, from the same bytes: there are not two opinions of what an answer says.

use std::ops::Range;

use httparse::{Header, Response, Status};

use super::deadline::Deadline;
use super::lent::Asked;
use super::tls::{INPUT_BUFFER, TlsConnection};
use ureq::unversioned::transport::Buffers;

/// More headers than the service sends; an answer with more is not the usual one.
const MOST_HEADERS: usize = 32;

/// The head of a request, as ureq writes it.
pub(super) fn head(authority: &str, prefix: &str, path: &str, length: usize) -> String {
    let length = length.to_string();
    [
        "POST ",
        prefix,
        path,
        " HTTP/1.1\r\ncontent-length: ",
        &length,
        "\r\nuser-agent: ",
        USER_AGENT,
        "\r\naccept: ",
        ACCEPT,
        "\r\nhost: ",
        authority,
        "\r\ncontent-type: ",
        CONTENT_TYPE,
        "\r\n\r\n",
    ]
    .concat()
}

pub(super) const CONTENT_TYPE: &str = "text/xml; charset=utf-8";
pub(super) const USER_AGENT: &str = concat!("redpack/", env!("CARGO_PKG_VERSION"));
pub(super) const ACCEPT: &str = "text/xml";

/// What an exchange on a connection that stood came to.
pub(super) enum Exchanged {
    /// The body of a usual answer, and the connection.
    Usual(Vec<u8>, Box<TlsConnection>),
    /// The request may have left; ureq must read what came.
    Unusual(Asked),
    /// The request was not permitted, or broke off while it left; the trace says which.
    Failed(ureq::Error),
}

/// Sends a request and reads a usual answer.
pub(super) fn exchange(
    mut connection: Box<TlsConnection>,
    head: &str,
    body: &str,
    deadline: Deadline,
) -> Exchanged {
    let sent = connection
        .claim()
        .and_then(|()| connection.keep(head.as_bytes(), deadline))
        .and_then(|()| connection.keep(body.as_bytes(), deadline));
    if let Err(error) = sent {
        return Exchanged::Failed(error);
    }
    loop {
        match connection.read_answer(deadline) {
            Ok(1..) => {}
            Ok(0) => return Exchanged::Unusual(Asked { connection, broken: None }),
            Err(broken) => return Exchanged::Unusual(Asked { connection, broken: Some(broken) }),
        }
        match look(connection.buffers.input()) {
            Look::Partial => {}
            Look::Unusual => return Exchanged::Unusual(Asked { connection, broken: None }),
            Look::Whole(range) => {
                let end = range.end;
                let body = connection.buffers.input()[range].to_vec();
                connection.buffers.input_consume(end);
                return Exchanged::Usual(body, connection);
            }
        }
    }
}

/// What the bytes so far are.
#[derive(Debug, PartialEq, Eq)]
enum Look {
    /// The start of a usual answer, perhaps.
    Partial,
    /// A usual answer; its body is there.
    Whole(Range<usize>),
    /// Something else.
    Unusual,
}

fn look(input: &[u8]) -> Look {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = Response::new(&mut headers);
    let start = match response.parse(input) {
        Ok(Status::Complete(start)) => start,
        // A buffer that is full takes no more: ureq has the words for it.
        Ok(Status::Partial) if input.len() < INPUT_BUFFER => return Look::Partial,
        Ok(Status::Partial) | Err(_) => return Look::Unusual,
    };
    if response.version != Some(1) || response.code != Some(200) {
        return Look::Unusual;
    }
    let Some(length) = usual_length(response.headers) else { return Look::Unusual };
    match start.checked_add(length) {
        Some(end) if end <= input.len() => Look::Whole(start..end),
        Some(end) if end <= INPUT_BUFFER => Look::Partial,
        _ => Look::Unusual,
    }
}

/// The length of the body, where nothing but one `Content-Length` says how long it is and the connection stays.
fn usual_length(headers: &[Header<'_>]) -> Option<usize> {
    let mut length = None;
    for header in headers {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        if is("content-length") {
            let digits = std::str::from_utf8(header.value).ok()?;
            let legal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let value = digits.parse().ok().filter(|_| legal)?;
            if length.replace(value).is_some() {
                return None;
            }
        }
        let keeps = is("connection") && header.value.eq_ignore_ascii_case(b"keep-alive");
        if is("transfer-encoding") || is("content-encoding") || (is("connection") && !keeps) {
            return None;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(lines: &str, body: &str) -> Look {
        look(format!("HTTP/1.1 200 OK\r\n{lines}\r\n{body}").as_bytes())
    }

    #[test]
    fn a_usual_answer_is_taken_when_it_is_whole() {
        let answer =
            b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n<xml>";
        for end in 0..answer.len() {
            assert_eq!(look(&answer[..end]), Look::Partial, "{end}");
        }
        assert_eq!(look(answer), Look::Whole(answer.len() - 5..answer.len()));
        // What comes behind it is not of it.
        assert_eq!(look(&[answer.as_slice(), b"x"].concat()), Look::Whole(answer.len() - 5..answer.len()));
        assert_eq!(seen("CONTENT-LENGTH: 0\r\n", ""), Look::Whole(38..38));
    }

    #[test]
    fn everything_else_is_left_to_ureq() {
        for lines in [
            "",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: 1, 1\r\n",
            "Content-Length: \r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 16384\r\n",
            "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 1\r\nContent-Encoding: identity\r\n",
            "Content-Length: 1\r\nConnection: close\r\n",
            "Content-Length: 1\r\nConnection: upgrade\r\n",
            "Content-Length : 1\r\n",
        ] {
            assert_eq!(seen(lines, "x"), Look::Unusual, "{lines}");
        }
        for line in
            ["HTTP/1.1 201 Created", "HTTP/1.0 200 OK", "HTTP/1.1 100 Continue", "HTTP/2 200", "<xml>"]
        {
            let answer = format!("{line}\r\nContent-Length: 1\r\n\r\nx");
            assert_eq!(look(answer.as_bytes()), Look::Unusual, "{line}");
        }
        assert_eq!(
            look(&[b"HTTP/1.1 200 OK\r\nX: ".as_slice(), &[b'y'; INPUT_BUFFER]].concat()),
            Look::Unusual
        );
    }
}
