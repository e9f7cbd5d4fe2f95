//! libFuzzer's side of the target `abi`: see `fuzz/targets/src/abi.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| redpack_fuzz_targets::abi(data));
