//! From the core's results to Python's dicts, lists, texts and numbers, by the names that the core gives them.
//!
//! The core can serialise every result; this is the other half. Python's side makes its frozen classes of it
//! (`python/redpack/_results.py`), so that no field is written down here.

use std::fmt;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use serde::ser::{self, Impossible, Serialize};

/// Makes a Python object of a result.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    value.serialize(Writer { py }).map_err(|failure| failure.0)
}

/// What Python raised on the way, such as a `MemoryError`.
#[derive(Debug)]
pub(crate) struct Failure(PyErr);

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Failure {}

impl ser::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(pyo3::exceptions::PySystemError::new_err(message.to_string()))
    }
}

#[derive(Clone, Copy)]
struct Writer<'py> {
    py: Python<'py>,
}

type Written<'py> = Result<Bound<'py, PyAny>, Failure>;

/// The kinds of value that no result of the core has.
fn foreign<'py>(kind: &str) -> Written<'py> {
    Err(ser::Error::custom(format_args!("a result of the core holds a {kind}")))
}

macro_rules! plain {
    ($($function:ident: $type:ty),*) => {
        $(fn $function(self, value: $type) -> Written<'py> {
            Ok(value.into_bound_py_any(self.py)?)
        })*
    };
}

impl<'py> ser::Serializer for Writer<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;
    type SerializeSeq = Sequence<'py>;
    type SerializeTuple = Impossible<Self::Ok, Failure>;
    type SerializeTupleStruct = Impossible<Self::Ok, Failure>;
    type SerializeTupleVariant = Impossible<Self::Ok, Failure>;
    type SerializeMap = Map<'py>;
    type SerializeStruct = Map<'py>;
    type SerializeStructVariant = Impossible<Self::Ok, Failure>;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_str: &str
    }

    fn serialize_f32(self, _: f32) -> Written<'py> {
        foreign("float")
    }

    fn serialize_f64(self, _: f64) -> Written<'py> {
        foreign("float")
    }

    fn serialize_char(self, _: char) -> Written<'py> {
        foreign("char")
    }

    fn serialize_bytes(self, _: &[u8]) -> Written<'py> {
        foreign("byte string")
    }

    fn serialize_none(self) -> Written<'py> {
        Ok(self.py.None().into_bound(self.py))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written<'py> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written<'py> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written<'py> {
        foreign("unit struct")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written<'py> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written<'py> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written<'py> {
        foreign("variant with a value")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Failure> {
        Ok(Sequence(PyList::empty(self.py)))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Failure> {
        Err(ser::Error::custom("a result of the core holds a tuple"))
    }

    fn serialize_tuple_struct(self, _: &'static str, n: usize) -> Result<Self::SerializeTuple, Failure> {
        self.serialize_tuple(n)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        n: usize,
    ) -> Result<Self::SerializeTuple, Failure> {
        self.serialize_tuple(n)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Map<'py>, Failure> {
        Ok(Map { dict: PyDict::new(self.py), key: None })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Map<'py>, Failure> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        n: usize,
    ) -> Result<Self::SerializeStructVariant, Failure> {
        self.serialize_tuple(n)
    }
}

struct Sequence<'py>(Bound<'py, PyList>);

impl<'py> ser::SerializeSeq for Sequence<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        let value = value.serialize(Writer { py: self.0.py() })?;
        Ok(self.0.append(value)?)
    }

    fn end(self) -> Written<'py> {
        Ok(self.0.into_any())
    }
}

struct Map<'py> {
    dict: Bound<'py, PyDict>,
    key: Option<Bound<'py, PyAny>>,
}

impl<'py> ser::SerializeMap for Map<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failure> {
        self.key = Some(key.serialize(Writer { py: self.dict.py() })?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        let value = value.serialize(Writer { py: self.dict.py() })?;
        match self.key.take() {
            Some(key) => Ok(self.dict.set_item(key, value)?),
            None => Err(ser::Error::custom("a value without its key")),
        }
    }

    fn end(self) -> Written<'py> {
        Ok(self.dict.into_any())
    }
}

impl<'py> ser::SerializeStruct for Map<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        let py = self.dict.py();
        let value = value.serialize(Writer { py })?;
        Ok(self.dict.set_item(PyString::intern(py, name), value)?)
    }

    fn end(self) -> Written<'py> {
        Ok(self.dict.into_any())
    }
}
