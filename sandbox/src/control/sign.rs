//! `POST /sign`: fields in, a signed request out, for trying things with curl and nothing else.

use hyper::{Response, StatusCode};
use redpack::sign::{sign, workwx_sign};
use redpack::{SignType, xml};
use serde_json::{Map, Value};

use super::{read, refused, shown};
use crate::page::typed;
use crate::server::Shared;
use crate::wire::Wire;

/// Signs what is there and adds nothing but `mch_id`, `nonce_str`, `workwx_sign` where a `sender_name` or
/// `agentid` asks for it, and `sign`.
pub(super) fn answer(shared: &Shared, body: &[u8]) -> Response<Wire> {
    let fields: Map<String, Value> = match read(body) {
        Ok(fields) => fields,
        Err(problem) => return shown(Err(problem)),
    };
    let merchant = &shared.service.merchant;
    let mut texts: Vec<(String, String)> = Vec::new();
    for (name, value) in fields {
        if name == "sign" || name == "workwx_sign" {
            return shown(Err(refused(format!("{name} is what is made here"))));
        }
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => return shown(Err(refused(format!("{name} must be a text or a number")))),
        };
        texts.push((name, text));
    }
    for (name, value) in
        [("mch_id", merchant.mch_id.as_str()), ("nonce_str", "sandbox0nonce0sandbox0nonce0sand")]
    {
        if texts.iter().all(|(known, _)| known != name) {
            texts.push((name.to_owned(), value.to_owned()));
        }
    }
    if texts.iter().any(|(name, _)| name == "sender_name" || name == "agentid") {
        let signature = workwx_sign(pairs(&texts), &merchant.workwx_secret);
        texts.push(("workwx_sign".into(), signature));
    }
    let signature = sign(pairs(&texts), &merchant.api_key, SignType::Md5);
    texts.push(("sign".into(), signature));
    match xml::write(pairs(&texts)) {
        Some(body) => typed(StatusCode::OK, "text/xml; charset=utf-8", body),
        None => shown(Err(refused("a name or a value can't stand in XML 1.0"))),
    }
}

fn pairs(texts: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    texts.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}
