//! The committed headers are what cbindgen makes of the source, and every item of them is documented.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use cbindgen::{Builder, Config};

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn config() -> Config {
    Config::from_file(here().join("cbindgen.toml")).expect("cbindgen.toml")
}

fn generate(config: Config) -> String {
    let bindings = Builder::new().with_crate(here()).with_config(config).generate().expect("bindings");
    let mut text = Vec::new();
    bindings.write(&mut text);
    String::from_utf8(text).expect("UTF-8")
}

/// The version macros come from the one version of the workspace.
fn versions() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "/* The version of this header; redpack_version() tells the library's. */\n#define REDPACK_VERSION \"{version}\"\n"
    );
    for (part, value) in ["MAJOR", "MINOR", "PATCH"].iter().zip(version.split('.')) {
        text.push_str(&format!("#define REDPACK_VERSION_{part} {value}\n"));
    }
    text
}

fn c_header() -> String {
    let mut config = config();
    config.header =
        Some(fs::read_to_string(here().join("conventions.h")).expect("text").trim_end().to_owned());
    config.after_includes = Some(format!("\n{}", versions().trim_end()));
    generate(config)
}

/// PHP's FFI reads declarations only: no directives but its own two, no constants, no comments.
fn php_header() -> String {
    let mut config = config();
    config.header = Some("#define FFI_SCOPE \"REDPACK\"\n#define FFI_LIB \"libredpack.so.0\"".into());
    config.include_guard = None;
    config.autogen_warning = None;
    config.cpp_compat = false;
    config.sys_includes.clear();
    config.documentation = false;
    config.export.exclude = generate(config.clone())
        .lines()
        .filter_map(|line| line.strip_prefix("#define REDPACK_"))
        .filter_map(|rest| rest.split(' ').next())
        .map(|name| format!("REDPACK_{name}"))
        .collect();
    generate(config)
}

fn compare(path: PathBuf, fresh: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, fresh).expect("written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "{} is stale: BLESS=1 cargo test -p redpack-ffi --test header",
        path.display()
    );
}

#[test]
fn the_headers_are_fresh() {
    compare(here().join("../include/redpack.h"), &c_header());
    compare(here().join("../bindings/php/src/Native/redpack.h"), &php_header());
}

/// The exported functions, by the header's own words.
fn functions(header: &str) -> Vec<String> {
    let code: String =
        header.lines().filter(|line| !line.starts_with([' ', '/', '#'])).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("redpack_") {
        let name: String =
            code[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let line = code[..at].rsplit('\n').next().unwrap_or_default();
        if code[at + name.len()..].starts_with('(') && !line.contains('(') && !line.starts_with("typedef") {
            found.push(name);
        }
    }
    found
}

#[test]
fn the_list_of_symbols_is_the_header_s() {
    let mut names = functions(&c_header());
    names.sort();
    assert!(names.len() > 150, "{} functions found", names.len());
    compare(here().join("abi/symbols.txt"), &(names.join("\n") + "\n"));
}

#[test]
fn every_item_is_documented_in_sentences() {
    let header = c_header();
    let lines: Vec<&str> = header.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let starts_item = (line.starts_with("typedef")
            || line.starts_with("#define REDPACK_")
            || (line.contains("redpack_") && line.contains('(')))
            && !line.starts_with([' ', '/', '*'])
            && !line.contains("REDPACK_VERSION")
            && !line.starts_with("#define REDPACK_H");
        let constant = line.starts_with("  REDPACK_");
        if starts_item || constant {
            let before = lines[index - 1].trim();
            assert!(before.ends_with("*/"), "undocumented: {line}");
        }
    }
    for heading in ["# Safety", "# Errors", "[`"] {
        assert!(!header.contains(heading), "{heading} leaks into the header");
    }
}
