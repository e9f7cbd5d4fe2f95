//! Every C function, in any order: random numbers and bytes, NULL in any place, handles of every age. `abi` looks
//! closely at some of them; here all are called, as the table says that the header wants it.
#![allow(unsafe_code, clashing_extern_declarations, reason = "the C functions can't be called without")]

mod held;
mod table;

use std::ffi::{c_char, c_void};

use held::{Held, Status};
use redpack_ffi as _;

use crate::input::Input;

/// What a function is given.
macro_rules! taken {
    ((out $handle:ident)) => { *mut *mut c_void };
    (($how:ident $handle:ident)) => { *mut c_void };
    (error) => { *mut *mut c_void };
    (text) => { *const c_char };
    (path) => { *const c_char };
    (host) => { *const c_char };
    (journal_url) => { *const c_char };
    (bytes) => { *const u8 };
    (length) => { usize };
    (buffer) => { *mut c_char };
    (place) => { *mut c_void };
    (null) => { *mut c_void };
    (limit) => { u32 };
    (long_limit) => { u64 };
    ($number:ident) => { $number };
}

/// Where that comes from.
macro_rules! argument {
    ($held:ident $input:ident (out $handle:ident)) => {
        $held.out(Slot::$handle)
    };
    ($held:ident $input:ident (live $handle:ident)) => {
        $held.live(Slot::$handle, $input)
    };
    ($held:ident $input:ident (free $handle:ident)) => {
        $held.take(Slot::$handle)
    };
    ($held:ident $input:ident error) => {
        $held.error($input)
    };
    ($held:ident $input:ident text) => {
        $held.text($input)
    };
    ($held:ident $input:ident path) => {
        Held::word($input, &held::PATHS)
    };
    ($held:ident $input:ident host) => {
        Held::word($input, &held::HOSTS)
    };
    ($held:ident $input:ident journal_url) => {
        $held.journal_url($input)
    };
    ($held:ident $input:ident bytes) => {
        $held.bytes($input)
    };
    ($held:ident $input:ident length) => {
        $held.length
    };
    ($held:ident $input:ident buffer) => {
        $held.buffer.as_mut_ptr()
    };
    ($held:ident $input:ident place) => {
        $held.place()
    };
    ($held:ident $input:ident null) => {
        std::ptr::null_mut()
    };
    ($held:ident $input:ident limit) => {
        u32::from($input.byte().unwrap_or(0) % 20)
    };
    ($held:ident $input:ident long_limit) => {
        u64::from($input.byte().unwrap_or(0) % 20)
    };
    ($held:ident $input:ident bool) => {
        $input.byte().is_some_and(|byte| byte & 1 == 1)
    };
    ($held:ident $input:ident $number:ident) => {
        held::number($input) as $number
    };
}

/// What it gives back.
macro_rules! given {
    (nothing) => { () };
    (status) => { Status };
    (text) => { *const c_char };
    (borrowed) => { *const c_void };
    ($number:ident) => { $number };
}

macro_rules! every_function {
    ($($name:ident [$($kind:tt)*] $given:ident;)*) => {
        /// Name and call of each.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any number will do")]
        pub(super) const FUNCTIONS: &[(&str, fn(&mut $crate::functions::Held, &mut $crate::input::Input<'_>))] = &[$((
            stringify!($name),
            |held, input| {
                use $crate::functions::*;
                unsafe extern "C" {
                    fn $name($(_: taken!($kind)),*) -> given!($given);
                }
                let _not_by_all = &input;
                // SAFETY: every handle is NULL or live and of its type, every text ends with a zero and lives until
                // the next call, bytes are as many as is said, every output is a place that can be written to.
                let told = unsafe { $name($(argument!(held input $kind)),*) };
                held.look(stringify!($name), told);
            },
        )),*];
    };
}
use {argument, every_function, given, taken};

/// The kinds of handles, each with one place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Answer,
    Attempts,
    Call,
    Check,
    Client,
    Config,
    Decisions,
    Error,
    Event,
    Fields,
    Journal,
    Order,
    Orders,
    QueryResult,
    Reconciled,
    Recovered,
    Request,
    SendResult,
    Settlement,
    Text,
    Wire,
}

/// Calls, one after the other: which function, in two bytes, then its arguments.
pub fn functions(data: &[u8]) {
    let mut input = Input(data);
    let mut held = Held::new();
    for _ in 0..48 {
        let (Some(high), Some(low)) = (input.byte(), input.byte()) else { break };
        let which = usize::from(high) << 8 | usize::from(low);
        let (_, call) = table::FUNCTIONS[which % table::FUNCTIONS.len()];
        call(&mut held, &mut input);
    }
}
