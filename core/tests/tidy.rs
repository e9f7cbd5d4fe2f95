//! Rules of the house that a compiler doesn't check.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Every file of the project that ends so.
fn files(folder: &Path, ends: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir()
            && !["target", "node_modules"].map(Into::into).contains(&name)
            && !name.to_string_lossy().starts_with('.')
        {
            files(&path, ends, found);
        } else if path.extension().is_some_and(|extension| extension == ends) {
            found.push(path);
        }
    }
}

#[test]
fn one_idea_a_file_and_no_file_over_400_lines() {
    let mut found = Vec::new();
    files(&root(), "rs", &mut found);
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

/// A patch that no longer applies shows nothing: the lines that it wants to change must be there.
#[test]
fn every_planted_defect_can_be_planted() {
    let mut found = Vec::new();
    files(&root(), "patch", &mut found);
    assert!(found.len() >= 17, "{} patches found", found.len());
    for patch in found {
        let text = fs::read_to_string(&patch).expect("text");
        let mut source = String::new();
        let mut wanted = String::new();
        let check = |wanted: &mut String, source: &str| {
            assert!(source.contains(wanted.as_str()), "{}: not there any more:\n{wanted}", patch.display());
            wanted.clear();
        };
        for line in text.lines() {
            if let Some(path) = line.strip_prefix("+++ b/") {
                check(&mut wanted, &source);
                source = fs::read_to_string(root().join(path)).expect("the file of a patch");
            } else if line.starts_with("@@") || line.starts_with("diff ") {
                check(&mut wanted, &source);
            } else if let Some(before) = line.strip_prefix([' ', '-']).filter(|_| !line.starts_with("--- ")) {
                wanted += before;
                wanted.push('\n');
            }
        }
        check(&mut wanted, &source);
    }
}
