//! What we build on, and how much of it: the page of dependencies is true both ways, none brings more than it is
//! needed for, and unsafe code is counted.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The workspace's packages, and the fuzz package, which is a workspace of its own.
fn packages() -> Vec<String> {
    let manifest = read("Cargo.toml");
    let members =
        manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).expect("members");
    let mut packages: Vec<String> = members.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(packages.len() >= 10, "{packages:?}");
    packages.push("fuzz".into());
    packages
}

/// The names on the left of `=` in every section of a manifest whose name ends with `dependencies`.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim_end_matches(']').ends_with("dependencies");
        } else if inside
            && let Some((name, _)) = line
                .split_once([' ', '.', '='])
                .filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            names.insert(name.to_owned());
        }
    }
    names.retain(|name| !name.is_empty() && name != "#" && !name.starts_with("redpack"));
    names
}

/// The crates that a page names in the first column of its tables; npm's and PyPI's packages left aside.
fn told(page: &str) -> BTreeSet<String> {
    let ours = page.split("\n## ").skip(1).filter(|section| {
        let heading = section.lines().next().unwrap_or_default();
        !heading.contains("npm") && !heading.contains("PyPI")
    });
    ours.flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|cell| cell.split(", "))
        .map(|name| name.split(" (").next().unwrap_or_default().to_owned())
        .filter(|name| name != "crate" && !name.is_empty())
        .collect()
}

#[test]
fn the_page_of_dependencies_names_each_direct_one_and_no_other() {
    let mut needed = BTreeSet::new();
    for package in packages() {
        needed.append(&mut dependencies(&read(&format!("{package}/Cargo.toml"))));
    }
    let pinned = dependencies(&read("Cargo.toml"));
    assert!(needed.len() > 30, "{needed:?}");
    for page in ["docs/dependencies.md", "docs/dependencies.zh-CN.md"] {
        let told = told(&read(page));
        assert_eq!(needed.difference(&told).collect::<Vec<_>>(), Vec::<&String>::new(), "{page} lacks these");
        assert_eq!(told.difference(&needed).collect::<Vec<_>>(), Vec::<&String>::new(), "nobody needs these");
    }
    let unused: Vec<_> = pinned.difference(&needed).collect();
    assert!(unused.is_empty(), "pinned, and used by no package: {unused:?}");
    // Both languages tell of the same packages in the same order, npm's and PyPI's, too.
    let first = |page: &str| -> Vec<String> {
        let page = read(page);
        let cells =
            page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next().map(str::to_owned));
        cells.filter(|cell| !["crate", "package", "包"].contains(&&**cell)).collect()
    };
    assert_eq!(first("docs/dependencies.md"), first("docs/dependencies.zh-CN.md"));
}

#[test]
fn no_dependency_brings_features_that_nobody_asked_for() {
    let manifest = read("Cargo.toml");
    let list = manifest.split("[workspace.dependencies]").nth(1).and_then(|rest| rest.split("\n[").next());
    let mut before = "";
    let mut looked_at = 0;
    for line in list.expect("a list").lines() {
        let foreign = |name: &str| !name.starts_with('#') && !name.starts_with("redpack");
        let named = line.split_once(" = ").filter(|(name, _)| foreign(name));
        if let Some((name, given)) = named {
            looked_at += 1;
            let reasoned = before.starts_with('#') && before.contains("default features");
            let minimal = given.contains("default-features = false");
            assert!(
                minimal || reasoned,
                "{name}: say `default-features = false`, or why not in a comment above"
            );
        }
        before = line;
    }
    assert!(looked_at > 30, "{looked_at}");
    for package in packages().iter().filter(|package| *package != "fuzz") {
        let text = read(&format!("{package}/Cargo.toml"));
        for name in dependencies(&text) {
            let from_workspace =
                [format!("{name}.workspace = true"), format!("{name} = {{ workspace = true")];
            assert!(
                from_workspace.iter().any(|line| text.contains(line)),
                "{package}: {name} is pinned in the root only"
            );
        }
    }
}

