//! The protocol alone: encode a request, post it by other means, and have the answer judged.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use redpack::answer::{read_call, read_query, read_send};
use redpack::table::Purpose;
use redpack::{Received, Secret, Timestamp, WireRequest};

use crate::boundary::caught;
use crate::error::Fault;
use crate::request::{Fields, Numbers, call, request};
use crate::to_python::to_python;

/// Who signs: the merchant's number, appid and keys. Its keys can't be read back.
#[pyclass(frozen, module = "redpack._redpack")]
pub(crate) struct Merchant {
    merchant: redpack::Merchant,
}

#[pymethods]
impl Merchant {
    #[new]
    #[pyo3(signature = (mch_id, appid, api_key, workwx_secret=None))]
    fn new(mch_id: String, appid: String, api_key: String, workwx_secret: Option<String>) -> Self {
        let (api_key, workwx_secret) = (Secret::new(api_key), workwx_secret.map(Secret::new));
        Self { merchant: redpack::Merchant { mch_id, appid, api_key, workwx_secret } }
    }

    fn __repr__(&self) -> String {
        format!("Merchant(mch_id={:?}, appid={:?})", self.merchant.mch_id, self.merchant.appid)
    }
}

/// Which judge an answer gets.
#[derive(Clone, Copy)]
enum Judge {
    Send,
    Query,
    Call,
}

/// A request ready to be posted, which knows how its answer is to be judged.
#[pyclass(frozen, name = "WireRequest", module = "redpack._redpack")]
pub(crate) struct Wire {
    request: WireRequest,
    judge: Judge,
    api_key: Secret,
}

#[pymethods]
impl Wire {
    /// The path below the host.
    #[getter]
    fn path(&self) -> &str {
        &self.request.path
    }

    /// The XML document.
    #[getter]
    fn body(&self) -> &str {
        &self.request.body
    }

    /// The nonce in it.
    #[getter]
    fn nonce_str(&self) -> &str {
        &self.request.nonce_str
    }

    /// The order number, where there is one.
    #[getter]
    fn mch_billno(&self) -> Option<&str> {
        self.request.expected.mch_billno.as_deref()
    }

    fn __repr__(&self) -> String {
        let order = self.mch_billno().unwrap_or("-");
        format!("WireRequest(path={:?}, mch_billno={order:?})", self.request.path)
    }
}

#[pyfunction]
pub(crate) fn encode(endpoint: &str, fields: &Bound<'_, PyDict>, merchant: &Merchant) -> Result<Wire, Fault> {
    let request = request(endpoint, fields, Numbers::Wire)?;
    let merchant = &merchant.merchant;
    let wire = caught("", || Ok(request.encode(merchant)?))?;
    let judge = match wire.purpose {
        Purpose::Send => Judge::Send,
        Purpose::Query => Judge::Query,
    };
    Ok(Wire { request: wire, judge, api_key: merchant.api_key.clone() })
}

#[pyfunction]
pub(crate) fn encode_call(
    path: &str,
    fields: Fields<'_>,
    merchant: &Merchant,
    sign_type: &str,
    merchant_field: &str,
    signed_answer: bool,
) -> Result<Wire, Fault> {
    let call = call(path, fields, sign_type, merchant_field, signed_answer)?;
    let wire = caught("", || Ok(call.encode(&merchant.merchant)?))?;
    Ok(Wire { request: wire, judge: Judge::Call, api_key: merchant.merchant.api_key.clone() })
}

/// `("send" | "query" | "call", result)`.
#[pyfunction]
pub(crate) fn classify<'py>(
    py: Python<'py>,
    wire: &Wire,
    http_status: u16,
    body: Vec<u8>,
) -> Result<(&'static str, Bound<'py, PyAny>), Fault> {
    let received = Received { http_status, body };
    let (request, key) = (&wire.request, &wire.api_key);
    let order = request.expected.mch_billno.as_deref().unwrap_or_default();
    Ok(match wire.judge {
        Judge::Send => {
            let sent = caught(order, || Ok(read_send(request, &received, key)?))?;
            ("send", to_python(py, &sent)?)
        }
        Judge::Query => {
            let told = caught(order, || Ok(read_query(request, &received, key, Timestamp::now())?))?;
            ("query", to_python(py, &told)?)
        }
        Judge::Call => {
            let answer = caught(order, || Ok(read_call(request, &received, key)?))?;
            ("call", to_python(py, &answer)?)
        }
    })
}
