//! The protocol layer's pure functions. They take microseconds, so the interpreter is not let go.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};
use redpack::answer::table::{CODES, code_verdict};
use redpack::journal::State;
use redpack::xml::Element;
use redpack::{ErrorKind, Fen, Problem, RiskInfo, Secret, Verdict, xml};

use crate::boundary::caught;
use crate::error::Fault;
use crate::request::{Fields, pairs, sign_type};
use crate::to_python::to_python;

fn borrowed(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (&**name, &**value))
}

#[pyfunction]
pub(crate) fn sign(fields: Fields<'_>, key: String, sign_type: &str) -> Result<String, Fault> {
    let (fields, sign_type) = (pairs(fields)?, self::sign_type(sign_type)?);
    caught("", || Ok(redpack::sign::sign(borrowed(&fields), &Secret::new(key), sign_type)))
}

#[pyfunction]
pub(crate) fn verify(fields: Fields<'_>, key: String, signature: &str) -> Result<bool, Fault> {
    let fields = pairs(fields)?;
    caught("", || Ok(redpack::sign::verify(borrowed(&fields), &Secret::new(key), signature)))
}

#[pyfunction]
pub(crate) fn canonical(fields: Fields<'_>) -> Result<String, Fault> {
    let fields = pairs(fields)?;
    caught("", || Ok(redpack::sign::canonical(borrowed(&fields))))
}

#[pyfunction]
pub(crate) fn workwx_sign(fields: Fields<'_>, secret: String) -> Result<String, Fault> {
    let fields = pairs(fields)?;
    caught("", || Ok(redpack::sign::workwx_sign(borrowed(&fields), &Secret::new(secret))))
}

#[pyfunction]
pub(crate) fn pay_sign(
    app_id: &str,
    time_stamp: &str,
    nonce_str: &str,
    package: &str,
    key: String,
) -> Result<String, Fault> {
    let key = Secret::new(key);
    caught("", || Ok(redpack::sign::pay_sign(app_id, time_stamp, nonce_str, package, &key)))
}

#[pyfunction]
pub(crate) fn xml_write(fields: Fields<'_>) -> Result<String, Fault> {
    let fields = pairs(fields)?;
    let illegal = || Fault::argument("fields", "have a name or a character that XML 1.0 can't carry");
    caught("", || xml::write(borrowed(&fields)).ok_or_else(illegal))
}

/// A tree of `(name, text, children)`.
#[pyfunction]
pub(crate) fn xml_read<'py>(body: &Bound<'py, PyBytes>) -> Result<Bound<'py, PyAny>, Fault> {
    let bytes = body.as_bytes();
    let root = caught("", || {
        xml::read(bytes).map_err(|error| {
            let rule = format!("can't be read: {error}");
            Fault::from(Problem { field: "xml".into(), rule: rule.into(), length: bytes.len() })
        })
    })?;
    Ok(tree(body.py(), &root)?)
}

/// The reader bounds the depth.
fn tree<'py>(py: Python<'py>, element: &Element) -> PyResult<Bound<'py, PyAny>> {
    let children = PyList::empty(py);
    for child in &element.children {
        children.append(tree(py, child)?)?;
    }
    Ok((&element.name, &element.text, PyTuple::new(py, children)?).into_pyobject(py)?.into_any())
}

#[pyfunction]
pub(crate) fn new_mch_billno(mch_id: &str) -> Result<String, Fault> {
    caught("", || Ok(redpack::new_mch_billno(mch_id)?))
}

#[pyfunction]
pub(crate) fn fen_from_yuan(yuan: &str) -> Result<u64, Fault> {
    let amount = caught("", || Ok(Fen::from_yuan(yuan)))?;
    amount.map(|fen| fen.0).map_err(|error| {
        Problem { field: "yuan".into(), rule: error.to_string().into(), length: yuan.len() }.into()
    })
}

#[pyfunction]
pub(crate) fn fen_to_yuan(fen: u64) -> String {
    Fen(fen).to_yuan()
}

#[pyfunction]
pub(crate) fn risk_info(
    posttime: &str,
    mobile: &str,
    deviceid: &str,
    clientversion: &str,
) -> Result<String, Fault> {
    let info = RiskInfo::default();
    let info = info.posttime(posttime).mobile(mobile).deviceid(deviceid).clientversion(clientversion);
    caught("", || Ok(info.encode()))
}

#[pyfunction]
pub(crate) fn mask_openid(openid: &str) -> Result<String, Fault> {
    caught("", || Ok(redpack::mask_openid(openid)))
}

/// What each kind of error means that is no answer of the service: `(kind, verdict)`.
#[pyfunction]
pub(crate) fn kinds(py: Python<'_>) -> PyResult<Vec<(&'static str, Bound<'_, PyAny>)>> {
    ErrorKind::ALL.iter().map(|kind| told(py, kind.as_str(), kind.verdict())).collect()
}

/// What each code of the service means: `(err_code, verdict)`.
#[pyfunction]
pub(crate) fn codes(py: Python<'_>) -> PyResult<Vec<(&'static str, Bound<'_, PyAny>)>> {
    CODES.iter().map(|row| told(py, row.code, code_verdict(Some(row.code)))).collect()
}

fn told<'py>(
    py: Python<'py>,
    word: &'static str,
    verdict: Verdict,
) -> PyResult<(&'static str, Bound<'py, PyAny>)> {
    Ok((word, to_python(py, &verdict)?))
}

/// What each state of the journal means: `(state, outcome, settled)`.
#[pyfunction]
pub(crate) fn states() -> Vec<(&'static str, &'static str, bool)> {
    State::ALL.iter().map(|state| (state.as_str(), state.outcome().as_str(), state.is_settled())).collect()
}
