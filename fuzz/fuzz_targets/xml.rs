//! libFuzzer's side of the target `xml`: see `fuzz/targets/src/xml.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| redpack_fuzz_targets::xml(data));
