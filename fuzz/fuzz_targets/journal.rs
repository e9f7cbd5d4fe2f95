//! libFuzzer's side of the target `journal`: see `fuzz/targets/src/journal.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| redpack_fuzz_targets::journal(data));
