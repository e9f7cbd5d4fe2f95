//! The faults by name: what happens to the order, and what the client gets to see.

use serde::{Deserialize, Serialize};

/// What the client gets instead of a plain answer. The wire's part of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// The connection is closed without an answer.
    Drop,
    /// The same, by a TCP reset.
    Reset,
    /// Nothing comes, until the client gives up or the time is over; then as `Drop`.
    Hang,
    /// The answer comes, but late.
    Delay,
    /// HTTP with that status and a web server's page.
    Http(u16),
    /// HTTP 307 to the same address.
    Redirect,
    /// Half of the announced answer, then the connection is closed.
    Truncated,
    /// Half of the announced answer, then a TCP reset.
    ResetInAnswer,
    /// A whole HTTP answer with half of the XML.
    CutXml,
    /// XML that doesn't end: 64 MiB of it.
    Oversized,
    /// HTTP 200 with a page instead of XML.
    NotXml,
    /// HTTP 200 with nothing in it.
    Empty,
    /// XML with a DOCTYPE whose entities would grow beyond any memory.
    EntityBomb,
    /// The answer, a byte at a time.
    Drip,
    /// The answer, but about another order.
    WrongEcho,
    /// The answer in a form that is unusual and right: a mark and blanks before it, no CDATA, another
    /// order of fields, and a field that nobody knows.
    OddForm,
}

/// What becomes of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: the request is lost.
    Before,
    /// All that would become of it without the fault: it lands, and is paid for if it can be.
    After,
    /// Nothing yet. It lands later, by the gateway's clock.
    Late,
    /// It lands or not as the code and the policy say. It is not paid for.
    ByCode,
    /// It lands, and is paid for (or fails) later, by the gateway's clock.
    Processing { paid: bool },
}

/// A fault: what becomes of the order, and what the client sees of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub effect: Effect,
    /// The answer is a failure with this code.
    pub code: Option<String>,
    /// `None`: the answer arrives as it should.
    pub manner: Option<Manner>,
}

/// Where a fault can strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum On {
    Send,
    Query,
    /// A connection, before TLS: no order is known yet.
    Connection,
}

impl On {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Query => "query",
            Self::Connection => "connection",
        }
    }
}

/// The manners by name. All strike sends and queries; the first three connections too.
const MANNERS: [(&str, Manner); 15] = [
    ("drop", Manner::Drop),
    ("reset", Manner::Reset),
    ("hang", Manner::Hang),
    ("delay", Manner::Delay),
    ("redirect", Manner::Redirect),
    ("truncated", Manner::Truncated),
    ("reset-in-answer", Manner::ResetInAnswer),
    ("cut-xml", Manner::CutXml),
    ("oversized", Manner::Oversized),
    ("not-xml", Manner::NotXml),
    ("empty", Manner::Empty),
    ("entity-bomb", Manner::EntityBomb),
    ("drip", Manner::Drip),
    ("wrong-echo", Manner::WrongEcho),
    ("odd-form", Manner::OddForm),
];

/// What strikes connections besides the first three manners.
pub(crate) const GARBAGE: &str = "garbage";
/// The handshake ends with an alert about the client's certificate.
pub(crate) const REFUSE_CERTIFICATE: &str = "refuse-certificate";

/// The faults that `any` stands for: every way in which an answer is lost or spoilt, and every code that
/// asks for care, none of which takes long.
pub(crate) const ANY_ON_SEND: [&str; 27] = [
    "drop-before",
    "drop-after",
    "reset-before",
    "reset-after",
    "late-landing",
    "http-502-before",
    "http-502-after",
    "redirect-after",
    "truncated-after",
    "reset-in-answer-after",
    "cut-xml-after",
    "not-xml-after",
    "empty-after",
    "entity-bomb-after",
    "wrong-echo-after",
    "odd-form",
    "delay",
    "SYSTEMERROR-before",
    "SYSTEMERROR-after",
    "268458547-after",
    "PROCESSING",
    "PROCESSING-failed",
    "FREQ_LIMIT",
    "NOTENOUGH",
    "RCVDAMOUNT_LIMIT",
    "NO_AUTH",
    "NEVER_SEEN_CODE-after",
];
pub(crate) const ANY_ON_QUERY: [&str; 10] = [
    "drop",
    "reset",
    "http-502",
    "truncated",
    "not-xml",
    "empty",
    "odd-form",
    "SYSTEMERROR",
    "NOT_FOUND",
    "FREQ_LIMIT",
];

