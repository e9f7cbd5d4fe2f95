//! The native half of redpack for Python: it converts, lets the interpreter go while a call blocks, and maps
//! errors. Every rule lives in the core, and what users see lives in `python/redpack`.
//!
//! Follow a send: `python/redpack/_client.py` → `client.rs` (`send`) → `request.rs` (keyword arguments to a
//! request) → `boundary.rs` (without the interpreter, no panic gets out) → the core → `to_python.rs` or
//! `error.rs`.
#![forbid(unsafe_code)]

mod boundary;
mod client;
mod clock;
mod error;
mod exit;
mod hook;
mod journal;
mod logging;
mod protocol;
mod request;
mod settings;
mod to_python;
mod wanted;
mod wire;

/// Nothing here is for users: `redpack` gives it its form.
#[pyo3::pymodule]
mod _redpack {
    #[pymodule_export]
    use crate::{
        client::Client,
        exit::_interpreter_ends,
        journal::Journal,
        protocol::{
            canonical, codes, fen_from_yuan, fen_to_yuan, kinds, mask_openid, new_mch_billno, pay_sign,
            risk_info, sign, states, verify, workwx_sign, xml_read, xml_write,
        },
        wanted::Wanted,
        wire::{Merchant, Wire, classify, encode, encode_call},
    };

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
