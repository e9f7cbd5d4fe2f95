#!/bin/sh
# The walk-through in C, built and run at a sandbox of its own, on this machine only.
#
#   REDPACK_LIBRARY, REDPACK_BIN   the built library and command, if you have them: nothing is built then
set -eu
cd "$(dirname "$0")/.."
export RUST_BACKTRACE=0

target=${CARGO_TARGET_DIR:-target}/debug
if [ -z "${REDPACK_LIBRARY:-}" ] || [ -z "${REDPACK_BIN:-}" ]; then
    cargo build --quiet --locked --package redpack-ffi --package redpack-cli
    REDPACK_LIBRARY=${REDPACK_LIBRARY:-$target/libredpack_ffi.so}
    REDPACK_BIN=${REDPACK_BIN:-$target/redpack}
fi
export REDPACK_BIN

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Under the names that it is installed with.
ln -s "$(cd "$(dirname "$REDPACK_LIBRARY")" && pwd)/$(basename "$REDPACK_LIBRARY")" "$work/libredpack.so.0"
ln -s libredpack.so.0 "$work/libredpack.so"
"${CC:-cc}" -std=c99 -D_POSIX_C_SOURCE=200809L -Iinclude ffi/examples/walkthrough.c -o "$work/walkthrough" \
    -L"$work" -lredpack -Wl,-rpath,"$work"
.ci/with-sandbox "$work/walkthrough"
