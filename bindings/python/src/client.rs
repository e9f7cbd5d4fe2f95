//! The client, as Python's half (`_client.py`) uses it: dicts in, dicts out, and nothing decided.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use redpack::journal::Evidence;
use redpack::{Secret, Settlement};

use crate::boundary::{caught, detached};
use crate::error::Fault;
use crate::journal::Journal;
use crate::request::{Fields, Numbers, call, request};
use crate::settings::{Given, Settings, seconds};
use crate::to_python::to_python;

type Told<'py> = Result<Bound<'py, PyAny>, Fault>;

/// Sends red packets for one merchant. Shared by all threads; safe after `fork`.
#[pyclass(frozen, module = "redpack._redpack")]
pub(crate) struct Client {
    client: redpack::Client,
}

impl Client {
    fn settled<'py>(
        &self,
        py: Python<'py>,
        mch_billno: &str,
        settle: impl FnOnce(&redpack::Client) -> Result<Settlement, redpack::Error> + Send,
    ) -> Told<'py> {
        let settlement = detached(py, mch_billno, || Ok(settle(&self.client)?))?;
        Ok(to_python(py, &settlement)?)
    }
}

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, settings: Settings) -> Result<Self, Fault> {
        Ok(Self { client: detached(py, "", || settings.build())? })
    }

    fn send<'py>(&self, py: Python<'py>, endpoint: &str, fields: &Bound<'py, PyDict>) -> Told<'py> {
        let request = request(endpoint, fields, Numbers::Ints)?;
        let mch_billno = request.get("mch_billno").unwrap_or_default();
        let sent = detached(py, mch_billno, || Ok(self.client.send_request(&request)?))?;
        Ok(to_python(py, &sent)?)
    }

    fn query<'py>(&self, py: Python<'py>, endpoint: &str, fields: &Bound<'py, PyDict>) -> Told<'py> {
        let request = request(endpoint, fields, Numbers::Ints)?;
        let mch_billno = request.get("mch_billno").unwrap_or_default();
        let told = detached(py, mch_billno, || Ok(self.client.query_request(&request)?))?;
        Ok(to_python(py, &told)?)
    }

    fn call<'py>(
        &self,
        py: Python<'py>,
        path: &str,
        fields: Fields<'py>,
        sign_type: &str,
        merchant_field: &str,
        signed_answer: bool,
    ) -> Told<'py> {
        let call = call(path, fields, sign_type, merchant_field, signed_answer)?;
        let mch_billno = call.mch_billno().unwrap_or_default().to_owned();
        let answer = detached(py, &mch_billno, || Ok(self.client.call(&call)?))?;
        Ok(to_python(py, &answer)?)
    }

    fn settle<'py>(
        &self,
        py: Python<'py>,
        endpoint: &str,
        fields: &Bound<'py, PyDict>,
        limit: f64,
    ) -> Told<'py> {
        let request = request(endpoint, fields, Numbers::Ints)?;
        let limit = seconds("limit", limit)?;
        let mch_billno = request.get("mch_billno").unwrap_or_default().to_owned();
        self.settled(py, &mch_billno, |client| client.settle(request, limit))
    }

    fn amend<'py>(&self, py: Python<'py>, endpoint: &str, fields: &Bound<'py, PyDict>) -> Told<'py> {
        let request = request(endpoint, fields, Numbers::Ints)?;
        let mch_billno = request.get("mch_billno").unwrap_or_default().to_owned();
        self.settled(py, &mch_billno, |client| client.amend(request))
    }

    fn settle_number<'py>(&self, py: Python<'py>, mch_billno: &str, limit: f64) -> Told<'py> {
        let limit = seconds("limit", limit)?;
        self.settled(py, mch_billno, |client| client.settle_number(mch_billno, limit))
    }

    fn close<'py>(&self, py: Python<'py>, mch_billno: &str) -> Told<'py> {
        self.settled(py, mch_billno, |client| client.close(mch_billno))
    }

    fn resolve<'py>(
        &self,
        py: Python<'py>,
        mch_billno: &str,
        evidence: &str,
        who: &str,
        why: &str,
        send_listid: Option<String>,
    ) -> Told<'py> {
        let evidence = [Evidence::Paid { send_listid }, Evidence::Refunded, Evidence::NotPaid]
            .into_iter()
            .find(|known| known.as_str() == evidence)
            .ok_or_else(|| Fault::argument("evidence", "is none of paid, refunded, not_paid"))?;
        self.settled(py, mch_billno, |client| client.resolve(mch_billno, &evidence, who, why))
    }

    fn recover<'py>(&self, py: Python<'py>, limit: f64) -> Told<'py> {
        let limit = seconds("limit", limit)?;
        let recovered = detached(py, "", || Ok(self.client.recover(limit)?))?;
        Ok(to_python(py, &recovered)?)
    }

    fn reconcile<'py>(&self, py: Python<'py>, limit: f64) -> Told<'py> {
        let limit = seconds("limit", limit)?;
        let reconciled = detached(py, "", || Ok(self.client.reconcile(limit)?))?;
        Ok(to_python(py, &reconciled)?)
    }

    fn check<'py>(&self, py: Python<'py>) -> Told<'py> {
        let check = caught("", || Ok(self.client.check()))?;
        Ok(to_python(py, &check)?)
    }

    fn replace_credentials(&self, py: Python<'_>, credentials: Given) -> Result<(), Fault> {
        let credentials = credentials.credentials()?;
        let given = credentials.ok_or_else(|| Fault::setting("certificate", "or pkcs12 must be given"))?;
        detached(py, "", || Ok(self.client.replace_credentials(&given)?))
    }

    fn replace_api_key(&self, py: Python<'_>, api_key: String) -> Result<(), Fault> {
        detached(py, "", || Ok(self.client.replace_api_key(Secret::new(api_key))?))
    }

    #[getter]
    fn journal(&self) -> Option<Journal> {
        self.client.journal().map(|journal| Journal { journal: Arc::clone(journal) })
    }

    #[getter]
    fn mch_id(&self) -> String {
        self.client.mch_id()
    }

    #[getter]
    fn base_url(&self) -> &str {
        self.client.base_url()
    }
}
