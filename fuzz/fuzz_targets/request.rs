//! libFuzzer's side of the target `request`: see `fuzz/targets/src/request.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| redpack_fuzz_targets::request(data));
