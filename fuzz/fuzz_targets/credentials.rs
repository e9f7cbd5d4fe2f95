//! libFuzzer's side of the target `credentials`: see `fuzz/targets/src/credentials.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| redpack_fuzz_targets::credentials(data));
