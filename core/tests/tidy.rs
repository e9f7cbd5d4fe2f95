//! Rules of the house that a compiler doesn't check.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Every Rust source file of the project.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn one_idea_a_file_and_no_file_over_400_lines() {
    let mut found = Vec::new();
    sources(&root(), &mut found);
    assert!(found.len() > 60, "{} files found", found.len());
    for path in found {
        let text = fs::read_to_string(&path).expect("text");
        assert!(text.lines().count() <= 400, "{}: {} lines", path.display(), text.lines().count());
        assert!(text.starts_with("//!"), "{} doesn't say what it is for", path.display());
    }
}

#[test]
fn unsafe_code_stays_out_of_what_ships() {
    for library in ["core", "sandbox"] {
        let text = fs::read_to_string(root().join(library).join("src/lib.rs")).expect("text");
        assert!(text.contains("#![forbid(unsafe_code)]"), "{library}");
    }
    assert!(
        fs::read_to_string(root().join("cli/src/main.rs")).expect("text").contains("#![forbid(unsafe_code)]")
    );
}

#[test]
fn the_readmes_of_both_languages_are_equal_in_shape() {
    let shape = |folder: &str, name: &str| {
        let text = fs::read_to_string(root().join(folder).join(name)).expect("text");
        let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        (lines("## "), lines("```"), lines("| `"), lines("$ "), lines("- "), lines("export "))
    };
    for folder in [".", "bindings/php", "ffi/examples"] {
        assert_eq!(shape(folder, "README.md"), shape(folder, "README.zh-CN.md"), "{folder}");
    }
}
