//! Why a call did not do what it was asked for, and the exception that Python gets of it.

use pyo3::exceptions::PySystemError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict};
use redpack::journal::{JournalError, JournalErrorKind, Refusal};
use redpack::{Advice, Error, ErrorKind, Operation, Outcome, Problem, Scope};

use crate::to_python::to_python;

/// Why a call did not do what it was asked for.
pub(crate) enum Fault {
    /// Arguments break rules: nothing was done. With the order that they were about, where one was named.
    Arguments(Vec<Problem>, Option<String>),
    /// A setting of a client breaks a rule.
    Setting(Problem),
    /// The core's error.
    Core(Box<Error>),
    /// The journal's.
    Journal(JournalError),
    /// Python's own, such as a `TypeError`.
    Python(PyErr),
}

impl Fault {
    /// An argument that breaks a rule; the rule is the end of a sentence that starts with the name.
    pub(crate) fn argument(name: &str, rule: &str) -> Self {
        Self::Arguments(vec![problem(name, rule)], None)
    }

    /// The same of a setting.
    pub(crate) fn setting(name: &str, rule: &str) -> Self {
        Self::Setting(problem(name, rule))
    }
}

/// A broken rule; the rule is the end of a sentence that starts with the name.
pub(crate) fn problem(name: &str, rule: &str) -> Problem {
    Problem { field: name.to_owned().into(), rule: rule.to_owned().into(), length: 0 }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Core(Box::new(error))
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Arguments(vec![problem], None)
    }
}

impl From<JournalError> for Fault {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

/// The exception is made by Python's half (`_errors.py`), of what is told here.
impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        // Callers hold the interpreter already; while it goes down there is nobody left to tell.
        Python::try_attach(|py| match fault {
            Fault::Python(error) => error,
            fault => raise(py, &fault).unwrap_or_else(|error| error),
        })
        .unwrap_or_else(|| PySystemError::new_err("the interpreter is shutting down"))
    }
}

fn raise(py: Python<'_>, fault: &Fault) -> PyResult<PyErr> {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = MAKE.import(py, "redpack._errors", "_make")?;
    let told = PyDict::new(py);
    match fault {
        Fault::Arguments(problems, mch_billno) => {
            let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
            plain(&told, "invalid", "invalid_argument", &list.join("; "), Advice::FixOrder)?;
            told.set_item(intern!(py, "problems"), to_python(py, problems)?)?;
            told.set_item(intern!(py, "mch_billno"), mch_billno)?;
        }
        Fault::Setting(problem) => {
            plain(&told, "setup", "configuration", &problem.to_string(), Advice::FixSetup)?;
            told.set_item(intern!(py, "scope"), Scope::Merchant.as_str())?;
            told.set_item(intern!(py, "problems"), to_python(py, &[problem].as_slice())?)?;
        }
        Fault::Journal(error) => {
            let refused = error.kind() == JournalErrorKind::Refused;
            let advice = if refused { Advice::FixOrder } else { Advice::FixSetup };
            plain(&told, "journal", error.kind().as_str(), &error.to_string(), advice)?;
            if let Some(order) = error.refusal().and_then(Refusal::order) {
                told.set_item(intern!(py, "order"), to_python(py, order)?)?;
            }
        }
        Fault::Core(error) => of_core(&told, error)?,
        Fault::Python(error) => return Ok(error.clone_ref(py)),
    }
    Ok(PyErr::from_value(make.call1((told,))?))
}

/// What is said of a call in which nothing left.
fn plain(told: &Bound<'_, PyDict>, group: &str, kind: &str, message: &str, advice: Advice) -> PyResult<()> {
    let py = told.py();
    told.set_item(intern!(py, "group"), group)?;
    told.set_item(intern!(py, "kind"), kind)?;
    told.set_item(intern!(py, "message"), message)?;
    told.set_item(intern!(py, "outcome"), Outcome::NotSent.as_str())?;
    told.set_item(intern!(py, "advice"), advice.as_str())?;
    told.set_item(intern!(py, "scope"), Scope::Order.as_str())
}

/// Which class of exception: by the outcome, but for what never left, which has one by its reason.
fn group(error: &Error) -> &'static str {
    match (error.outcome(), error.operation(), error.kind()) {
        (Outcome::NotSent, Operation::Setup, _) => "setup",
        // Of a query too: it did not leave, and its order's outcome stays what it was.
        (_, _, ErrorKind::InvalidRequest) => "invalid",
        (outcome, ..) => outcome.as_str(),
    }
}

fn of_core(told: &Bound<'_, PyDict>, error: &Error) -> PyResult<()> {
    let py = told.py();
    told.set_item(intern!(py, "group"), group(error))?;
    told.set_item(intern!(py, "kind"), error.kind().as_str())?;
    told.set_item(intern!(py, "message"), error.to_string())?;
    told.set_item(intern!(py, "outcome"), error.outcome().as_str())?;
    told.set_item(intern!(py, "attempt_outcome"), error.attempt_outcome().as_str())?;
    told.set_item(intern!(py, "advice"), error.advice().as_str())?;
    told.set_item(intern!(py, "scope"), error.scope().as_str())?;
    told.set_item(intern!(py, "not_before"), to_python(py, &error.not_before())?)?;
    told.set_item(intern!(py, "mch_billno"), error.mch_billno())?;
    told.set_item(intern!(py, "err_code"), error.err_code())?;
    told.set_item(intern!(py, "err_code_des"), error.err_code_des())?;
    told.set_item(intern!(py, "http_status"), error.http_status())?;
    told.set_item(intern!(py, "attempts"), error.attempts())?;
    told.set_item(intern!(py, "problems"), to_python(py, &error.problems())?)?;
    let fault = error.credential_fault().map(redpack::CredentialFault::as_str);
    told.set_item(intern!(py, "credential_fault"), fault)?;
    if let Some(answer) = error.answer() {
        told.set_item(intern!(py, "raw"), to_python(py, answer)?)?;
    }
    if let Some(order) = error.order() {
        told.set_item(intern!(py, "order"), to_python(py, order)?)?;
    }
    if let Some(received) = error.received() {
        told.set_item(intern!(py, "body"), PyBytes::new(py, &received.body))?;
    }
    Ok(())
}
