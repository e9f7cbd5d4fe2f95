//! Builds and runs a C program against the shared library that cargo built.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// This crate's folder.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the headers are.
pub fn include() -> PathBuf {
    folder().join("../include")
}

/// A folder of its own for each program, with the library under the name that programs are linked against.
fn place(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).expect("a folder");
    let deps = std::env::current_exe().expect("this program").parent().expect("its folder").to_owned();
    symlink(deps.join("libredpack_ffi.so"), place.join("libredpack.so.0")).expect("a link");
    symlink("libredpack.so.0", place.join("libredpack.so")).expect("a link");
    place
}

/// Compiles the source, as strict C11.
pub fn build(name: &str, source: &str, flags: &[&str]) -> PathBuf {
    let place = place(name);
    let file = place.join("main.c");
    fs::write(&file, source).expect("written");
    let output = Command::new("cc")
        .args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-D_GNU_SOURCE"])
        .args(flags)
        .arg("-I")
        .arg(include())
        .arg(&file)
        .arg("-o")
        .arg(place.join("main"))
        .arg("-L")
        .arg(&place)
        .args(["-lredpack", "-pthread"])
        .output()
        .expect("cc (Debian: apt-get install gcc libc6-dev)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    place.join("main")
}

/// Runs it, in its own folder; it must succeed and say nothing on stderr.
pub fn run(program: &Path) -> String {
    let place = program.parent().expect("a folder");
    let output = Command::new(program)
        .current_dir(place)
        .env("LD_LIBRARY_PATH", place)
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("run");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}: {stdout}{stderr}", output.status);
    assert_eq!(stderr, "", "{stdout}");
    stdout.into_owned()
}
