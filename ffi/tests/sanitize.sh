#!/bin/sh
# AddressSanitizer in the library too, not only in the C programs: a build of its own, with nightly Rust.
set -eu
cd "$(dirname "$0")/../.."

target=x86_64-unknown-linux-gnu
if [ "$(uname -sm)" != "Linux x86_64" ] || ! cargo +nightly --version >/dev/null 2>&1; then
    echo "not run: this needs nightly Rust on Linux x86_64 (rustup toolchain install nightly)" >&2
    exit 0
fi
.ci/setup tests

# gcc links the sanitizer's runtime into each program; the library finds it there.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/sanitize"
cargo build --release --locked --package redpack-cli
RUSTFLAGS=-Zsanitizer=address cargo +nightly build --locked --package redpack-ffi --lib --target "$target"

built=$CARGO_TARGET_DIR/$target/debug
work=$(mktemp -d)
sandbox=
trap 'if [ -n "$sandbox" ]; then kill "$sandbox" 2>/dev/null || :; fi; rm -rf "$work"' EXIT
ln -s "$(cd "$built" && pwd)/libredpack_ffi.so" "$work/libredpack.so.0"

"$CARGO_TARGET_DIR/release/redpack" sandbox --listen 127.0.0.1:0 --dir "$work/try" --json > "$work/sandbox.json" &
sandbox=$!
for _ in $(seq 100); do
    [ -s "$work/sandbox.json" ] && break
    sleep 0.1
done
REDPACK_BASE_URL=$(sed -n 's/^{"base_url":"\([^"]*\)".*/\1/p' "$work/sandbox.json")
export REDPACK_BASE_URL REDPACK_CA_FILE="$work/try/ca.pem" REDPACK_MCH_ID=1900000109
export REDPACK_APPID=wx8888888888888888 REDPACK_API_KEY=sandbox0key0sandbox0key0sandbox0
export REDPACK_CERT="$work/try/apiclient_cert.pem" REDPACK_KEY="$work/try/apiclient_key.pem"
export REDPACK_P12="$work/try/apiclient_cert.p12" RUST_BACKTRACE=0 LD_LIBRARY_PATH="$work"

run() { # NAME COMPILER FLAGS... SOURCES...
    name=$1
    shift
    "$@" -g -fsanitize=address -pthread -Iinclude -o "$work/$name" -L"$built" -lredpack_ffi
    REDPACK_JOURNAL=sqlite:$work/$name.db "$work/$name" > "$work/$name.out" || {
        cat "$work/$name.out"
        echo "$name: failed" >&2
        exit 1
    }
    echo "$name: clean"
}
c="gcc -std=c99 -D_POSIX_C_SOURCE=200809L"
# shellcheck disable=SC2086
run conventions $c ffi/tests/c/conventions.c
# shellcheck disable=SC2086
run walkthrough $c ffi/examples/walkthrough.c
# shellcheck disable=SC2086
run fork $c ffi/tests/c/fork.c
# shellcheck disable=SC2086
run threads $c ffi/tests/c/threads.c
run wrapper g++ -std=c++17 ffi/tests/cpp/wrapper.cpp ffi/tests/cpp/other.cpp
