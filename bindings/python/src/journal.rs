//! The journal: what it has of orders, and the merchant's queue.

use std::sync::Arc;

use pyo3::prelude::*;
use redpack::journal::{self, List, OrderId, State};

use crate::boundary::detached;
use crate::error::Fault;
use crate::settings::seconds;
use crate::to_python::to_python;

type Told<'py> = Result<Bound<'py, PyAny>, Fault>;

/// A journal of orders. Shared by all threads; a child re-opens it after `fork`.
#[pyclass(frozen, module = "redpack._redpack")]
pub(crate) struct Journal {
    pub(crate) journal: Arc<dyn journal::Journal>,
}

#[pymethods]
impl Journal {
    #[new]
    fn new(py: Python<'_>, url: &str) -> Result<Self, Fault> {
        Ok(Self { journal: detached(py, "", || Ok(journal::open(url)?))? })
    }

    fn order<'py>(&self, py: Python<'py>, mch_id: &str, mch_billno: &str) -> Told<'py> {
        let id = OrderId::new(mch_id, mch_billno);
        let order = detached(py, mch_billno, || Ok(self.journal.order(&id)?))?;
        Ok(to_python(py, &order)?)
    }

    fn order_of_intent<'py>(&self, py: Python<'py>, mch_id: &str, intent: &str) -> Told<'py> {
        let order = detached(py, "", || Ok(self.journal.order_of_intent(mch_id, intent)?))?;
        Ok(to_python(py, &order)?)
    }

    fn orders<'py>(
        &self,
        py: Python<'py>,
        mch_id: Option<String>,
        state: Option<&str>,
        after: i64,
        limit: u32,
    ) -> Told<'py> {
        let unknown = || Fault::argument("state", "is no state of an order");
        let state = state.map(|word| State::from_word(word).ok_or_else(unknown)).transpose()?;
        let list = List { mch_id, state, after, limit };
        let orders = detached(py, "", || Ok(self.journal.list(&list)?))?;
        Ok(to_python(py, &orders)?)
    }

    fn attempts<'py>(&self, py: Python<'py>, mch_id: &str, mch_billno: &str) -> Told<'py> {
        let id = OrderId::new(mch_id, mch_billno);
        let attempts = detached(py, mch_billno, || Ok(self.journal.attempts(&id)?))?;
        Ok(to_python(py, &attempts)?)
    }

    fn decisions<'py>(&self, py: Python<'py>, mch_id: &str, mch_billno: &str) -> Told<'py> {
        let id = OrderId::new(mch_id, mch_billno);
        let decisions = detached(py, mch_billno, || Ok(self.journal.decisions(&id)?))?;
        Ok(to_python(py, &decisions)?)
    }

    fn pause(&self, py: Python<'_>, mch_id: &str, reason: &str, length: Option<f64>) -> Result<(), Fault> {
        let length = length.map(|length| seconds("length", length)).transpose()?;
        detached(py, "", || Ok(self.journal.pause(mch_id, length, reason)?))
    }

    fn resume(&self, py: Python<'_>, mch_id: &str) -> Result<(), Fault> {
        detached(py, "", || Ok(self.journal.resume(mch_id)?))
    }

    /// The reason of the pause, and its end where it has one; `None` where the queue is not stopped.
    fn paused(&self, py: Python<'_>, mch_id: &str) -> Result<Option<(String, Option<String>)>, Fault> {
        let pause = detached(py, "", || Ok(self.journal.paused(mch_id)?))?;
        Ok(pause.map(|pause| (pause.reason, pause.until.map(|until| until.to_string()))))
    }

    fn spent_today(&self, py: Python<'_>, mch_id: &str, re_openid: Option<&str>) -> Result<u64, Fault> {
        detached(py, "", || Ok(self.journal.spent_today(mch_id, re_openid)?.0))
    }

    /// What gives the journal away as an old copy, or `None`.
    fn suspected(&self, py: Python<'_>) -> Result<Option<String>, Fault> {
        detached(py, "", || Ok(self.journal.restore()?.map(|restore| restore.evidence)))
    }

    fn accept_restore(&self, py: Python<'_>, who: &str, why: &str) -> Result<(), Fault> {
        detached(py, "", || Ok(self.journal.accept_restore(who, why)?))
    }
}
