//! What becomes of an answer on the wire: as it should be, late, spoilt, cut off or lost.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};
use tokio::time::{Sleep, sleep};

use crate::faults::{Manner, Strike};
use crate::page::{page, typed};

/// How an answer that is cut off ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The connection is closed.
    Close,
    /// TCP is reset.
    Reset,
}

/// Why there is no answer, or no more of it.
#[derive(Debug)]
pub(crate) struct Broken(pub Ending);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is ended on purpose")
    }
}

impl std::error::Error for Broken {}

impl From<Infallible> for Broken {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Time for what has been written to leave before the connection is reset.
const BEFORE_A_RESET: Duration = Duration::from_millis(50);
/// How much an endless answer holds, and how much of it is written at once.
const OVERSIZED: usize = 64 << 20;
const PIECE: usize = 64 << 10;

/// Brings an answer onto the wire, in the manner of the fault that struck.
pub(crate) async fn render(
    xml: String,
    path: &str,
    strike: Option<&Strike>,
) -> Result<Response<Wire>, Broken> {
    let Some((strike, manner)) = strike.and_then(|strike| Some((strike, strike.fault.manner?))) else {
        return Ok(whole(xml));
    };
    let delay = Duration::from_millis(strike.delay_ms);
    if !matches!(manner, Manner::Drip) && !delay.is_zero() {
        sleep(delay).await;
    }
    Ok(match manner {
        Manner::Drop | Manner::Hang => return Err(Broken(Ending::Close)),
        Manner::Reset => return Err(Broken(Ending::Reset)),
        Manner::Delay | Manner::WrongEcho | Manner::OddForm => whole(xml),
        Manner::Http(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            let detail = if status == 400 { "The SSL certificate error" } else { "" };
            let reason = status.canonical_reason().unwrap_or("Error");
            page(&format!("{} {reason}", status.as_u16()), status, detail)
        }
        Manner::Redirect => {
            let mut response = page("307 Temporary Redirect", StatusCode::TEMPORARY_REDIRECT, "");
            if let Ok(path) = HeaderValue::from_str(path) {
                response.headers_mut().insert(LOCATION, path);
            }
            response
        }
        Manner::Truncated => cut(&xml, Ending::Close),
        Manner::ResetInAnswer => cut(&xml, Ending::Reset),
        Manner::CutXml => whole(xml[..middle(&xml)].to_owned()),
        Manner::Oversized => oversized(&xml),
        Manner::NotXml => page("Welcome to nginx!", StatusCode::OK, ""),
        Manner::Empty => whole(String::new()),
        Manner::EntityBomb => whole(entity_bomb(&xml)),
        Manner::Drip => drip(xml, delay),
    })
}

fn whole(xml: String) -> Response<Wire> {
    typed(StatusCode::OK, "text/xml; charset=utf-8", xml)
}

/// An answer of that length, whatever of it comes.
fn announced(length: usize, wire: Wire) -> Response<Wire> {
    let mut response = Response::new(wire);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}

fn cut(xml: &str, ending: Ending) -> Response<Wire> {
    let half = Bytes::copy_from_slice(&xml.as_bytes()[..middle(xml)]);
    announced(xml.len(), Wire::of([Part::Bytes(half), Part::Pause(BEFORE_A_RESET), Part::Break(ending)]))
}

/// A place in the middle between two characters.
fn middle(xml: &str) -> usize {
    (0..=xml.len() / 2).rev().find(|at| xml.is_char_boundary(*at)).unwrap_or_default()
}

fn drip(xml: String, pause: Duration) -> Response<Wire> {
    let length = xml.len();
    let parts = xml
        .into_bytes()
        .into_iter()
        .flat_map(|byte| [Part::Bytes(Bytes::copy_from_slice(&[byte])), Part::Pause(pause)]);
    announced(length, Wire::of(parts))
}

/// The answer with a comment in it that takes 64 MiB.
fn oversized(xml: &str) -> Response<Wire> {
    let (start, end) = xml.split_at(xml.find("<xml>").map_or(0, |at| at + 5));
    let piece = Bytes::from(vec![b'-'; PIECE]);
    let comment = std::iter::repeat_n(Part::Bytes(piece), OVERSIZED / PIECE);
    let (start, end) = (format!("{start}<remark>"), format!("</remark>{end}"));
    let length = start.len() + OVERSIZED + end.len();
    let parts = [Part::Bytes(start.into())].into_iter().chain(comment).chain([Part::Bytes(end.into())]);
    announced(length, Wire::of(parts))
}

/// Ten entities, each ten times the one before: ten gigabytes in place of the first text.
fn entity_bomb(xml: &str) -> String {
    let mut bomb = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE xml [\n<!ENTITY e0 \"redpack\">\n");
    for level in 1..10 {
        let references = format!("&e{};", level - 1).repeat(10);
        bomb.extend(["<!ENTITY e", &level.to_string(), " \"", &references, "\">\n"]);
    }
    bomb.push_str("]>\n");
    bomb + &xml.replacen("</xml>", "<remark>&e9;</remark>\n</xml>", 1)
}

/// A body that is written part by part.
pub(crate) struct Wire {
    parts: VecDeque<Part>,
    pause: Option<Pin<Box<Sleep>>>,
    /// How much is left, where nothing but bytes is.
    left: Option<u64>,
}

#[derive(Clone)]
enum Part {
    Bytes(Bytes),
    Pause(Duration),
    Break(Ending),
}

impl Wire {
    fn of(parts: impl IntoIterator<Item = Part>) -> Self {
        Self { parts: parts.into_iter().collect(), pause: None, left: None }
    }
}

impl<B: Into<Bytes>> From<B> for Wire {
    fn from(bytes: B) -> Self {
        let bytes = bytes.into();
        let left = u64::try_from(bytes.len()).ok();
        let parts = if bytes.is_empty() { VecDeque::new() } else { VecDeque::from([Part::Bytes(bytes)]) };
        Self { parts, pause: None, left }
    }
}

impl Body for Wire {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                if pause.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                self.pause = None;
            }
            match self.parts.pop_front() {
                None => return Poll::Ready(None),
                Some(Part::Bytes(bytes)) => {
                    self.left = self.left.map(|_| 0);
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                // Even no time at all would be a millisecond of the timer's.
                Some(Part::Pause(Duration::ZERO)) => {}
                Some(Part::Pause(time)) => self.pause = Some(Box::pin(sleep(time))),
                Some(Part::Break(ending)) => return Poll::Ready(Some(Err(Broken(ending)))),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_between_two_characters() {
        assert_eq!(&"<xml>猜灯谜</xml>"[..middle("<xml>猜灯谜</xml>")], "<xml>猜");
        assert_eq!(middle(""), 0);
    }

    #[test]
    fn a_bomb_is_small_until_it_goes_off() {
        let bomb = entity_bomb("<xml>\n<a>1</a>\n</xml>");
        assert!(bomb.len() < 1024 && bomb.contains("<!DOCTYPE") && bomb.ends_with("&e9;</remark>\n</xml>"));
    }
}
