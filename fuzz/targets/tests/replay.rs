//! Every input of the committed corpora, through its target again: what fuzzing found once stays mended.
#![allow(missing_docs, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::Path;

use redpack_fuzz_targets::TARGETS;

#[test]
fn every_input_of_the_corpora_keeps_the_promises() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    for (name, target) in TARGETS {
        target(b"");
        let mut inputs: Vec<_> = std::fs::read_dir(corpora.join(name))
            .expect("a corpus")
            .flatten()
            .map(|entry| entry.path())
            .collect();
        inputs.sort();
        assert!(inputs.len() >= 10, "{name}: {} inputs", inputs.len());
        for input in inputs {
            let bytes = std::fs::read(&input).expect("an input");
            // The name of the input, should the target panic.
            let outcome = std::panic::catch_unwind(|| target(&bytes));
            assert!(outcome.is_ok(), "{name} failed on {}", input.display());
        }
    }
}
