//! The C functions, called in any order with random bytes, NULL in any place, and handles of every age. What the
//! header forbids (a freed handle, a pointer that is none) is not done: in C that is the caller's fault.
#![allow(unsafe_code, reason = "the C functions can't be called without")]

use std::ffi::{CStr, CString, c_char};
use std::ptr;

use redpack_ffi as _;

use crate::input::Input;

macro_rules! opaque {
    ($($name:ident)+) => { $(#[repr(C)] struct $name { _private: [u8; 0] })+ };
}
opaque!(Error Config Request Wire Answer Text);

const OK: i32 = 0;
const PANIC_KIND: &[u8] = b"panic";

// From include/redpack.h, which a test keeps fresh.
#[rustfmt::skip]
unsafe extern "C" {
    fn redpack_error_free(error: *mut Error);
    fn redpack_error_kind(error: *const Error) -> *const c_char;
    fn redpack_error_message(error: *const Error) -> *const c_char;
    fn redpack_error_err_code(error: *const Error) -> *const c_char;
    fn redpack_error_advice(error: *const Error) -> i32;
    fn redpack_error_outcome(error: *const Error) -> i32;
    fn redpack_config_new(mch_id: *const c_char, appid: *const c_char, api_key: *const c_char, config: *mut *mut Config, error: *mut *mut Error) -> i32;
    fn redpack_config_free(config: *mut Config);
    fn redpack_request_new(endpoint: *const c_char, request: *mut *mut Request, error: *mut *mut Error) -> i32;
    fn redpack_request_free(request: *mut Request);
    fn redpack_request_set_text(request: *mut Request, name: *const c_char, value: *const c_char, error: *mut *mut Error) -> i32;
    fn redpack_request_set_fen(request: *mut Request, name: *const c_char, fen: i64, error: *mut *mut Error) -> i32;
    fn redpack_request_set_intent(request: *mut Request, intent: *const c_char, error: *mut *mut Error) -> i32;
    fn redpack_request_endpoint(request: *const Request) -> *const c_char;
    fn redpack_request_encode(request: *const Request, config: *const Config, wire: *mut *mut Wire, error: *mut *mut Error) -> i32;
    fn redpack_wire_free(wire: *mut Wire);
    fn redpack_wire_body(wire: *const Wire) -> *const c_char;
    fn redpack_wire_body_length(wire: *const Wire) -> usize;
    fn redpack_xml_read(xml: *const u8, xml_length: usize, answer: *mut *mut Answer, error: *mut *mut Error) -> i32;
    fn redpack_answer_free(answer: *mut Answer);
    fn redpack_fen_from_yuan(yuan: *const c_char, fen: *mut i64, error: *mut *mut Error) -> i32;
    fn redpack_fen_to_yuan(fen: i64, yuan: *mut c_char, error: *mut *mut Error) -> i32;
    fn redpack_is_mch_billno(mch_billno: *const c_char) -> bool;
    fn redpack_mask_openid(openid: *const c_char, masked: *mut *mut Text, error: *mut *mut Error) -> i32;
    fn redpack_text_free(text: *mut Text);
}

/// What a caller holds. Everything is freed in the end, once.
struct Held {
    config: *mut Config,
    request: *mut Request,
    wire: *mut Wire,
    error: *mut Error,
    texts: Vec<CString>,
}

/// Calls, one after the other: which function, then its arguments.
pub fn abi(data: &[u8]) {
    let mut input = Input(data);
    let (config, request, wire, error) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let mut held = Held { config, request, wire, error, texts: Vec::new() };
    for _ in 0..64 {
        let Some(which) = input.byte() else { break };
        held.call(which, &mut input);
        held.told();
        held.texts.clear();
    }
}

impl Held {
    /// A text; NULL where the input says so. Bytes that are no UTF-8 are passed on as they are.
    fn text(&mut self, input: &mut Input<'_>) -> *const c_char {
        const WORDS: [&CStr; 8] = [
            c"sendredpack",
            c"gethbinfo",
            c"sendworkwxredpack",
            c"total_amount",
            c"mch_billno",
            c"re_openid",
            c"1900000109",
            c"192006250b4c09247ec02edce69f6a2d",
        ];
        match input.byte().unwrap_or(0) {
            0 => ptr::null(),
            chosen @ 1..=8 => WORDS[usize::from(chosen - 1)].as_ptr(),
            _ => {
                let bytes = input.piece().unwrap_or_default();
                let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                let text = CString::new(&bytes[..end]).expect("no zero inside");
                self.texts.push(text);
                self.texts.last().map_or(ptr::null(), |text| text.as_ptr())
            }
        }
    }

    fn number(input: &mut Input<'_>) -> i64 {
        let mut bytes = [0; 8];
        for byte in &mut bytes {
            *byte = input.byte().unwrap_or(0);
        }
        i64::from_le_bytes(bytes)
    }

    fn call(&mut self, which: u8, input: &mut Input<'_>) {
        // A place for an error, or none, as the header permits.
        let error = if which & 0x80 == 0 { &raw mut self.error } else { ptr::null_mut() };
        let bare = which & 0x40 != 0;
        // SAFETY: every handle is NULL or live and used by this thread alone, every text ends with a zero and lives
        // until the next call, every output is a place that can be written to or NULL.
        unsafe {
            match which & 0x1F {
                0 => {
                    let (mch_id, appid, key) = (self.text(input), self.text(input), self.text(input));
                    redpack_config_free(std::mem::replace(&mut self.config, ptr::null_mut()));
                    let place = if bare { ptr::null_mut() } else { &raw mut self.config };
                    let status = redpack_config_new(mch_id, appid, key, place, error);
                    assert_eq!(status == OK, !self.config.is_null(), "written on success only");
                }
                1 | 2 => {
                    let endpoint = self.text(input);
                    redpack_request_free(std::mem::replace(&mut self.request, ptr::null_mut()));
                    let place = if bare { ptr::null_mut() } else { &raw mut self.request };
                    let status = redpack_request_new(endpoint, place, error);
                    assert_eq!(status == OK, !self.request.is_null(), "written on success only");
                }
                3..=6 => {
                    let (name, value) = (self.text(input), self.text(input));
                    let status = redpack_request_set_text(self.request, name, value, error);
                    assert!(status != OK || !self.request.is_null());
                }
                7 => {
                    let (name, fen) = (self.text(input), Self::number(input));
                    let status = redpack_request_set_fen(self.request, name, fen, error);
                    assert!(status != OK || (!self.request.is_null() && fen > 0));
                }
                8 => {
                    let intent = self.text(input);
                    redpack_request_set_intent(self.request, intent, error);
                }
                9..=11 => {
                    redpack_wire_free(std::mem::replace(&mut self.wire, ptr::null_mut()));
                    let place = if bare { ptr::null_mut() } else { &raw mut self.wire };
                    let status = redpack_request_encode(self.request, self.config, place, error);
                    assert_eq!(status == OK, !self.wire.is_null(), "written on success only");
                    let body = redpack_wire_body(self.wire);
                    assert_eq!(body.is_null(), self.wire.is_null());
                    if !body.is_null() {
                        let length = CStr::from_ptr(body).count_bytes();
                        assert_eq!(length, redpack_wire_body_length(self.wire), "a zero in the document");
                    }
                }
                12 => {
                    let (length, mut answer) = (input.0.len().min(300), ptr::null_mut());
                    let xml = if bare { ptr::null() } else { input.0.as_ptr() };
                    let status = redpack_xml_read(xml, length, &raw mut answer, error);
                    assert_eq!(status == OK, !answer.is_null());
                    assert!(!bare || length == 0 || status != OK, "NULL was read");
                    redpack_answer_free(answer);
                }
                13 => {
                    let (yuan, mut fen) = (self.text(input), -7);
                    let status = redpack_fen_from_yuan(yuan, &raw mut fen, error);
                    assert_eq!(status == OK, fen != -7, "written on success only");
                }
                14 => {
                    let (fen, mut yuan) = (Self::number(input), [0x55; 64]);
                    let status = redpack_fen_to_yuan(fen, yuan.as_mut_ptr(), error);
                    assert_eq!(status == OK, fen >= 0);
                    if status == OK {
                        let text = CStr::from_ptr(yuan.as_ptr());
                        let mut again = 0;
                        let read = redpack_fen_from_yuan(text.as_ptr(), &raw mut again, ptr::null_mut());
                        assert_eq!((read, again), (OK, fen), "yuan there and back");
                    }
                }
                15 => {
                    let number = self.text(input);
                    redpack_is_mch_billno(number);
                }
                16 => {
                    let (openid, mut masked) = (self.text(input), ptr::null_mut());
                    let status = redpack_mask_openid(openid, &raw mut masked, error);
                    assert_eq!(status == OK, !masked.is_null());
                    redpack_text_free(masked);
                }
                17 => redpack_request_free(std::mem::replace(&mut self.request, ptr::null_mut())),
                18 => redpack_config_free(std::mem::replace(&mut self.config, ptr::null_mut())),
                _ => {
                    let endpoint = redpack_request_endpoint(self.request);
                    assert_eq!(endpoint.is_null(), self.request.is_null());
                }
            }
        }
    }

    /// Whatever was told is text, is no panic, and permits no new order.
    fn told(&mut self) {
        // SAFETY: the error is NULL or live; its texts live as long as it does.
        unsafe {
            let seen = |text: *const c_char| (!text.is_null()).then(|| CStr::from_ptr(text).to_bytes());
            if let Some(kind) = seen(redpack_error_kind(self.error)) {
                assert_ne!(kind, PANIC_KIND, "a panic inside of the library");
                assert!(seen(redpack_error_message(self.error)).is_some_and(|text| !text.is_empty()));
                assert!(seen(redpack_error_err_code(self.error)).is_none_or(<[u8]>::is_ascii));
            }
            assert!(redpack_error_outcome(self.error) >= 0 && redpack_error_advice(self.error) >= 0);
            redpack_error_free(std::mem::replace(&mut self.error, ptr::null_mut()));
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: each is NULL or live, and not used again.
        unsafe {
            redpack_wire_free(self.wire);
            redpack_request_free(self.request);
            redpack_config_free(self.config);
            redpack_error_free(self.error);
        }
    }
}
