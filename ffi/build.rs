//! Gives the shared library the name that programs are linked against: cargo sets none.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libredpack.so.0");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
