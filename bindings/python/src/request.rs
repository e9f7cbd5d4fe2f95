//! Requests and fields from Python's keyword arguments and mappings.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyString};
use redpack::table::{ENDPOINTS, Endpoint, Purpose, Rule};
use redpack::{Call, Problem, Request, SignType};

use crate::error::{Fault, problem};

/// Names with values, as Python gives them.
pub(crate) type Fields<'py> = Vec<(String, Bound<'py, PyAny>)>;

/// How a number may be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// As an `int` and in no other way: what a program means as an amount.
    Ints,
    /// Also as a text, as the wire has it.
    Wire,
}

const NOT_AN_INT: &str = "must be an int: of fen, if it is an amount; no bool, float, Decimal or text";
const NOT_A_TEXT: &str = "must be a str";
const NEITHER: &str = "must be a str or an int, and no bool or float";

/// The endpoint of that name.
pub(crate) fn endpoint(name: &str) -> Result<&'static Endpoint, Fault> {
    let known = ENDPOINTS.into_iter().find(|endpoint| endpoint.name == name);
    known.ok_or_else(|| Fault::argument("endpoint", "is none of the typed endpoints: use call"))
}

/// A request of keyword arguments; `intent` is the caller's own name of the payment. What is wrong with the
/// arguments' types is told together; the core tells the rest.
pub(crate) fn request(name: &str, fields: &Bound<'_, PyDict>, numbers: Numbers) -> Result<Request, Fault> {
    let endpoint = endpoint(name)?;
    let mut request = Request::new(endpoint);
    let mut problems = Vec::new();
    for (field, value) in fields {
        let field: String = field.extract()?;
        if value.is_none() {
            continue;
        }
        let rule = endpoint.position(&field).map(|index| endpoint.fields[index].rule);
        let number = matches!(rule, Some(Rule::Fen | Rule::Number | Rule::One));
        let text = match (rule, numbers) {
            (Some(_), Numbers::Ints) if number => int(&field, &value),
            (Some(_), Numbers::Ints) => text(&field, &value),
            _ => either(&field, &value),
        };
        let set = text.and_then(|text| {
            if field == "intent" && endpoint.purpose == Purpose::Send {
                return request.try_set_intent(&text);
            }
            request.set(&field, text)
        });
        problems.extend(set.err());
    }
    if problems.is_empty() {
        Ok(request)
    } else {
        Err(Fault::Arguments(problems, request.get("mch_billno").map(str::to_owned)))
    }
}

fn int(name: &str, value: &Bound<'_, PyAny>) -> Result<String, Problem> {
    if value.is_instance_of::<PyBool>() || !value.is_instance_of::<PyInt>() {
        return Err(problem(name, NOT_AN_INT));
    }
    match (value.extract::<u64>(), value.extract::<i64>()) {
        (Ok(number), _) => Ok(number.to_string()),
        // The core says what is wrong with it.
        (_, Ok(number)) => Ok(number.to_string()),
        _ => Err(problem(name, "is too large, or too far below zero")),
    }
}

fn text(name: &str, value: &Bound<'_, PyAny>) -> Result<String, Problem> {
    let text = value.cast::<PyString>().map_err(|_| problem(name, NOT_A_TEXT))?;
    text.extract().map_err(|_| problem(name, "holds half of a surrogate pair, which is no UTF-8"))
}

fn either(name: &str, value: &Bound<'_, PyAny>) -> Result<String, Problem> {
    if value.is_instance_of::<PyString>() {
        return text(name, value);
    }
    int(name, value).map_err(|_| problem(name, NEITHER))
}

/// Names with values, each a text or an int.
pub(crate) fn pairs(fields: Fields<'_>) -> Result<Vec<(String, String)>, Fault> {
    let mut problems = Vec::new();
    let mut pairs = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        match either(&name, &value) {
            Ok(text) => pairs.push((name, text)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(pairs) } else { Err(Fault::Arguments(problems, None)) }
}

/// How something is signed, by the wire's name.
pub(crate) fn sign_type(word: &str) -> Result<SignType, Fault> {
    [SignType::Md5, SignType::HmacSha256]
        .into_iter()
        .find(|sign_type| sign_type.as_str() == word)
        .ok_or_else(|| Fault::argument("sign_type", "is neither MD5 nor HMAC-SHA256"))
}

/// A call to any endpoint.
pub(crate) fn call(
    path: &str,
    fields: Fields<'_>,
    sign_type: &str,
    merchant_field: &str,
    signed_answer: bool,
) -> Result<Call, Fault> {
    let mut call = Call::new(path)
        .sign_type(self::sign_type(sign_type)?)
        .merchant_field(merchant_field)
        .signed_answer(signed_answer);
    for (name, value) in pairs(fields)? {
        call = call.field(&name, value);
    }
    Ok(call)
}
