//! What the caller of the C functions holds: one place for each kind of handle, and what arguments are made of.

use std::ffi::{CStr, CString, c_char, c_void};
use std::path::PathBuf;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Slot;
use crate::credentials::{CERTIFICATE, KEY, asks_for_much};
use crate::input::Input;

/// A status; 0 is success.
#[repr(transparent)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status(i32);

const OK: Status = Status(0);
const SLOTS: usize = Slot::Wire as usize + 1;
const CERTIFICATE_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../core/tests/fixtures/cert.pem\0");
const KEY_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../core/tests/fixtures/key.pem\0");

const fn ended(text: &'static str) -> &'static CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("a text that does not end with a zero"),
    }
}

/// Files that are read: never one of the input's own choice.
pub(super) const PATHS: [&CStr; 4] = [ended(CERTIFICATE_FILE), ended(KEY_FILE), c"/nowhere/a.pem", c""];
/// Hosts: where nobody listens, and what no host is. A name would be looked up.
pub(super) const HOSTS: [&CStr; 6] = [
    c"https://127.0.0.1:1",
    c"http://127.0.0.1:1",
    c"127.0.0.1",
    c"https://",
    c"https://127.0.0.1:1/x",
    c"::1",
];
const WORDS: [&CStr; 20] = [
    c"sendredpack",
    c"gethbinfo",
    c"sendminiprogramhb",
    c"sendworkwxredpack",
    c"queryworkwxredpack",
    c"mch_billno",
    c"re_openid",
    c"total_amount",
    c"send_name",
    c"wishing",
    c"act_name",
    c"remark",
    c"client_ip",
    c"1900000109",
    c"wx8888888888888888",
    c"192006250b4c09247ec02edce69f6a2d",
    c"1900000109261124abcdefghijkl",
    c"oxTWIuGaIt6gTKsQRLau2M0yL16E",
    c"PROCESSING",
    c"/mmpaymkttransfers/x",
];
static JOURNALS: AtomicU64 = AtomicU64::new(0);

macro_rules! frees {
    ($($slot:ident $free:ident)*) => {
        unsafe extern "C" { $(fn $free(handle: *mut c_void);)* }

        /// How a handle of a kind is given back. Nobody holds an event.
        fn free_of(slot: usize) -> Option<unsafe extern "C" fn(*mut c_void)> {
            $(if slot == Slot::$slot as usize { return Some($free); })*
            None
        }
    };
}
frees! {
    Answer redpack_answer_free Attempts redpack_attempts_free Call redpack_call_free Check redpack_check_free
    Client redpack_client_free Config redpack_config_free Decisions redpack_decisions_free Error redpack_error_free
    Fields redpack_fields_free Journal redpack_journal_free Order redpack_order_free Orders redpack_orders_free
    QueryResult redpack_query_result_free Reconciled redpack_reconciled_free Recovered redpack_recovered_free
    Request redpack_request_free SendResult redpack_send_result_free Settlement redpack_settlement_free
    Text redpack_text_free Wire redpack_wire_free
}
unsafe extern "C" {
    fn redpack_error_kind(error: *const c_void) -> *const c_char;
    fn redpack_error_message(error: *const c_void) -> *const c_char;
    fn redpack_config_set_base_url(
        config: *mut c_void,
        url: *const c_char,
        error: *mut *mut c_void,
    ) -> Status;
    fn redpack_config_set_backup_url(
        config: *mut c_void,
        url: *const c_char,
        error: *mut *mut c_void,
    ) -> Status;
    fn redpack_config_set_attempt_limit_ms(
        config: *mut c_void,
        limit: u32,
        error: *mut *mut c_void,
    ) -> Status;
}

pub(super) struct Held {
    slots: [*mut c_void; SLOTS],
    texts: Vec<CString>,
    places: [u64; 4],
    placed: usize,
    /// What the call under way may write.
    outs: Vec<Slot>,
    wants_error: bool,
    /// How many bytes were given last.
    pub length: usize,
    /// More than any function writes into one.
    pub buffer: [c_char; 128],
    journal: PathBuf,
}

/// Eight bytes of the input, or few: small numbers matter more than large ones.
pub(super) fn number(input: &mut Input<'_>) -> i64 {
    let first = input.byte().unwrap_or(0);
    if first < 0xC0 {
        return i64::from(first) - 0x40;
    }
    let bytes: [u8; 8] = std::array::from_fn(|_| input.byte().unwrap_or(0));
    i64::from_le_bytes(bytes)
}

impl Held {
    pub fn new() -> Self {
        let name =
            format!("redpack-fuzz-{}-{}", std::process::id(), JOURNALS.fetch_add(1, Ordering::Relaxed));
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        Self {
            slots: [ptr::null_mut(); SLOTS],
            texts: Vec::new(),
            places: [0; 4],
            placed: 0,
            outs: Vec::new(),
            wants_error: false,
            length: 0,
            buffer: [0x55; 128],
            journal: folder.join(name),
        }
    }

    fn free(&mut self, slot: usize) {
        let handle = std::mem::replace(&mut self.slots[slot], ptr::null_mut());
        if let Some(free) = free_of(slot) {
            // SAFETY: NULL or live, of that kind, and not kept.
            unsafe { free(handle) };
        }
    }

    pub fn out(&mut self, slot: Slot) -> *mut *mut c_void {
        self.free(slot as usize);
        self.outs.push(slot);
        &raw mut self.slots[slot as usize]
    }

    /// The handle that is there, or NULL now and then.
    pub fn live(&self, slot: Slot, input: &mut Input<'_>) -> *mut c_void {
        if input.byte() == Some(0xFF) { ptr::null_mut() } else { self.slots[slot as usize] }
    }

