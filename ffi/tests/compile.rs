//! The headers alone compile, without a warning, in every language that they are for, and twice.
#![cfg(unix)]
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use support::{WARNINGS, Workshop, include, succeeds, tool};

/// The strictest that gcc has to say beside `WARNINGS` about a header.
const MORE: [&str; 4] = ["-Wshadow", "-Wconversion", "-Wundef", "-Wold-style-cast"];

fn compiles(compiler: &str, standard: &str, flags: &[&str], source: &str) {
    let shop = Workshop::new();
    let cpp = compiler == "g++";
    let file = shop.path(if cpp { "source.cpp" } else { "source.c" });
    std::fs::write(&file, source).expect("a file");
    let mut command = tool(compiler, compiler);
    command.arg(standard).args(WARNINGS).args(&MORE[..if cpp { 4 } else { 3 }]).args(flags);
    succeeds(command.arg("-I").arg(include()).arg("-c").arg(&file).arg("-o").arg(shop.path("object.o")));
}

#[test]
fn the_c_header_is_c_and_cpp_of_every_age() {
    let source = "#include <redpack.h>\n#include <redpack.h>\nint used(void);\n\
                  int used(void) { return redpack_abi_version() == REDPACK_ABI_VERSION; }\n";
    for standard in ["-std=c99", "-std=c11", "-std=c17", "-std=c2x"] {
        compiles("gcc", standard, &["-Wstrict-prototypes"], source);
    }
    for standard in ["-std=c++11", "-std=c++17", "-std=c++20"] {
        compiles("g++", standard, &[], source);
    }
}

#[test]
fn the_cpp_header_needs_neither_exceptions_nor_rtti() {
    let source = "#include <redpack.hpp>\n#include <redpack.hpp>\n\
                  bool used(); bool used() { return redpack::version().empty(); }\n";
    for standard in ["-std=c++17", "-std=c++20"] {
        compiles("g++", standard, &[], source);
        compiles("g++", standard, &["-fno-exceptions", "-fno-rtti"], source);
    }
}

#[test]
fn a_result_that_is_ignored_is_a_warning() {
    let source = "#include <redpack.hpp>\nvoid f(const redpack::Client &c); \
                  void f(const redpack::Client &c) { c.close(\"x\"); }\n";
    let shop = Workshop::new();
    let file = shop.path("source.cpp");
    std::fs::write(&file, source).expect("a file");
    let mut command = tool("g++", "g++");
    let run = support::run(command.args(["-std=c++17", "-fsyntax-only", "-I"]).arg(include()).arg(&file));
    assert!(run.stderr.contains("nodiscard"), "{}", run.stderr);
}