impl Fault {
    /// Reads a name, such as `drop-after`, `http-502-before` or `NOTENOUGH`. The error says what is wrong.
    pub fn named(name: &str, on: On) -> Result<Self, String> {
        let spoilt = |effect, manner| Self { effect, code: None, manner };
        match (on, name) {
            (On::Connection, GARBAGE | REFUSE_CERTIFICATE) => return Ok(spoilt(Effect::Before, None)),
            (On::Connection, "drop" | "reset" | "hang") => return Ok(spoilt(Effect::Before, manner(name))),
            (On::Send, "late-landing") => return Ok(spoilt(Effect::Late, Some(Manner::Drop))),
            (On::Send, "PROCESSING" | "PROCESSING-failed") => {
                let effect = Effect::Processing { paid: name == "PROCESSING" };
                return Ok(Self { effect, code: Some("PROCESSING".into()), manner: None });
            }
            _ => {}
        }
        let (bare, effect) = match (name.strip_suffix("-before"), name.strip_suffix("-after")) {
            (Some(bare), _) => (bare, Some(Effect::Before)),
            (_, Some(bare)) => (bare, Some(Effect::After)),
            _ => (name, None),
        };
        if on == On::Query && effect.is_some() {
            return Err(format!("{name}: a query changes nothing, so it has no before and no after"));
        }
        if on != On::Connection && is_code(bare) {
            let effect = effect.unwrap_or(Effect::ByCode);
            return Ok(Self { effect, code: Some(bare.to_owned()), manner: None });
        }
        match manner(bare) {
            Some(manner) if on != On::Connection => Ok(spoilt(effect.unwrap_or(Effect::After), Some(manner))),
            _ => Err(format!("no fault on a {} is called {name:?}: GET /faults names them all", on.as_str())),
        }
    }

    /// Every name that strikes there, the open-ended ones (`http-NNN`, codes) by an example.
    pub fn names(on: On) -> Vec<&'static str> {
        let manners = MANNERS.iter().map(|(name, _)| *name);
        match on {
            On::Connection => vec!["drop", "reset", "hang", GARBAGE, REFUSE_CERTIFICATE],
            On::Query => manners.chain(["http-502", "NOT_FOUND"]).collect(),
            On::Send => {
                let special = ["http-502", "late-landing", "PROCESSING", "PROCESSING-failed", "SYSTEMERROR"];
                manners.chain(special).collect()
            }
        }
    }
}

fn manner(name: &str) -> Option<Manner> {
    if let Some(status) = name.strip_prefix("http-") {
        // 1xx and 304 have no body, and 101 would leave HTTP altogether.
        let status = status.parse().ok().filter(|status| (200..600).contains(status) && *status != 304);
        return status.map(Manner::Http);
    }
    MANNERS.iter().find(|(known, _)| *known == name).map(|(_, manner)| *manner)
}

/// A code of the service's, known or not: capital letters, digits and underscores.
fn is_code(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read() {
        for on in [On::Send, On::Query, On::Connection] {
            for name in Fault::names(on) {
                Fault::named(name, on).expect(name);
            }
        }
        for (on, names) in [(On::Send, &ANY_ON_SEND[..]), (On::Query, &ANY_ON_QUERY)] {
            for name in names {
                Fault::named(name, on).expect(name);
            }
        }
    }

    #[test]
    fn a_name_says_what_becomes_of_the_order_and_what_is_seen() {
        for (name, effect, code, manner) in [
            ("drop", Effect::After, None, Some(Manner::Drop)),
            ("drop-before", Effect::Before, None, Some(Manner::Drop)),
            ("http-502-before", Effect::Before, None, Some(Manner::Http(502))),
            ("http-400", Effect::After, None, Some(Manner::Http(400))),
            ("NOTENOUGH", Effect::ByCode, Some("NOTENOUGH"), None),
            ("SYSTEMERROR-after", Effect::After, Some("SYSTEMERROR"), None),
            ("268458547", Effect::ByCode, Some("268458547"), None),
            ("PROCESSING-failed", Effect::Processing { paid: false }, Some("PROCESSING"), None),
            ("late-landing", Effect::Late, None, Some(Manner::Drop)),
        ] {
            let expected = Fault { effect, code: code.map(str::to_owned), manner };
            assert_eq!(Fault::named(name, On::Send), Ok(expected), "{name}");
        }
    }

    #[test]
    fn what_strikes_elsewhere_or_nowhere_is_refused() {
        for (name, on) in [
            ("drop-after", On::Query),
            ("late-landing", On::Query),
            ("late-landing-before", On::Send),
            ("drip", On::Connection),
            ("NOTENOUGH", On::Connection),
            ("garbage", On::Send),
            ("http-99", On::Send),
            ("http-304", On::Send),
            ("http-", On::Send),
            ("dropp", On::Send),
            ("Notenough", On::Send),
            ("", On::Send),
            ("-after", On::Send),
        ] {
            assert!(Fault::named(name, on).is_err(), "{name}");
        }
    }
}
