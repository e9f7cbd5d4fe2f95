#!/bin/sh
# Builds the optimised libredpack.so and libredpack.a; arguments go to cargo (such as --no-default-features).
#
# Not by `cargo build`: the package is also a Rust library for its tests' sake, and cargo leaves link-time optimisation
# out where a package is one. That is a quarter of the library's size and two thirds of the archive's.
set -eu
cd "$(dirname "$0")/../.."
exec "${CARGO:-cargo}" rustc --release --locked --package redpack-ffi --lib --crate-type cdylib,staticlib "$@"
