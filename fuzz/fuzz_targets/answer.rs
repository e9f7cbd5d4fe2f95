//! libFuzzer's side of the target `answer`: see `fuzz/targets/src/answer.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| redpack_fuzz_targets::answer(data));
