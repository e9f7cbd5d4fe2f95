//! libFuzzer's side of the target `functions`: see `fuzz/targets/src/functions/`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| redpack_fuzz_targets::functions(data));