/// How many `unsafe` blocks each package's sources have. More need a reason, fewer a new figure here.
const UNSAFE_BLOCKS: [(&str, usize); 14] = [
    ("core", 0),
    ("sandbox", 0),
    ("cli", 0),
    ("bindings/python", 0),
    // Letting a log line of another thread reach JavaScript.
    ("bindings/node", 1),
    // The border to C: one for each pointer that becomes a reference.
    ("ffi", 192),
    ("bench", 0),
    ("bench/abi", 0),
    ("bench/programs", 0),
    ("tests/canary", 0),
    ("tests/hostile", 0),
    // A real fork.
    ("tests/torture", 1),
    // The C functions, as C calls them.
    ("fuzz/targets", 9),
    ("fuzz", 0),
];

#[test]
fn the_fuzzed_table_of_c_functions_has_all_of_them() {
    let table = read("fuzz/targets/src/functions/table.rs");
    let listed = table.lines().filter_map(|line| line.trim().split_once(" [")).map(|(name, _)| name);
    let listed: BTreeSet<&str> = listed.collect();
    let symbols = read("ffi/abi/symbols.txt");
    let exported: BTreeSet<&str> = symbols.lines().collect();
    assert_eq!(listed, exported, "python3 fuzz/declarations.py");
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            rust_files(&entry.path(), found);
        } else if entry.path().extension().is_some_and(|extension| extension == "rs")
            && !entry.file_name().to_string_lossy().ends_with("_tests.rs")
        {
            found.push(entry.path());
        }
    }
}

#[test]
fn unsafe_code_is_counted_and_each_block_says_why_it_is_sound() {
    let counted: BTreeSet<String> = UNSAFE_BLOCKS.iter().map(|(package, _)| (*package).to_owned()).collect();
    assert_eq!(counted, packages().into_iter().collect(), "every package is counted");
    for (package, expected) in UNSAFE_BLOCKS {
        let mut files = Vec::new();
        rust_files(&root().join(package).join("src"), &mut files);
        let mut count = 0;
        for file in files {
            let text = fs::read_to_string(&file).expect("text");
            let lines: Vec<&str> = text.lines().collect();
            for (at, line) in lines.iter().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                let blocks = code.matches("unsafe {").count();
                count += blocks;
                let reasoned = lines[at.saturating_sub(6)..=at].iter().any(|line| line.contains("SAFETY"));
                assert!(blocks == 0 || reasoned, "{}:{}: no SAFETY line", file.display(), at + 1);
            }
        }
        assert_eq!(count, expected, "unsafe blocks in {package}");
    }
}

#[test]
fn what_ships_has_a_licence_that_others_may_link() {
    let deny = read("deny.toml");
    for word in ["[licenses]", "[bans]", "[sources]", "unknown-registry = \"deny\"", "unknown-git = \"deny\""]
    {
        assert!(deny.contains(word), "{word} is not in deny.toml");
    }
    // Without cargo-deny at hand, what can be seen: every package comes from crates.io, with its checksum.
    let lock = read("Cargo.lock");
    let foreign: Vec<&str> = lock
        .lines()
        .filter(|line| {
            line.starts_with("source = ")
                && !line.contains("registry+https://github.com/rust-lang/crates.io-index")
        })
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    assert_eq!(lock.matches("\nsource = ").count(), lock.matches("\nchecksum = ").count());
    let features = read("core/src/lib.rs");
    assert!(features.contains("#![forbid(unsafe_code)]"));
}

#[test]
fn the_pages_on_security_are_equal_in_shape_and_name_tests_that_are_there() {
    let shape = |page: &str| {
        let text = read(page);
        let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        (count("## "), count("| "), count("- "))
    };
    for page in ["SECURITY", "fuzz/README"] {
        assert_eq!(shape(&format!("{page}.md")), shape(&format!("{page}.zh-CN.md")), "{page}");
    }
    for page in ["SECURITY.md", "SECURITY.zh-CN.md"] {
        let text = read(page);
        let named =
            text.split('`').skip(1).step_by(2).filter(|word| word.ends_with(".rs") && !word.contains('*'));
        for path in named {
            assert!(root().join(path).is_file(), "{page} names {path}");
        }
    }
}