    pub fn take(&mut self, slot: Slot) -> *mut c_void {
        std::mem::replace(&mut self.slots[slot as usize], ptr::null_mut())
    }

    /// A place for the error, or none, as the header permits.
    pub fn error(&mut self, input: &mut Input<'_>) -> *mut *mut c_void {
        self.wants_error = input.byte() != Some(0xFF);
        if self.wants_error { self.out(Slot::Error) } else { ptr::null_mut() }
    }

    pub fn word(input: &mut Input<'_>, words: &[&'static CStr]) -> *const c_char {
        let chosen = usize::from(input.byte().unwrap_or(0)) % (words.len() + 1);
        words.get(chosen).map_or(ptr::null(), |word| word.as_ptr())
    }

    /// A text: NULL, a word that says something, or bytes as they are, UTF-8 or not.
    pub fn text(&mut self, input: &mut Input<'_>) -> *const c_char {
        let first = usize::from(input.byte().unwrap_or(0));
        match WORDS.get(first) {
            Some(word) => word.as_ptr(),
            None if first == WORDS.len() => ptr::null(),
            None => {
                let bytes = input.piece().unwrap_or_default();
                let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                self.keep(CString::new(&bytes[..end]).expect("no zero inside"))
            }
        }
    }

    fn keep(&mut self, text: CString) -> *const c_char {
        self.texts.push(text);
        self.texts.last().map_or(ptr::null(), |text| text.as_ptr())
    }

    pub fn journal_url(&mut self, input: &mut Input<'_>) -> *const c_char {
        let own = format!("sqlite:{}", self.journal.display());
        let urls = [&own, &format!("{own}?create=no"), "sqlite:", "mysql://a", "sqlite:/nowhere/a.db", ""];
        match urls.get(usize::from(input.byte().unwrap_or(0)) % (urls.len() + 1)) {
            Some(url) => self.keep(CString::new(*url).expect("no zero inside")),
            None => ptr::null(),
        }
    }

    pub fn bytes(&mut self, input: &mut Input<'_>) -> *const u8 {
        let bytes = match input.byte() {
            Some(0) => CERTIFICATE,
            Some(1) => KEY,
            // As many as are said, and none of them there.
            Some(0xFF) => {
                self.length = usize::from(input.byte().unwrap_or(0));
                return ptr::null();
            }
            // So many rounds of key derivation as a file asks for are done: its owner made it. Not here.
            _ => input.long_piece().filter(|bytes| !asks_for_much(bytes)).unwrap_or_default(),
        };
        self.length = bytes.len();
        bytes.as_ptr()
    }

    pub fn place(&mut self) -> *mut c_void {
        self.placed += 1;
        (&raw mut self.places[self.placed % self.places.len()]).cast()
    }

    /// What must hold after each call.
    pub fn look(&mut self, name: &str, told: impl Told) {
        let status = told.status();
        if let Some(status) = status {
            let outs = std::mem::take(&mut self.outs);
            for slot in outs.into_iter().filter(|slot| *slot != Slot::Error) {
                let written = !self.slots[slot as usize].is_null();
                assert!(status == OK || !written, "{name} failed, and wrote its output");
            }
            let error = self.slots[Slot::Error as usize];
            if self.wants_error {
                assert_eq!(status == OK, error.is_null(), "{name}: {status:?}, and the error says otherwise");
            }
            if !error.is_null() {
                // SAFETY: the error is live, and so are its texts.
                let (kind, message) =
                    unsafe { (read(redpack_error_kind(error)), read(redpack_error_message(error))) };
                assert_ne!(kind, Some(b"panic".as_slice()), "a panic inside of {name}");
                assert!(message.is_some_and(|text| !text.is_empty()), "{name} fails without a word");
            }
            if name == "redpack_config_new" && status == OK {
                self.nowhere();
            }
        }
        self.outs.clear();
        self.wants_error = false;
        self.texts.clear();
    }

    /// A new configuration means the real service: here nobody listens, and nothing waits for long.
    fn nowhere(&mut self) {
        let (config, none) = (self.slots[Slot::Config as usize], ptr::null_mut());
        // SAFETY: the configuration is live, the texts are constants.
        let set = unsafe {
            [
                redpack_config_set_base_url(config, HOSTS[0].as_ptr(), none),
                redpack_config_set_backup_url(config, HOSTS[0].as_ptr(), none),
                redpack_config_set_attempt_limit_ms(config, 20, none),
            ]
        };
        assert_eq!(set, [OK; 3]);
    }
}

/// The whole text, which must end.
unsafe fn read<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: the caller's word: NULL, or a text that ends with a zero and lives.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

impl Drop for Held {
    fn drop(&mut self) {
        for slot in 0..SLOTS {
            self.free(slot);
        }
        for suffix in ["", "-wal", "-shm", ".guard"] {
            let _gone = std::fs::remove_file(format!("{}{suffix}", self.journal.display()));
        }
        let _gone = std::fs::remove_dir_all(format!("{}.owners", self.journal.display()));
    }
}

/// What functions give back, looked at.
pub(super) trait Told {
    /// The status, of those that have one.
    fn status(self) -> Option<Status>;
}

impl Told for Status {
    fn status(self) -> Option<Status> {
        Some(self)
    }
}

impl Told for *const c_char {
    fn status(self) -> Option<Status> {
        // SAFETY: a getter's text lives as long as its handle, which nobody has freed since.
        let _seen = unsafe { read(self) }.map(<[u8]>::len);
        None
    }
}

macro_rules! told_nothing {
    ($($type:ty)*) => { $(impl Told for $type {
        fn status(self) -> Option<Status> {
            None
        }
    })* };
}
told_nothing!(() *const c_void i32 i64 u32 u64 usize bool);
